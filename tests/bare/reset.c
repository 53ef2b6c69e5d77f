// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every kind of reset of the VM resets its queues: they are empty and do not
 * interrupt, no interruption is pending, and guests are gone.
 *
 * qemu: -smp 2 -plugin $AP,link=$RUN/swcexd.socket,interrupts=on -monitor pipe:$RUN/monitor
 * swcexd: adapter 05 CEX8A
 * swcexd: domain 0004 0047
 */
#include "abi/lpar.h"
#include "apqn.h"
#include "lowcore.h"
#include "machine.h"
#include "type50.h"

#define FIRST		AP_APQN(5, 4)
#define SECOND		AP_APQN(5, 0x47)
#define ENABLE		(BIT(16) | 3)
#define DISABLE		0
#define ALL_SUBCLASSES	0xff000000ull

#define DIAG_308	0x83010308u
#define DIAG_7A9	0x832307a9u
#define ENOENT		2

#define PSW_64BIT	0x180000000ull
#define PSW_LOAD	0x0008000080000000ull	/* short, 31 bits; with the address */

#define LC_INTERRUPTIONS	LC_STORM_IN	/* a word */
#define WHILE_US		50000

/* Storage outside of the image, which outlives a reset. It is zero at first. */
static struct kept {
	unsigned int stage;
	unsigned int points;
	uint64_t guest;
	uint8_t indicator;
	uint8_t masks[LPAR_MASKS_SIZE] __attribute__((aligned(8)));
} *const kept = (void *)0x3000000;

void loaded(void);
void interrupted(void);
asm("	.text\n"
    "	.globl	loaded, interrupted\n"
    "loaded:\n"
    "	sam64\n"
    "	larl	%r15,stack_of_loaded - 160\n"
    "	brasl	%r14,go_on\n"
    "interrupted:\n"
    "	asi	0x600,1\n"
    "	lpswe	0x170\n"
    "	.bss\n"
    "	.balign	16\n"
    "	.skip	8192\n"
    "stack_of_loaded:\n"
    "	.text\n");

_Static_assert(LC_INTERRUPTIONS == 0x600 && LC_IO_OLD_PSW == 0x170, "as the code above has it");

static void prepare(void)
{
	uint64_t subclasses = ALL_SUBCLASSES;

	LC(uint32_t, LC_INTERRUPTIONS) = 0;
	LC(uint64_t, LC_IO_NEW_PSW) = PSW_64BIT;
	LC(uint64_t, LC_IO_NEW_PSW + 8) = (uintptr_t)interrupted;
	asm volatile("lctlg 6,6,%0" : : "Q"(subclasses) : "memory");
}

/*
 * Return the number of interruptions while the CPU was enabled for them, which
 * is until the time is over or there was one.
 */
static unsigned int interruptions_within(uint64_t time)
{
	uint64_t deadline = microseconds() + time;
	uint8_t old;

	asm volatile("stosm %0,2" : "=Q"(old) : : "memory");
	while (!LC(uint32_t, LC_INTERRUPTIONS) && microseconds() < deadline)
		;
	asm volatile("stnsm %0,0xfd" : "=Q"(old) : : "memory");
	return LC(uint32_t, LC_INTERRUPTIONS);
}

static unsigned int aqic(uint16_t apqn, uint64_t control)
{
	struct cpu cpu = pqap(AQIC | apqn, control, (uintptr_t)&kept->indicator);

	return rc_of(&cpu);
}

static unsigned int send(uint16_t apqn)
{
	struct me1 me = me1(2, 3, 0);
	struct cpu cpu = nqap(BIT(33) | apqn, 1, &me, sizeof(me));

	return rc_of(&cpu);
}

static unsigned int receive(uint16_t apqn)
{
	static uint8_t area[4096];
	struct cpu cpu = dqap(BIT(32) | apqn, area, sizeof(area));

	return rc_of(&cpu);
}

static uint32_t flags_of(uint16_t apqn)
{
	struct cpu cpu = pqap(TAPQ | apqn, 0, 0);

	return status_of(&cpu) & (AP_STATUS_QUEUE_EMPTY | AP_STATUS_REPLIES_WAITING | AP_STATUS_IRQ_ENABLED);
}

/* Make an LPAR call, and return its error. */
static uint64_t lpar_call(struct cpu *cpu, unsigned int function)
{
	cpu->gr[2] = function;
	run(cpu, DIAG_7A9);
	return cpu->gr[2];
}

static bool has_guests(void)
{
	struct cpu cpu = { 0 };

	return !lpar_call(&cpu, LPAR_QUERY) && !cpu.check;
}

static uint64_t set_masks(void)
{
	struct cpu cpu = { .gr = { [3] = kept->guest, [4] = (uintptr_t)kept->masks } };

	return lpar_call(&cpu, LPAR_GUEST_MASKS);
}

