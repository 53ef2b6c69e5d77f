// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/commands.c"
#include "tests/unit/apctl/run.h"

/*
 * Return whether @text contains "@macro @word", followed by a space or the end
 * of the line.
 */
static bool has_item(const char *text, const char *macro, const char *word)
{
	g_autofree char *item = g_strdup_printf("%s %s", macro, word);

	for (const char *at = text; (at = strstr(at, item)); at++)
		if (strchr(" \n", at[strlen(item)]))
			return true;
	return false;
}

static void the_manual_has_every_command(G_GNUC_UNUSED void **state)
{
	g_autofree char *manual = file_read("", "docs/man/apctl.8");

	assert_non_null(manual);
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
		if (!has_item(manual, ".It Cm", commands[i].name))
			fail_msg("apctl(8) does not tell of %s", commands[i].name);
	for (size_t i = 0; i < G_N_ELEMENTS(option_table); i++) {
		g_autofree char *dashed = g_strconcat("\\-", option_table[i].long_name, NULL);

		if (!has_item(manual, "Fl", dashed))
			fail_msg("apctl(8) does not tell of --%s", option_table[i].long_name);
	}
}

static void every_option_is_of_a_command(G_GNUC_UNUSED void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(option_table); i++) {
		bool taken = false;

		for (size_t j = 0; j < G_N_ELEMENTS(commands); j++)
			taken |= takes(&commands[j], option_table[i].long_name);
		assert_true(taken);
	}
}

static void completion_has_all_of_the_table(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "completion");
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		g_autofree char *line = g_strdup_printf("\t%s) of='", commands[i].name);

		says(line);
	}
	says("show) of='--json --keys --color --root --help '");
}

static void wrong_command_lines(G_GNUC_UNUSED void **state)
{
	expect(EXIT_USAGE, "frobnicate");
	complains("there is no command frobnicate");
	expect(EXIT_USAGE, "show 5");
	complains("show takes no words; apctl show");
	expect(EXIT_USAGE, "--json list");
	complains("show takes no words; a command stands before its options");
	expect(EXIT_USAGE, "list --keys");
	complains("--keys");
	expect(EXIT_USAGE, "help nothing");
	complains("there is no command nothing");
}

static void help_tells_of_commands(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "help");
	says("  list ");
	expect(EXIT_DONE, "help show");
	says("--keys");
	expect(EXIT_DONE, "show --help");
	says("--keys");
	expect(EXIT_DONE, "--version");
	says("apctl 0.1\n");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kernel_start, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_manual_has_every_command),
		CASE(every_option_is_of_a_command),
		CASE(completion_has_all_of_the_table),
		CASE(wrong_command_lines),
		CASE(help_tells_of_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
