// SPDX-License-Identifier: GPL-2.0-only
/*
 * Adapter interruptions as the vCPU of an operating system sees them, and the
 * waking of sleeping vCPUs. QEMU, the storage and the port are fakes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "qemu/interruption.c"

#define APQN		0x0504
#define OTHER		0x0705
#define INDICATOR	0x3001
#define PREFIX		0x2000
#define OLD_PC		0x10000
#define NEW_PC		0x20000
#define NEW_PSW		0x0404000180000000ull
#define ENABLED		0x0604000180000000ull
#define DISABLED	(ENABLED & ~0x0200000000000000ull)
#define ALL_SUBCLASSES	0xff000000u
#define ISC		6

static struct ap_changes changes;
static struct cpu cpus[2];
static uint8_t storage[0x4000];

/* The fake of QEMU: what the vCPU has, and what it was given */
static uint64_t psw, cr6, loaded, pc;
static jmp_buf elsewhere;
static unsigned int marks, marks_of[2], deferred_of[2];
/* The fake of the port */
static unsigned int woken, slept, hopes;

struct cpu *cpu_get(unsigned int index)
{
	return &cpus[index];
}

uint64_t cpu_psw_at_block(struct cpu *cpu)
{
	assert_ptr_equal(cpu, &cpus[0]);
	return psw;
}

uint64_t cpu_cr(struct cpu *cpu, unsigned int number)
{
	(void)cpu;
	return number == 6 ? cr6 : 0;
}

uint64_t cpu_prefix(struct cpu *cpu)
{
	(void)cpu;
	return PREFIX;
}

void cpu_load_psw(struct cpu *cpu, uint64_t mask)
{
	(void)cpu;
	loaded = mask;
}

void qemu_plugin_set_pc(uint64_t address)
{
	pc = address;
	longjmp(elsewhere, 1);
}

bool storage_store_absolute(struct cpu *cpu, uint64_t address, const void *from, size_t length)
{
	(void)cpu;
	assert_true(address + length <= sizeof(storage));
	memcpy(storage + address, from, length);
	return true;
}

bool storage_fetch_absolute(struct cpu *cpu, uint64_t address, void *to, size_t length)
{
	(void)cpu;
	assert_true(address + length <= sizeof(storage));
	memcpy(to, storage + address, length);
	return true;
}

void mark_vcpu(unsigned int vcpu)
{
	marks_of[vcpu]++;
}

void mark_defer(unsigned int vcpu)
{
	deferred_of[vcpu]++;
}

void mark_vcpus(void)
{
	__atomic_fetch_add(&marks, 1, __ATOMIC_SEQ_CST);
}

void wake_init(struct wake *wake, const char *path)
{
	wake->path = path;
}

void wake_vcpu(struct wake *wake)
{
	assert_string_equal(wake->path, "port");
	woken++;
}

void wake_sleeper(struct wake *wake, int64_t now)
{
	assert_true(now > 0);
	assert_string_equal(wake->path, "port");
	slept++;
}

void wake_hope(struct wake *wake)
{
	(void)wake;
	hopes++;
}

/* The fake of QEMU's controller: what it holds of the plugin's, and of devices' */
static unsigned int held_of[8], of_devices[8], locks;
static bool is_locked;

void flic_enter(void)
{
}

void flic_lock(void)
{
	assert_false(is_locked);
	is_locked = true;
	locks++;
}

void flic_unlock(void)
{
	assert_true(is_locked);
	is_locked = false;
}

bool flic_is_pending(uint8_t isc)
{
	assert_true(is_locked);
	return held_of[isc] || of_devices[isc];
}

/* Indicators are set before. */
void flic_interrupt(uint8_t isc)
{
	assert_true(is_locked);
	assert_int_equal(storage[INDICATOR], 1);
	held_of[isc]++;
}

void flic_clear(void)
{
	assert_true(is_locked);
	memset(held_of, 0, sizeof(held_of));
}

void flic_store(uint64_t address, uint8_t byte)
{
	assert_true(is_locked);
	storage[address] = byte;
}

