// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adapter interruptions: which VM may be interrupted, what an interruption
 * contains, and that interrupted code does not notice.
 *
 * timeout: 120
 * qemu: -smp 2 -plugin $AP,card=5:CEX8A,domain=4+0x47,interrupts=on
 */
#include "apqn.h"
#include "storm.h"
#include "type50.h"

#define FIRST		AP_APQN(5, 4)
#define SECOND		AP_APQN(5, 0x47)
#define ENABLE(isc)	(BIT(16) | (isc))
#define DISABLE		0
#define BEFORE		3	/* interruption subclass ahead of ... */
#define BEHIND		6	/* ... this one */
#define SUBCLASS(isc)	(1ull << (31 - (isc)))
#define BEYOND_STORAGE	(1ull << 40)
#define ADAPTER		0x80000000u
#define SUBCLASS_OF(word)	((word) >> 27 & 7)

#define PSW_IO		(1ull << 57)
#define PSW_64BIT	0x180000000ull

#ifndef ENOUGH
#define DEPTH		8	/* requests that the two queues are kept busy with */
#define ENOUGH		200	/* interruptions in the storm, of each condition code */
#endif
#define STORM_US	40000000

/*
 * What the handler has seen. @of_cc counts interruptions of code in storm.h, by
 * its condition code.
 */
static struct {
	unsigned int count;
	unsigned int unindicated;
	unsigned int subclass[8];
	unsigned int of_cc[4];
	uint32_t word;
	uint64_t psw;
} seen;

static unsigned int sent, received, wrong;
static bool in_storm;
static uint8_t indicator;
static uint8_t stacks[2][8192] __attribute__((aligned(16)));
static uint8_t room[2][4096];

static void add(unsigned int *to, unsigned int number)
{
	__atomic_add_fetch(to, number, __ATOMIC_SEQ_CST);
}

static unsigned int number_in(const unsigned int *from)
{
	return __atomic_load_n(from, __ATOMIC_SEQ_CST);
}

static unsigned int this_cpu(void)
{
	uint16_t address;

	asm volatile("stap %0" : "=Q"(address));
	return address;
}

static bool send(uint16_t apqn)
{
	uint8_t number = sent % 200 + 1;
	struct me1 me = me1(number, 1, 0);
	struct cpu cpu = nqap(BIT(33) | apqn, number, &me, sizeof(me));

	if (rc_of(&cpu) != AP_RC_NORMAL)
		return false;
	add(&sent, 1);
	return true;
}

static bool receive(uint16_t apqn)
{
	uint8_t *area = room[this_cpu()];
	struct cpu cpu = dqap(BIT(32) | apqn, area, sizeof(room[0]));

	if (rc_of(&cpu) != AP_RC_NORMAL)
		return false;
	if (!is_reply80((void *)area, psmid_of(&cpu)))
		add(&wrong, 1);
	add(&received, 1);
	return true;
}

static void receive_all(uint16_t apqn)
{
	while (receive(apqn))
		;
}

void interrupted(void);
void on_interruption(void)
{
	uint64_t address = LC(uint64_t, LC_IO_OLD_PSW + 8);

	seen.word = LC(uint32_t, LC_IO_CODE + 8);
	seen.psw = LC(uint64_t, LC_IO_OLD_PSW);
	add(&seen.count, 1);
	add(&seen.subclass[SUBCLASS_OF(seen.word)], 1);
	if (address >= (uintptr_t)storm_begin && address < (uintptr_t)storm_end)
		add(&seen.of_cc[LC(uint64_t, LC_IO_OLD_PSW) >> PSW_CC_SHIFT & 3], 1);
	if (!__atomic_exchange_n(&indicator, 0, __ATOMIC_SEQ_CST))
		add(&seen.unindicated, 1);
	if (!in_storm)
		return;
	receive_all(FIRST);
	receive_all(SECOND);
}

asm("	.text\n"
    "	.globl	interrupted\n"
    "interrupted:\n"
    "	stmg	%r0,%r15," STORM_ADDRESS(LC_INTERRUPTED_GR) "\n"
    "	lg	%r15," STORM_ADDRESS(LC_INTERRUPTION_STACK) "\n"
    "	brasl	%r14,on_interruption\n"
    "	lmg	%r0,%r15," STORM_ADDRESS(LC_INTERRUPTED_GR) "\n"
    "	lpswe	" STORM_ADDRESS(LC_IO_OLD_PSW) "\n");

