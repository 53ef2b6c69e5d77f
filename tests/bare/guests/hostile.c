// SPDX-License-Identifier: GPL-2.0-only
/*
 * A guest that does what no operating system does: for as long as it is told,
 * each of its CPUs executes random AP instructions, with random operands,
 * addresses and lengths, at random times, in all modes of the CPU, on message
 * areas that the other CPUs write at the same time. Half of the messages are
 * requests of requests.gen.S with a few bytes changed.
 *
 * It has the queues of adapters 05 to 07 and domains 0004 and 0047, and domain
 * 0006 comes and goes. Whatever it names beyond these has to be answered with
 * response code 01, and LPAR calls do not exist.
 */
#include "tests/bare/apqn.h"
#include "tests/bare/bare.h"
#include "tests/bare/machine.h"
#include "tests/bare/type50.h"
#include "tests/bare/window.h"
#include "told.h"

#define DIAG_LPAR	0x832307a9u
#define PSW_IO		0x02	/* for STOSM and STNSM */
#define PSW_64BIT	0x180000000ull
#define ALL_SUBCLASSES	0xff000000ull

#define STORAGE		(64ull << 20)
#define BEYOND		(1ull << 40)
#define AREAS		(256 * 1024)
#define REACHED		(AREAS - 64 * 1024)	/* where an operand may begin */

enum mode { REAL, VIRTUAL, MODES };

/* What a CPU executes next. @names_queue: its answer has a response code of a queue. */
struct attempt {
	uint32_t instruction;
	enum mode mode;
	bool names_queue;
	struct cpu cpu;
};

/* What a CPU has seen. */
struct seen {
	uint64_t instructions;
	uint64_t checked;	/* ended by a program check */
	uint64_t taken;		/* response code 0, of an own queue */
	uint64_t foreign;	/* an APQN beyond the APCB */
	uint64_t leaked;	/* and its response code was not 01 */
	uint64_t code;		/* the last such instruction, GR0 and GR1 */
	uint64_t gr0, gr1;
	uint64_t called;	/* LPAR calls that were executed */
};

extern const uint32_t requests[];	/* each is a length and as many bytes */
static const uint32_t *request_at[512];
static unsigned int request_count;

static uint8_t areas[AREAS] __attribute__((aligned(PAGE)));
static uint64_t low_pages[256] __attribute__((aligned(PAGE)));
static struct seen seen[CPUS];
static uint64_t state[CPUS];
static uint64_t deadline;
static unsigned int ended, others;

static unsigned int this_cpu(void)
{
	uint16_t address;

	asm volatile("stap %0" : "=Q"(address));
	return address;
}

static uint64_t any(void)
{
	return random_of(&state[this_cpu()]);
}