static uint64_t big(uint64_t value)
{
	return GUINT64_TO_BE(value);
}

/* Initialize like interruption_open(), but without a thread. */
static int start(void **state)
{
	const uint64_t new[] = { big(NEW_PSW), big(NEW_PC) };

	(void)state;
	memset(&changes, 0, sizeof(changes));
	memset(cpus, 0, sizeof(cpus));
	memset(storage, 0xee, sizeof(storage));
	memcpy(storage + PREFIX + 0x1f0, new, sizeof(new));
	psw = ENABLED;
	cr6 = ALL_SUBCLASSES;
	loaded = pc = 0;
	marks = marks_of[0] = marks_of[1] = deferred_of[0] = woken = slept = hopes = 0;
	memset(&interruption, 0, sizeof(interruption));
	interruption.changes = &changes;
	airq_init(&interruption.airq, &changes);
	wake_init(&interruption.wake, "port");
	interruption.is_open = true;
	interruption_start(&cpus[0]);
	interruption_start(&cpus[1]);
	return 0;
}

static int end(void **state)
{
	(void)state;
	g_array_free(interruption.airq.queues, TRUE);
	return 0;
}

static void finish(enum ap_op op, uint64_t gr1, enum ap_rc rc)
{
	const struct ap_command command = {
		.op = op, .apqn = APQN, .arg = { gr1, INDICATOR },
	};
	const struct ap_result result = { .status = AP_STATUS_OF_RC(rc) };

	interruption_after(&command, &result, interruption_before(&command));
}

static void switch_on(void)
{
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | ISC, AP_RC_NORMAL);
}

static void owe(uint32_t source)
{
	changes.interruptions[source]++;
	airq_look(&interruption.airq);
}

static bool is_taken(void)
{
	pc = 0;
	if (!setjmp(elsewhere))
		interruption_look(0, OLD_PC);
	return pc;
}

/* See The z/Architecture Principles of Operation, chapter 6. */
static void an_interruption_exchanges_psws(void **state)
{
	const uint64_t old[] = { big(ENABLED), big(OLD_PC) };
	const uint32_t code[] = { 0, 0, GUINT32_TO_BE(0x80000000u | ISC << 27) };

	(void)state;
	switch_on();
	assert_false(is_taken());
	owe(APQN);
	assert_true(is_taken());
	assert_memory_equal(storage + PREFIX + 0x170, old, sizeof(old));
	assert_memory_equal(storage + PREFIX + 0xb8, code, sizeof(code));
	assert_int_equal(storage[PREFIX + 0xb7], 0xee);
	assert_int_equal(storage[PREFIX + 0xc4], 0xee);
	assert_int_equal(loaded, NEW_PSW);
	assert_int_equal(pc, NEW_PC);
	assert_int_equal(storage[INDICATOR], 1);
	assert_int_equal(storage[INDICATOR - 1], 0xee);
	assert_int_equal(storage[INDICATOR + 1], 0xee);
	assert_false(is_taken());
}

static void psw_and_control_register_6_allow_it(void **state)
{
	(void)state;
	switch_on();
	owe(APQN);
	psw = DISABLED;
	assert_false(is_taken());
	psw = ENABLED;
	cr6 = ALL_SUBCLASSES & ~(0x80000000u >> ISC);
	assert_false(is_taken());
	assert_int_equal(loaded, 0);
	assert_int_equal(storage[INDICATOR], 0xee);
	cr6 = 0x80000000u >> ISC;
	assert_true(is_taken());
}

/* TPI clears it, though the PSW does not allow it. */
static void a_program_tests_for_one(void **state)
{
	const uint32_t code[] = { 0, 0, GUINT32_TO_BE(0x80000000u | ISC << 27) };

	(void)state;
	psw = DISABLED;
	switch_on();
	assert_false(interruption_test(&cpus[0], true));
	changes.interruptions[APQN]++;
	cr6 = ALL_SUBCLASSES & ~(0x80000000u >> ISC);
	assert_false(interruption_test(&cpus[0], true));
	assert_int_equal(storage[PREFIX + 0xb8], 0xee);
	cr6 = ALL_SUBCLASSES;
	assert_true(interruption_test(&cpus[0], true));
	assert_memory_equal(storage + PREFIX + 0xb8, code, sizeof(code));
	assert_int_equal(storage[INDICATOR], 1);
	assert_int_equal(loaded, 0);
	assert_false(interruption_test(&cpus[0], true));
	psw = ENABLED;
	assert_false(is_taken());
}