static void prepare_cpu(void)
{
	LC(uint64_t, LC_IO_NEW_PSW) = PSW_64BIT;
	LC(uint64_t, LC_IO_NEW_PSW + 8) = (uintptr_t)interrupted;
	LC(uint64_t, LC_INTERRUPTION_STACK) = (uintptr_t)(stacks[this_cpu()] + sizeof(stacks[0]) - 160);
	storm_fill();
}

/*
 * Set the subclasses that may interrupt this CPU, and whether it may be
 * interrupted at all.
 */
static void allow(uint64_t subclasses)
{
	asm volatile("lctlg 6,6,%0" : : "Q"(subclasses) : "memory");
}

static void open_cpu(void)
{
	uint8_t old;

	asm volatile("stosm %0,2" : "=Q"(old) : : "memory");
}

static void close_cpu(void)
{
	uint8_t old;

	asm volatile("stnsm %0,0xfd" : "=Q"(old) : : "memory");
}

static void forget(void)
{
	memset(&seen, 0, sizeof(seen));
	indicator = 0;
}

/*
 * Enable interruptions until there are @wanted of them in total, or the time is
 * over.
 */
static void stay_open(unsigned int wanted, uint64_t time)
{
	uint64_t deadline = microseconds() + time;

	open_cpu();
	while (number_in(&seen.count) < wanted && microseconds() < deadline)
		;
	close_cpu();
}

static unsigned int aqic(uint16_t apqn, uint64_t control)
{
	struct cpu cpu = pqap(AQIC | apqn, control, (uintptr_t)&indicator);

	return rc_of(&cpu);
}

static void reset(uint16_t apqn)
{
	pqap(RAPQ | apqn, 0, 0);
	await_queue(apqn);
}

static void facility(void)
{
	chapter("STFLE");
	ok(has_interruptions(), "shows facility 65");
}

static bool is_on(uint16_t apqn)
{
	struct cpu cpu = pqap(TAPQ | apqn, 0, 0);

	return status_of(&cpu) & AP_STATUS_IRQ_ENABLED;
}

static void operands(void)
{
	struct cpu cpu;

	chapter("AQIC");
	for (unsigned int bit = 41; bit <= 47; bit++) {
		cpu = pqap(AQIC | BIT(bit) | FIRST, DISABLE, 0);
		same("reserved bit of GR0", CHECK_SPECIFICATION, cpu.check);
	}
	cpu = pqap(AQIC | FIRST, DISABLE, 0);
	answered("disable what is disabled", AP_RC_OTHERWISE_CHANGED, &cpu);
	cpu = pqap(AQIC | FIRST, ENABLE(BEHIND), 0);
	answered("indicator at address 0", AP_RC_INVALID_ADDRESS, &cpu);
	cpu = pqap(AQIC | FIRST, ENABLE(BEHIND), BEYOND_STORAGE);
	answered("indicator beyond storage", AP_RC_INVALID_ADDRESS, &cpu);
	cpu = pqap(AQIC | FIRST, ENABLE(BEHIND), (uintptr_t)&indicator);
	answered("enable", AP_RC_NORMAL, &cpu);
	ok(is_on(FIRST), "TAPQ shows it");
	cpu = pqap(AQIC | FIRST, ENABLE(BEHIND), (uintptr_t)&indicator);
	answered("enable what is enabled", AP_RC_OTHERWISE_CHANGED, &cpu);
	cpu = pqap(AQIC | FIRST, DISABLE, 0);
	answered("disable", AP_RC_NORMAL, &cpu);
	ok(!is_on(FIRST), "TAPQ shows it, too");
	all_answered(AP_APQN(9, 9), AP_RC_Q_NOT_AVAIL);
}

static void resets(void)
{
	chapter("reset switches interruptions off");
	for (unsigned int function = 1; function <= 2; function++) {
		same("on", AP_RC_NORMAL, aqic(FIRST, ENABLE(BEHIND)));
		ok(is_on(FIRST), "TAPQ shows it");
		pqap(FUNCTION(function) | FIRST, 0, 0);
		await_queue(FIRST);
		ok(!is_on(FIRST), "off");
	}
}