static uint64_t below(uint64_t limit)
{
	return any() % limit;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

static void index_requests(void)
{
	const uint32_t *at = requests;

	while (*at) {
		request_at[request_count++] = at;
		at += 1 + (*at + 3) / 4;
	}
}

/*
 * Virtual storage consists of the window, and of page 0, which has the
 * instruction and is protected. So no store can hit this program.
 */
static void seal_space(uint64_t *table)
{
	for (unsigned int i = 1; i < 64; i++)
		table[i] = SEGMENT_INVALID;
	for (unsigned int i = 0; i < 256; i++)
		low_pages[i] = i ? PAGE_INVALID : PAGE_PROTECTED;
	table[0] = (uintptr_t)low_pages;
}

static void use_spaces(void)
{
	uint64_t cr0;

	asm volatile("stctg	%%c0,%%c0,%0" : "=Q"(cr0));
	load_control(cr0 | CR0_ENHANCED_DAT, (uintptr_t)primary, (uintptr_t)secondary);
}

/* An interruption does nothing: the indicator is random, too. */
asm("	.text\n"
    "	.globl	ignore\n"
    "ignore:\n"
    "	lpswe	0x170\n");
void ignore(void);

static void accept_interruptions(void)
{
	uint64_t subclasses = ALL_SUBCLASSES;

	LC(uint64_t, LC_IO_NEW_PSW) = PSW_64BIT;
	LC(uint64_t, LC_IO_NEW_PSW + 8) = (uintptr_t)ignore;
	asm volatile("lctlg 6,6,%0" : : "Q"(subclasses) : "memory");
}

static void be_interrupted(void)
{
	uint8_t old;

	asm volatile("stosm %0,2" : "=Q"(old) : : "memory");
	for (uint64_t turns = below(2000); turns; turns--)
		asm volatile("");
	asm volatile("stnsm %0,0xfd" : "=Q"(old) : : "memory");
}

/*
 * In real mode, a store goes where the address says, so the address has to be
 * one that can be hit: in the areas, also after its left bits were cut off, at
 * the end of storage, or beyond it.
 */
static uint64_t any_real_address(uint64_t mode_bits)
{
	uint64_t place = (uintptr_t)areas + below(REACHED);

	if (one_in(16))
		return place | any() << 40;
	if (one_in(16) && !(mode_bits & PSW_24BIT))
		return STORAGE - below(256);
	return one_in(2) ? place : place & ~7ull;
}

static uint64_t any_virtual_address(void)
{
	switch (below(8)) {
	case 0:
		return any();
	case 1:
		return any() & 0x7fffffff;
	case 2:
		return below(2 * PAGE);
	default:
		return WINDOW + below(5 * PAGE);
	}
}

static uint64_t any_length(void)
{
	static const uint64_t borders[] = { 0, 1, 8, 16, 128, 4096, 12288, 12289, 61440, 61441 };

	switch (below(4)) {
	case 0:
		return borders[below(sizeof(borders) / sizeof(borders[0]))];
	case 1:
		return any();
	default:
		return below(3000);
	}
}

static bool is_own(uint16_t apqn)
{
	uint8_t adapter = AP_ADAPTER(apqn), domain = AP_DOMAIN(apqn);

	return adapter >= 5 && adapter <= 7 && (domain == 4 || domain == 6 || domain == 0x47);
}

static uint16_t any_apqn(void)
{
	static const uint8_t domains[] = { 4, 4, 0x47, 6, 0xab };

	if (one_in(4))
		return any();
	return AP_APQN(5 + below(3), domains[below(5)]);
}

/* Which instruction, and the left part of GR0. */
static uint64_t choose_pqap(struct attempt *a)
{
	uint64_t function = one_in(20) ? below(256) : below(7);

	a->instruction = PQAP | (one_in(8) ? any() & 0xffff : 0);
	a->names_queue = function <= 5 && function != 4;
	return FUNCTION(function);
}

static uint64_t choose_message(struct attempt *a)
{
	unsigned int r1 = 2 * (1 + below(7)), r2 = 2 * (1 + below(7));
	bool send = one_in(2);

	r1 += one_in(32);
	r2 += one_in(32);
	a->instruction = send ? NQAP(r1, r2) : DQAP(r1, r2);
	a->names_queue = true;
	return send ? BIT(33) | (one_in(8) ? BIT(41) : 0) : BIT(32);
}

static uint64_t choose(struct attempt *a)
{
	if (!one_in(64))
		return one_in(3) ? choose_pqap(a) : choose_message(a);
	a->instruction = DIAG_LPAR;
	return 0;
}

static uint64_t any_psw(enum mode mode)
{
	uint64_t mask = below(4) << PSW_CC_SHIFT;

	if (one_in(32))
		mask |= PSW_PROBLEM;
	if (one_in(16))
		mask |= one_in(2) ? PSW_31BIT : PSW_24BIT;
	if (mode == VIRTUAL)
		mask |= PSW_DAT | (one_in(2) ? PSW_SECONDARY : 0);
	return mask;
}

static void compose(struct attempt *a)
{
	uint64_t gr0;

	a->mode = below(MODES);
	a->cpu.psw.mask = any_psw(a->mode);
	for (unsigned int i = 0; i < 16; i += 2) {
		a->cpu.gr[i] = a->mode == REAL ? any_real_address(a->cpu.psw.mask) :
						 any_virtual_address();
		a->cpu.gr[i + 1] = any_length();
	}
	gr0 = choose(a) | any_apqn();
	if (one_in(16))
		gr0 |= BIT(below(48));
	if (a->instruction == DIAG_LPAR)
		a->cpu.gr[2] = below(8);
	a->cpu.gr[0] = gr0;
	a->names_queue &= (gr0 >> 24 & 0xff) <= 5 || (a->instruction >> 16) != PQAP >> 16;
}

/* Write a message where the instruction finds its operand, half of them of its length. */
static void lay_message(struct attempt *a)
{
	const uint32_t *request = request_at[below(request_count)];
	unsigned int operand = a->instruction & 14;
	uint64_t at = a->cpu.gr[operand];
	uint8_t *to = (uint8_t *)areas + below(REACHED);

	if (at >= (uintptr_t)areas && at < (uintptr_t)areas + REACHED)
		to = (uint8_t *)at;
	memcpy(to, request + 1, *request);
	for (uint64_t changes = below(4); changes; changes--)
		to[below(*request)] = any();
	if (one_in(2))
		a->cpu.gr[operand + 1] = *request;
}

static void judge(const struct attempt *before, const struct cpu *cpu, struct seen *s)
{
	uint16_t apqn = before->cpu.gr[0];

	s->instructions++;
	if (cpu->check) {
		s->checked++;
		return;
	}
	if (before->instruction == DIAG_LPAR)
		s->called++;
	if (!before->names_queue)
		return;
	s->taken += is_own(apqn) && !rc_of(cpu);
	if (is_own(apqn))
		return;
	s->foreign++;
	if (rc_of(cpu) == AP_RC_Q_NOT_AVAIL)
		return;
	s->leaked++;
	s->code = before->instruction;
	s->gr0 = before->cpu.gr[0];
	s->gr1 = cpu->gr[1];
}

static void attempt_one(struct seen *s)
{
	struct attempt attempt = { 0 };
	struct cpu cpu;

	compose(&attempt);
	if (attempt.names_queue && one_in(2))
		lay_message(&attempt);
	cpu = attempt.cpu;
	if (one_in(64))
		run_executed(&cpu, attempt.instruction);
	else
		run(&cpu, attempt.instruction);
	judge(&attempt, &cpu, s);
}

static void be_hostile(void)
{
	struct seen *s = &seen[this_cpu()];

	use_spaces();
	accept_interruptions();
	while (microseconds() < deadline) {
		attempt_one(s);
		if (one_in(16))
			be_interrupted();
	}
	__atomic_add_fetch(&ended, 1, __ATOMIC_SEQ_CST);
}

static void add_up(struct seen *sum)
{
	for (unsigned int i = 0; i <= others; i++) {
		sum->instructions += seen[i].instructions;
		sum->checked += seen[i].checked;
		sum->taken += seen[i].taken;
		sum->foreign += seen[i].foreign;
		sum->leaked += seen[i].leaked;
		sum->called += seen[i].called;
	}
}

static void tell_leak(const struct seen *s)
{
	if (!s->leaked)
		return;
	say("# instruction ");
	say_number(s->code, 16, 8);
	say(", GR0 ");
	say_number(s->gr0, 16, 16);
	say(": GR1 ");
	say_number(s->gr1, 16, 16);
	say("\n");
}

static void report(void)
{
	struct seen sum = { 0 };

	add_up(&sum);
	chapter("hostile guest");
	tell("instructions", sum.instructions);
	tell("program checks", sum.checked);
	tell("accepted by its own queues", sum.taken);
	tell("of APQNs beyond its APCB", sum.foreign);
	ok(sum.taken > 100 && sum.foreign > 100, "has been busy");
	same("an APQN beyond the APCB has response code 01", 0, sum.leaked);
	same("LPAR calls do not exist", 0, sum.called);
	for (unsigned int i = 0; i <= others; i++)
		tell_leak(&seen[i]);
}

int main(void)
{
	index_requests();
	make_spaces();
	seal_space(primary);
	seal_space(secondary);
	for (unsigned int i = 0; i < CPUS; i++)
		state[i] = sequence_of(i);
	deadline = microseconds() + TOLD->seconds * 1000000;
	while (others < CPUS - 1 && start_cpu(others + 1, be_hostile))
		others++;
	chapter("hostile guest");
	same("CPUs", CPUS, others + 1);
	be_hostile();
	while (__atomic_load_n(&ended, __ATOMIC_SEQ_CST) <= others)
		;
	report();
	return 0;
}