static void a_code_for_an_operand_is_not_assigned(void **state)
{
	(void)state;
	switch_on();
	owe(APQN);
	assert_true(interruption_test(&cpus[0], false));
	assert_int_equal(storage[PREFIX + 0xb8], 0xee);
	assert_int_equal(storage[INDICATOR], 1);
}

/* A vCPU that is closed for an interruption looks when it may have opened. */
static void a_closed_vcpu_looks_when_it_opens(void **state)
{
	(void)state;
	switch_on();
	assert_false(is_taken());
	assert_int_equal(deferred_of[0], 0);
	owe(APQN);
	psw = DISABLED;
	assert_false(is_taken());
	assert_int_equal(deferred_of[0], 1);
	assert_int_equal(marks_of[0], 0);
	psw = ENABLED;
	assert_true(is_taken());
	assert_int_equal(deferred_of[0], 1);
	assert_int_equal(marks_of[0], 0);
}

/* What another subclass owes is looked at as soon as one was taken. */
static void a_vcpu_looks_until_nothing_is_pending(void **state)
{
	(void)state;
	switch_on();
	assert_true(interruption_listen(2, INDICATOR));
	owe(APQN);
	owe(AP_INTERCEPTS);
	assert_true(is_taken());
	assert_int_equal(marks_of[0], 1);
	assert_true(is_taken());
	assert_int_equal(marks_of[0], 1);
	assert_int_equal(marks_of[1], 0);
}

/* See The z/Architecture Principles of Operation, appendix B. */
static void some_instructions_open_a_vcpu(void **state)
{
	static const uint8_t openers[][6] = {
		{ 0x80 }, { 0x82 }, { 0xad }, { 0xb7 }, { 0xb2, 0xb2 },
		{ 0xeb, 0x66, 0xf0, 0, 0, 0x2f }, { 0xeb, 0, 0xf0, 0, 0, 0x71 },
	}, others[][6] = {
		{ 0xac }, { 0xb6 }, { 0xb2, 0xae }, { 0xb9, 0xb2 },
		{ 0xeb, 0x66, 0xf0, 0, 0, 0x25 }, { 0xeb, 0x2f, 0x2f, 0x71, 0x71, 0x04 },
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(openers) / 6; i++)
		assert_true(interruption_may_follow(openers[i]));
	for (unsigned int i = 0; i < sizeof(others) / 6; i++)
		assert_false(interruption_may_follow(others[i]));
}

static void commands_switch_interruptions_off(void **state)
{
	static const enum ap_op ops[] = { AP_OP_AQIC, AP_OP_RAPQ, AP_OP_ZAPQ };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		switch_on();
		owe(APQN);
		finish(ops[i], 0, AP_RC_BUSY);
		assert_true(airq_is_on(&interruption.airq, APQN));
		finish(ops[i], 0, AP_RC_NORMAL);
		assert_false(airq_is_on(&interruption.airq, APQN));
		assert_false(is_taken());
	}
	switch_on();
	finish(AP_OP_TAPQ, 0, AP_RC_NORMAL);
	finish(AP_OP_NQAP, 0, AP_RC_NORMAL);
	assert_true(airq_is_on(&interruption.airq, APQN));
}

static void a_refused_aqic_switches_nothing(void **state)
{
	(void)state;
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | ISC, AP_RC_BUSY);
	assert_false(airq_is_on(&interruption.airq, APQN));
}

/*
 * The answer to AQIC was lost with swcexd, which does not know that the command
 * is repeated.
 */