static void one_interruption(void)
{
	struct cpu cpu;

	chapter("a reply");
	same("interruptions are switched on", AP_RC_NORMAL, aqic(FIRST, ENABLE(BEHIND)));
	cpu = pqap(TAPQ | FIRST, 0, 0);
	ok(status_of(&cpu) & AP_STATUS_IRQ_ENABLED, "TAPQ shows it");
	allow(SUBCLASS(BEHIND));
	ok(send(FIRST) && await_reply(FIRST), "is there");
	same("a CPU that is closed for I/O is not interrupted", 0, seen.count);
	allow(SUBCLASS(BEFORE));
	stay_open(1, 50000);
	same("nor one that is closed for the subclass", 0, seen.count);
	allow(SUBCLASS(BEHIND));
	stay_open(1, PATIENCE_US);
	same("the next one is, once", 1, seen.count);
	same("the indicator was set", 0, seen.unindicated);
	same("an adapter's, of this subclass", ADAPTER | BEHIND << 27, seen.word);
	same("old PSW is open for I/O, enabled for 64 bits", PSW_IO | PSW_64BIT,
	     seen.psw & ~(3ull << PSW_CC_SHIFT));
	ok(receive(FIRST), "can be received");
	stay_open(2, 50000);
	same("nothing more comes", 1, seen.count);
}

static void subclasses(void)
{
	chapter("two subclasses");
	forget();
	same("switched on for the other queue", AP_RC_NORMAL, aqic(SECOND, ENABLE(BEFORE)));
	ok(send(FIRST) && await_reply(FIRST) && send(SECOND) && await_reply(SECOND),
	   "both have replies");
	allow(SUBCLASS(BEFORE) | SUBCLASS(BEHIND));
	stay_open(2, PATIENCE_US);
	same("two interruptions", 2, seen.count);
	same("one of the first", 1, seen.subclass[BEFORE]);
	same("the other one comes behind", BEHIND, SUBCLASS_OF(seen.word));
	ok(receive(FIRST) && receive(SECOND), "both can be received");
}

/* TPI; the condition code. */
static unsigned int tpi(uint64_t *operand)
{
	unsigned int cc;

	asm volatile("tpi 0(%1)\n\tipm %0\n\tsrl %0,28"
		     : "=d"(cc) : "a"(operand) : "cc", "memory");
	return cc;
}

static void test_pending(void)
{
	uint64_t code = ~0ull;

	chapter("TPI");
	forget();
	allow(SUBCLASS(BEHIND));
	same("nothing is pending", 0, tpi(&code));
	ok(send(FIRST) && await_reply(FIRST), "a reply is there");
	allow(SUBCLASS(BEFORE));
	same("not of this subclass", 0, tpi(&code));
	same("the operand has not changed", ~0ull, code);
	allow(SUBCLASS(BEHIND));
	same("an interruption is pending", 1, tpi(&code));
	same("the operand has its code", 0, code);
	same("the indicator is set", 1, indicator);
	same("only once", 0, tpi(&code));
	stay_open(1, 50000);
	same("it does not interrupt any more", 0, seen.count);
	ok(receive(FIRST) && send(FIRST) && await_reply(FIRST), "there is another reply");
	LC(uint32_t, LC_IO_CODE + 8) = 0;
	same("without an operand, too", 1, tpi(NULL));
	same("the code is assigned", ADAPTER | BEHIND << 27, LC(uint32_t, LC_IO_CODE + 8));
	ok(receive(FIRST), "can be received");
	allow(SUBCLASS(BEFORE) | SUBCLASS(BEHIND));
	forget();
}

/* State that a queue stops interrupting. */
static void silence(const char *how, bool by_reset)
{
	chapter(how);
	forget();
	if (by_reset)
		reset(FIRST);
	else
		aqic(FIRST, DISABLE);
	ok(send(FIRST) && await_reply(FIRST), "there is a reply");
	stay_open(1, 50000);
	same("no interruption", 0, seen.count);
	ok(receive(FIRST), "it can be received");
	same("switched on again", AP_RC_NORMAL, aqic(FIRST, ENABLE(BEHIND)));
	ok(send(FIRST) && await_reply(FIRST), "there is another reply");
	stay_open(1, PATIENCE_US);
	same("which interrupts", 1, seen.count);
	ok(receive(FIRST), "it can be received, too");
}