static void create_guest(void)
{
	struct cpu cpu = { 0 };

	same("a guest is created", 0, lpar_call(&cpu, LPAR_GUEST_CREATE));
	kept->guest = cpu.gr[3];
	same("and has its masks", 0, set_masks());
}

/*
 * Leave a reply, for which nobody was interrupted, in one queue, and requests
 * in the other.
 */
static void occupy(void)
{
	kept->indicator = 0;
	same("a queue is to interrupt", AP_RC_NORMAL, aqic(FIRST, ENABLE));
	same("another one, too", AP_RC_NORMAL, aqic(SECOND, ENABLE));
	ok(!send(FIRST) && await_reply(FIRST), "one has a reply");
	ok(!send(SECOND) && !send(SECOND), "the other one has requests");
	if (has_guests())
		create_guest();
}

static void still_occupied(const char *name)
{
	same(name, AP_STATUS_REPLIES_WAITING | AP_STATUS_IRQ_ENABLED, flags_of(FIRST));
}

/* The indicator may have been set before: the interruption was pending. */
static void was_reset(void)
{
	kept->indicator = 0;
	await_queue(FIRST);
	await_queue(SECOND);
	same("the queue is empty and does not interrupt", AP_STATUS_QUEUE_EMPTY, flags_of(FIRST));
	same("nor does the other one", AP_STATUS_QUEUE_EMPTY, flags_of(SECOND));
	same("it has no reply", AP_RC_NO_PENDING_REPLY, receive(FIRST));
	same("no interruption was pending", 0, interruptions_within(WHILE_US));
	same("no indicator is set", 0, kept->indicator);
	if (has_guests())
		same("the guest is gone", ENOENT, set_masks());
}

static void serves_again(void)
{
	same("it can be set to interrupt again", AP_RC_NORMAL, aqic(FIRST, ENABLE));
	same("it takes a request", AP_RC_NORMAL, send(FIRST));
	same("it interrupts", 1, interruptions_within(PATIENCE_US));
	same("the indicator is set", 1, kept->indicator);
	same("it has a reply", AP_RC_NORMAL, receive(FIRST));
	same("it can be silenced", AP_RC_NORMAL, aqic(FIRST, DISABLE));
}

static void diag_308(unsigned int subcode)
{
	struct cpu cpu = { .gr = { [1] = subcode } };
	uint64_t psw = PSW_LOAD | (uintptr_t)loaded;

	asm volatile("stg	%0,0" : : "d"(psw) : "memory");
	run(&cpu, DIAG_308);
}

static void clear_reset(void)
{
	diag_308(0);
}

static void normal_reset(void)
{
	diag_308(1);
}

static void load_clear(void)
{
	diag_308(3);
}

/* The plugin executes nothing there, but it is a reset nevertheless. */
static void normal_reset_by_execute(void)
{
	struct cpu cpu = { .gr = { [1] = 1 } };

	run_executed(&cpu, DIAG_308);
}

static void wait(uint64_t time)
{
	uint64_t deadline = microseconds() + time;

	while (microseconds() < deadline)
		;
}

static void system_reset(void)
{
	say("# qemu system_reset\n");
	wait(4 * PATIENCE_US);
}

static const struct stage {
	const char *name;
	void (*reset)(void);
} stages[] = {
	{ "DIAGNOSE 0x308, subcode 1", normal_reset },
	{ "the same by EXECUTE", normal_reset_by_execute },
	{ "subcode 0", clear_reset },
	{ "subcode 3", load_clear },
	{ "the monitor's", system_reset },
};

#define STAGES	(sizeof(stages) / sizeof(stages[0]))

static void nothing(void)
{
}

static void no_resets(void)
{
	struct cpu cpu = { .gr = { [1] = 1 }, .psw.mask = PSW_PROBLEM };

	chapter("no reset");
	run(&cpu, DIAG_308);
	same("DIAGNOSE in the problem state is refused", CHECK_PRIVILEGED, cpu.check);
	still_occupied("and resets nothing");
	say("# qemu stop cont\n");
	wait(PATIENCE_US / 10);
	still_occupied("the monitor stops the VM");
	ok(start_cpu(1, nothing), "CPU 1, which was reset, is started");
	wait(PATIENCE_US / 100);
	still_occupied("which resets nothing else");
}

void go_on(void);
void go_on(void)
{
	unsigned int stage = kept->stage++;

	open_console();
	prepare();
	go_on_behind(kept->points);
	if (stage) {
		chapter(stages[stage - 1].name);
		was_reset();
		serves_again();
	}
	if (stage == STAGES)
		finish();
	chapter(stages[stage].name);
	occupy();
	if (!stage)
		no_resets();
	kept->points = points_so_far();
	stages[stage].reset();
	ok(false, "resets the VM");
	finish();
}

int main(void)
{
	go_on();
	return 0;
}