static void an_aqic_asked_again_has_been_done(void **state)
{
	(void)state;
	finish(AP_OP_RAPQ, 0, AP_RC_OTHERWISE_CHANGED);
	finish(AP_OP_AQIC, 0, AP_RC_OTHERWISE_CHANGED);
	assert_false(airq_is_on(&interruption.airq, APQN));
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | ISC, AP_RC_OTHERWISE_CHANGED);
	assert_true(airq_is_on(&interruption.airq, APQN));
	/* Now the operating system repeats it, with another subclass. */
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | 1, AP_RC_OTHERWISE_CHANGED);
	owe(APQN);
	assert_int_equal(airq_pending(&interruption.airq), AIRQ_SUBCLASS(ISC));
	finish(AP_OP_AQIC, 0, AP_RC_OTHERWISE_CHANGED);
	assert_true(airq_is_on(&interruption.airq, APQN));
}

/*
 * The interruptions of a guest's queue go to the guest; the LPAR's storage has
 * no indicator for them.
 */
static void an_aqic_for_a_guest_is_not_the_lpars(void **state)
{
	(void)state;
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | 0x1000 | ISC, AP_RC_NORMAL);
	assert_false(airq_is_on(&interruption.airq, APQN));
}

/* A reply that is ready before AQIC is complete interrupts, too. */
static void nothing_is_lost_while_aqic_is_executed(void **state)
{
	const struct ap_command command = {
		.op = AP_OP_AQIC, .apqn = APQN, .arg = { AP_AQIC_ENABLE | ISC, INDICATOR },
	};
	const struct ap_result result = { 0 };
	uint32_t count;

	(void)state;
	changes.interruptions[APQN] = 7;
	count = interruption_before(&command);
	assert_int_equal(count, 7);
	changes.interruptions[APQN]++;
	marks = 0;
	interruption_after(&command, &result, count);
	assert_int_equal(marks, 1);
	assert_true(is_taken());
}

static void nothing_pending_marks_nobody(void **state)
{
	(void)state;
	switch_on();
	assert_int_equal(marks, 0);
}

static void an_lpar_is_interrupted_for_its_guests(void **state)
{
	(void)state;
	changes.interruptions[AP_INTERCEPTS] = 3;
	assert_true(interruption_listen(2, INDICATOR));
	assert_false(is_taken());
	owe(AP_INTERCEPTS);
	assert_int_equal(airq_pending(&interruption.airq), AIRQ_SUBCLASS(2));
	assert_true(is_taken());
	assert_int_equal(storage[INDICATOR], 1);
	owe(AP_INTERCEPTS);
	assert_true(interruption_listen(2, 0));
	assert_false(is_taken());
}

static void a_reset_leaves_nothing_pending(void **state)
{
	(void)state;
	switch_on();
	interruption_listen(2, INDICATOR);
	owe(APQN);
	owe(AP_INTERCEPTS);
	interruption_reset();
	assert_false(is_taken());
	assert_false(airq_is_on(&interruption.airq, APQN));
	assert_false(airq_is_on(&interruption.airq, AP_INTERCEPTS));
}

static void nothing_happens_unless_they_are_open(void **state)
{
	(void)state;
	switch_on();
	owe(APQN);
	interruption.is_open = false;
	assert_false(interruption_is_open());
	assert_false(is_taken());
	assert_false(interruption_test(&cpus[0], true));
	assert_false(interruption_listen(2, INDICATOR));
	finish(AP_OP_RAPQ, 0, AP_RC_NORMAL);
	interruption_reset();
	interruption_sleeps(&cpus[0]);
	interruption_resumes(&cpus[0]);
	interruption.is_open = true;
	assert_true(interruption_is_open());
	assert_true(airq_is_on(&interruption.airq, APQN));
	assert_int_equal(interruption_before(&(struct ap_command){ .apqn = APQN }), 1);
	interruption.is_open = false;
	assert_int_equal(interruption_before(&(struct ap_command){ .apqn = APQN }), 0);
}

/* Sleeping vCPUs */

static struct vigil vigil;

static void look(void)
{
	look_after(&vigil);
}