/*
 * What each piece ends with when there is no interruption; every CPU compares
 * with that.
 */
#define PIECES	(sizeof(storm_setters) / sizeof(storm_setters[0]))
static uint64_t expected[PIECES][16];
static unsigned int wrong_codes, wrong_registers;

static void learn(void)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		if (storm_setters[i].run() != storm_setters[i].cc)
			add(&wrong_codes, 1);
		memcpy(expected[i], (const void *)LC_STORM_OUT, sizeof(expected[i]));
	}
}

static void run_pieces(void)
{
	for (unsigned int i = 0; i < PIECES; i++) {
		if (storm_setters[i].run() != storm_setters[i].cc)
			add(&wrong_codes, 1);
		if (memcmp(expected[i], (const void *)LC_STORM_OUT, sizeof(expected[i])))
			add(&wrong_registers, 1);
	}
}

static bool is_enough(unsigned int number)
{
	for (unsigned int cc = 0; cc < 4; cc++)
		if (number_in(&seen.of_cc[cc]) < number)
			return false;
	return true;
}

static uint64_t storm_deadline;

/*
 * The code that is interrupted sends requests, not the handler. On a busy
 * machine, the reply to a request of the handler would be ready before the
 * handler returns, and all interruptions would hit one instruction.
 */
static void keep_busy(void)
{
	while (number_in(&sent) < number_in(&received) + DEPTH)
		if (!send(number_in(&sent) % 2 ? FIRST : SECOND))
			break;
}

static void await_interruption(void)
{
	unsigned int before = number_in(&seen.count);

	open_cpu();
	while (number_in(&seen.count) == before && microseconds() < storm_deadline)
		run_pieces();
	close_cpu();
}

static void be_interrupted(void)
{
	while (!is_enough(ENOUGH) && microseconds() < storm_deadline) {
		keep_busy();
		await_interruption();
	}
}

/* After a storm, receive the remaining replies without interruptions. */
static void collect(void)
{
	uint64_t deadline = microseconds() + PATIENCE_US;

	in_storm = false;
	while (received < sent && microseconds() < deadline) {
		receive(FIRST);
		receive(SECOND);
	}
}

static void start_storm(void)
{
	forget();
	sent = received = wrong = 0;
	in_storm = true;
	storm_deadline = microseconds() + STORM_US;
}

static void judge_storm(void)
{
	static const char *const names[] = {
		"condition code 0 was interrupted", "condition code 1 was",
		"condition code 2 was", "condition code 3 was",
	};

	for (unsigned int cc = 0; cc < 4; cc++)
		ok(seen.of_cc[cc] >= ENOUGH, names[cc]);
	same("no condition code was lost", 0, wrong_codes);
	same("no register was", 0, wrong_registers);
	same("every request was answered", sent, received);
	same("no reply is wrong", 0, wrong);
	ok(seen.count <= received, "no reply interrupted twice");
}

static void storm(void)
{
	chapter("storm");
	learn();
	same("undisturbed, the condition codes are right", 0, wrong_codes);
	start_storm();
	be_interrupted();
	collect();
	judge_storm();
#ifndef INDICATED_BEFORE
	same("the indicator was set each time", 0, seen.unindicated);
#endif
}

static unsigned int stage;

static void cpu1(void)
{
	prepare_cpu();
	allow(SUBCLASS(BEFORE) | SUBCLASS(BEHIND));
	__atomic_store_n(&stage, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != 2)
		;
	be_interrupted();
	__atomic_store_n(&stage, 3, __ATOMIC_SEQ_CST);
}

static void storm_on_two_cpus(void)
{
	chapter("storm on two CPUs");
	ok(start_cpu(1, cpu1), "CPU 1 starts");
	while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != 1)
		;
	start_storm();
	__atomic_store_n(&stage, 2, __ATOMIC_SEQ_CST);
	be_interrupted();
	while (__atomic_load_n(&stage, __ATOMIC_SEQ_CST) != 3)
		;
	collect();
	judge_storm();
}

int main(void)
{
	prepare_cpu();
	facility();
	operands();
	resets();
	one_interruption();
	subclasses();
	test_pending();
	silence("AQIC switches off", false);
	silence("a reset switches off", true);
	storm();
	storm_on_two_cpus();
	return 0;
}
