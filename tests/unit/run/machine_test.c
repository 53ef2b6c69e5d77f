// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "run/machine.c"
#include "tests/unit/run/options.h"

static void adapter(const char *text)
{
	g_ptr_array_add(options.adapters, g_strdup(text));
}

static void domain(const char *text)
{
	g_ptr_array_add(options.domains, g_strdup(text));
}

static void is(const char *expected)
{
	g_autofree char *text = machine_text(&options);

	assert_non_null(text);
	assert_string_equal(text, expected);
}

static void by_default(void **state)
{
	(void)state;
	is("adapter 04 CEX8A\nadapter 05 CEX8C\nadapter 06 CEX8P\ndomain 0004 0047\n");
}

static void chosen(void **state)
{
	(void)state;
	adapter("10:CEX7P");
	adapter("1,3-4:CEX4A");
	domain("0xff");
	domain("6-8,4");
	options.no_interrupts = true;
	is("adapter 0a CEX7P\nadapter 01 CEX4A\nadapter 03 CEX4A\nadapter 04 CEX4A\n"
	   "domain 00ff 0004 0006 0007 0008\ninterrupts off\n");
}

static void wrong_adapters(void **state)
{
	static const char *const wrong[] = {
		"", "5", "5:", ":CEX8A", "256:CEX8A", "x:CEX8A", "5 :CEX8A", "-1:CEX8A", "3-1:CEX8A", "5,:CEX8A",
		"5,,6:CEX8A", "99999999999999999999:CEX8A",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		adapter(wrong[i]);
		assert_null(machine_text(&options));
		g_ptr_array_set_size(options.adapters, 0);
	}
}

static void adapter_twice(void **state)
{
	(void)state;
	adapter("1-5:CEX8A");
	adapter("5:CEX8C");
	assert_null(machine_text(&options));
}

static void wrong_domains(void **state)
{
	static const char *const wrong[] = { "", "256", "4,", "4-", "7-6", "4 5", "4,0x", "4-6-8" };

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		domain(wrong[i]);
		assert_null(machine_text(&options));
		g_ptr_array_set_size(options.domains, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(by_default, setup, teardown),
		cmocka_unit_test_setup_teardown(chosen, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_adapters, setup, teardown),
		cmocka_unit_test_setup_teardown(adapter_twice, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_domains, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