static int start_vigil(void **state)
{
	vigil = (struct vigil){ 0 };
	return start(state);
}

static void vcpus_look_while_something_is_pending(void **state)
{
	(void)state;
	switch_on();
	look();
	assert_int_equal(marks, 0);
	owe(APQN);
	look();
	look();
	assert_int_equal(marks, 2);
	assert_true(is_taken());
	look();
	assert_int_equal(marks, 2);
}

/*
 * A vCPU that is awake takes the interruption by itself. If it is disabled,
 * another vCPU is woken, after 1, 2, 4 and 8 further looks.
 */
static void others_are_woken_if_those_awake_do_not_take_it(void **state)
{
	static const unsigned int woken_after[] = { 0, 0, 1, 2, 2, 3, 3, 3, 3, 4 };

	(void)state;
	switch_on();
	owe(APQN);
	interruption_sleeps(&cpus[1]);
	for (unsigned int i = 1; i < 10; i++) {
		look();
		assert_int_equal(woken, woken_after[i]);
	}
	assert_int_equal(slept, 0);
	/* Another interruption resets that interval. */
	finish(AP_OP_RAPQ, 0, AP_RC_NORMAL);
	look();
	finish(AP_OP_AQIC, AP_AQIC_ENABLE | 1, AP_RC_NORMAL);
	owe(APQN);
	look();
	assert_int_equal(woken, 4);
	look();
	assert_int_equal(woken, 5);
}

static void a_sleeper_is_woken_when_all_sleep(void **state)
{
	(void)state;
	switch_on();
	interruption_sleeps(&cpus[0]);
	interruption_sleeps(&cpus[0]);
	owe(APQN);
	look();
	assert_int_equal(slept, 0);
	interruption_sleeps(&cpus[1]);
	look();
	look();
	assert_int_equal(slept, 2);
	interruption_resumes(&cpus[0]);
	interruption_resumes(&cpus[0]);
	interruption_sleeps(&cpus[0]);
	look();
	assert_int_equal(slept, 3);
	interruption_resumes(&cpus[1]);
	look();
	assert_int_equal(slept, 3);
}

static void without_a_port_nobody_is_woken(void **state)
{
	(void)state;
	wake_init(&interruption.wake, NULL);
	switch_on();
	owe(APQN);
	interruption_sleeps(&cpus[0]);
	interruption_sleeps(&cpus[1]);
	look();
	look();
	assert_int_equal(slept + woken, 0);
	assert_int_equal(marks, 2);
}

/*
 * A vCPU that was woken without success is woken again soon if an interruption
 * was taken, or if another one is pending.
 */
static void there_is_hope_again(void **state)
{
	(void)state;
	switch_on();
	owe(APQN);
	look();
	assert_int_equal(hopes, 1);
	look();
	assert_int_equal(hopes, 1);
	assert_true(is_taken());
	owe(APQN);
	look();
	assert_int_equal(hopes, 2);
	look();
	assert_int_equal(hopes, 2);
}

/* The thread */

#define WITHIN_A_SECOND(condition) \
	do { \
		for (int i = 0; i < 10000 && !(condition); i++) \
			g_usleep(100); \
		assert_true(condition); \
	} while (0)

/* By QEMU's own controller */

static int start_qemu(void **state)
{
	start(state);
	interruption.by_qemu = true;
	memset(held_of, 0, sizeof(held_of));
	memset(of_devices, 0, sizeof(of_devices));
	locks = 0;
	switch_on();
	return 0;
}

static void qemu_gets_what_is_pending(void **state)
{
	(void)state;
	hand_over();
	assert_int_equal(locks, 0);
	owe(APQN);
	assert_false(is_taken());
	hand_over();
	assert_int_equal(held_of[ISC], 1);
	assert_int_equal(airq_pending(&interruption.airq), 0);
	hand_over();
	assert_int_equal(held_of[ISC], 1);
	assert_int_equal(marks + marks_of[0] + marks_of[1], 0);
}

