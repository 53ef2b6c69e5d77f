// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/reset.c"

/* What the registers show, and what was reset */
static bool loaded;
static uint64_t address;
static unsigned int resets, interruption_resets, sclp_resets;
static struct cpu cpu;

bool cpu_was_loaded(struct cpu *c)
{
	assert_ptr_equal(c, &cpu);
	return loaded;
}

uint64_t cpu_psw_address(struct cpu *c)
{
	assert_ptr_equal(c, &cpu);
	return address;
}

void interruption_reset(void)
{
	interruption_resets++;
}

void sclp_reset(void)
{
	sclp_resets++;
}

static void execute(struct machine *machine, const struct ap_command *command,
		    const void *in, struct ap_result *result, void *out)
{
	(void)machine;
	(void)in;
	(void)result;
	(void)out;
	assert_int_equal(command->op, AP_OP_RESET);
	assert_int_equal(command->length, 0);
	assert_int_equal(interruption_resets, resets + 1);
	resets++;
}

static struct machine machine = { .execute = execute };

static int start(void **state)
{
	(void)state;
	loaded = false;
	started = false;
	cpu.is_loaded = cpu.is_fresh = false;
	cpu.loaded_at = 0;
	address = 0x1000;
	resets = interruption_resets = sclp_resets = 0;
	return 0;
}

static bool resumes(bool is_loaded)
{
	loaded = is_loaded;
	return reset_resumes(&cpu);
}

static void looks(unsigned int expected)
{
	reset_look(&cpu, &machine);
	assert_int_equal(resets, expected);
	assert_int_equal(interruption_resets, expected);
	assert_int_equal(sclp_resets, expected);
}

static void the_first_load_is_no_reset(void **state)
{
	(void)state;
	assert_true(resumes(true));
	looks(0);
	looks(0);
}

static void checks(unsigned int expected)
{
	reset_check(&cpu, &machine);
	assert_int_equal(resets, expected);
}

/* QEMU may stop and resume a vCPU any number of times before it executes. */
static void an_unused_load_is_the_same_one(void **state)
{
	(void)state;
	assert_true(resumes(true));
	checks(0);
	reset_sleeps(&cpu);
	assert_false(resumes(true));
	reset_sleeps(&cpu);
	assert_false(resumes(true));
	loaded = false;
	reset_sleeps(&cpu);
	assert_false(resumes(false));
	loaded = true;
	reset_sleeps(&cpu);
	assert_true(resumes(true));
	checks(1);
}

/* It may execute without a branch. */
static void a_load_behind_some_instructions_is_another_one(void **state)
{
	(void)state;
	assert_true(resumes(true));
	checks(0);
	address += 8;
	reset_sleeps(&cpu);
	address = 0x1000;
	assert_true(resumes(true));
	checks(1);
}

static void a_later_load_is_one(void **state)
{
	(void)state;
	resumes(true);
	looks(0);
	assert_true(resumes(true));
	looks(1);
	looks(1);
	assert_true(resumes(true));
	looks(2);
}

/* A VM that was migrated here or restored has executed elsewhere. */
static void the_first_load_of_one_that_executes_is_one(void **state)
{
	(void)state;
	assert_false(resumes(false));
	looks(0);
	resumes(true);
	looks(1);
}

static void one_that_resumes_with_its_old_psw_was_not_reset(void **state)
{
	(void)state;
	looks(0);
	assert_false(resumes(false));
	looks(0);
}

/* A snapshot replaces the registers that a reset has loaded. */
static void what_a_vcpu_resumes_with_at_last_counts(void **state)
{
	(void)state;
	looks(0);
	assert_true(resumes(true));
	assert_false(resumes(false));
	looks(0);
}

/* The VM pauses again before it executes. */
static void a_load_is_one_reset(void **state)
{
	(void)state;
	looks(0);
	resumes(true);
	resumes(true);
	looks(1);
	looks(1);
}

#define POINT(test) cmocka_unit_test_setup(test, start)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(the_first_load_is_no_reset),
		POINT(an_unused_load_is_the_same_one),
		POINT(a_load_behind_some_instructions_is_another_one),
		POINT(a_later_load_is_one),
		POINT(the_first_load_of_one_that_executes_is_one),
		POINT(one_that_resumes_with_its_old_psw_was_not_reset),
		POINT(what_a_vcpu_resumes_with_at_last_counts),
		POINT(a_load_is_one_reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