/* However long a vCPU is closed. Nothing is lost when it opens. */
static void qemu_holds_one(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 100; i++) {
		owe(APQN);
		hand_over();
	}
	assert_int_equal(held_of[ISC], 1);
	assert_true(airq_pending(&interruption.airq));
	held_of[ISC] = 0;
	storage[INDICATOR] = 0;
	hand_over();
	assert_int_equal(held_of[ISC], 1);
	assert_int_equal(storage[INDICATOR], 1);
	assert_false(airq_pending(&interruption.airq));
}

/* A device's is left when the plugin's was taken. */
static void devices_may_use_the_subclass(void **state)
{
	(void)state;
	of_devices[ISC] = 1;
	owe(APQN);
	hand_over();
	assert_int_equal(held_of[ISC], 1);
	held_of[ISC] = 0;
	owe(APQN);
	hand_over();
	assert_int_equal(held_of[ISC], 0);
	of_devices[ISC] = 0;
	hand_over();
	assert_int_equal(held_of[ISC], 1);
}

static void subclasses_do_not_wait_for_each_other(void **state)
{
	(void)state;
	interruption_listen(2, INDICATOR);
	for (unsigned int i = 0; i < 10; i++) {
		owe(APQN);
		hand_over();
	}
	owe(AP_INTERCEPTS);
	hand_over();
	assert_int_equal(held_of[2], 1);
}

static void a_reset_leaves_nothing_with_qemu(void **state)
{
	(void)state;
	owe(APQN);
	hand_over();
	owe(APQN);
	interruption_reset();
	hand_over();
	assert_int_equal(held_of[ISC], 0);
}

/* This test is the last one, as its thread never ends. */
static void a_bell_has_vcpus_look(void **state)
{
	start(state);
	end(state);
	interruption.is_open = false;
	interruption_open(&changes, NULL, false);
	assert_true(interruption_is_open());
	assert_false(is_taken());
	switch_on();
	marks = 0;
	changes.interruptions[APQN]++;
	bell_ring(&changes.bell);
	bell_wake(&changes.bell);
	WITHIN_A_SECOND(__atomic_load_n(&marks, __ATOMIC_SEQ_CST));
	assert_true(is_taken());
	assert_int_equal(storage[INDICATOR], 1);
}

#define POINT(name) cmocka_unit_test_setup_teardown(name, start, end)
#define BY_QEMU(name) cmocka_unit_test_setup_teardown(name, start_qemu, end)
#define VIGIL(name) cmocka_unit_test_setup_teardown(name, start_vigil, end)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		POINT(an_interruption_exchanges_psws),
		POINT(psw_and_control_register_6_allow_it),
		POINT(a_closed_vcpu_looks_when_it_opens),
		POINT(a_program_tests_for_one),
		POINT(a_code_for_an_operand_is_not_assigned),
		POINT(a_vcpu_looks_until_nothing_is_pending),
		POINT(some_instructions_open_a_vcpu),
		POINT(commands_switch_interruptions_off),
		POINT(a_refused_aqic_switches_nothing),
		POINT(an_aqic_asked_again_has_been_done),
		POINT(an_aqic_for_a_guest_is_not_the_lpars),
		POINT(nothing_is_lost_while_aqic_is_executed),
		POINT(nothing_pending_marks_nobody),
		POINT(an_lpar_is_interrupted_for_its_guests),
		POINT(a_reset_leaves_nothing_pending),
		POINT(nothing_happens_unless_they_are_open),
		VIGIL(vcpus_look_while_something_is_pending),
		VIGIL(others_are_woken_if_those_awake_do_not_take_it),
		VIGIL(a_sleeper_is_woken_when_all_sleep),
		VIGIL(without_a_port_nobody_is_woken),
		VIGIL(there_is_hope_again),
		BY_QEMU(qemu_gets_what_is_pending),
		BY_QEMU(qemu_holds_one),
		BY_QEMU(devices_may_use_the_subclass),
		BY_QEMU(subclasses_do_not_wait_for_each_other),
		BY_QEMU(a_reset_leaves_nothing_with_qemu),
		cmocka_unit_test(a_bell_has_vcpus_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
