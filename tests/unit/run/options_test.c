// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "run/options.c"
#include "tests/unit/run/options.h"

#define parse(...) parse_words((char *[]){ "run", __VA_ARGS__, NULL })
static bool parse_words(char **words)
{
	return options_parse(&options, g_strv_length(words), words);
}

static void values(void **state)
{
	(void)state;
	assert_true(parse("--adapter", "5:CEX8C", "--adapter=6:CEX8P", "--cpus=3", "-C", "dir", "-Cother", "-q"));
	assert_int_equal(options.adapters->len, 2);
	assert_string_equal(options.adapters->pdata[1], "6:CEX8P");
	assert_int_equal(options.cpus, 3);
	assert_string_equal(options.directory, "other");
	assert_true(options.quiet);
}

static void command_begins_at_first_word(void **state)
{
	(void)state;
	assert_true(parse("-q", "ls", "--keep"));
	assert_string_equal(options.command[0], "ls");
	assert_string_equal(options.command[1], "--keep");
	assert_false(options.keep);
}

static void command_begins_behind_dashes(void **state)
{
	(void)state;
	assert_true(parse("--keep", "--", "-ls"));
	assert_string_equal(options.command[0], "-ls");
	assert_true(options.keep);
}

static void no_command(void **state)
{
	(void)state;
	assert_true(parse("--keep"));
	assert_null(options.command[0]);
}

static void times(void **state)
{
	(void)state;
	assert_true(parse("--timeout", "90"));
	assert_int_equal(options.timeout, 90);
	assert_true(parse("--timeout=5m"));
	assert_int_equal(options.timeout, 300);
	assert_true(parse("--boot-timeout=2h"));
	assert_int_equal(options.boot_timeout, 7200);
	assert_true(parse("--timeout=7s"));
	assert_int_equal(options.timeout, 7);
}

static void wrong_numbers(void **state)
{
	static char *const wrong[] = {
		"", "-1", "0", "1x", "1.5", "x", "5mm", "0m", "99999h", "18446744073709551615m",
		"307445734561825861m",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_false(parse("--timeout", wrong[i]));
	assert_false(parse("--cpus", "65"));
	assert_false(parse("--cpus", "5m"));
	assert_false(parse("--cpus", " 4"));
	assert_false(parse("--cpus", "18446744073709551617"));
}

static void wrong_options(void **state)
{
	(void)state;
	assert_false(parse("--nix"));
	assert_false(parse("--kee"));
	assert_false(parse("--keeper"));
	assert_false(parse("-x"));
	assert_false(parse("-qx"));
	assert_false(parse("--adapter"));
	assert_false(parse("--summary=nix"));
	assert_false(parse("--keep=perhaps"));
}

static void value_may_be_left_out(void **state)
{
	(void)state;
	assert_true(parse("--summary", "text"));
	assert_string_equal(options.summary, "text");
	assert_string_equal(options.command[0], "text");
	assert_true(parse("--summary=json"));
	assert_string_equal(options.summary, "json");
}

static void environment_is_below_command_line(void **state)
{
	char *environment[] = { "SWCEX_BOOT_TIMEOUT=7", "SWCEX_CPUS=2", "SWCEX_KEEP=yes", "SWCEX_DOMAIN=", NULL };

	(void)state;
	assert_true(options_environment(&options, environment));
	assert_int_equal(options.boot_timeout, 7);
	assert_true(options.keep);
	assert_int_equal(options.domains->len, 0);
	assert_true(parse("--cpus=4", "--keep=no"));
	assert_int_equal(options.cpus, 4);
	assert_false(options.keep);
}

static void environment_may_be_wrong(void **state)
{
	char *environment[] = { "SWCEX_CPUS=many", NULL };

	(void)state;
	assert_false(options_environment(&options, environment));
}

/* Return whether options_file() accepts a file with this text. */
static bool file(const char *text)
{
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("optionsXXXXXX", &path, NULL);
	bool taken;

	assert_true(fd >= 0);
	close(fd);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	taken = options_file(&options, path);
	unlink(path);
	return taken;
}

static void files(void **state)
{
	(void)state;
	assert_true(options_file(&options, "/none/such"));
	assert_true(file("adapter = [\"5:CEX8C\", \"6:CEX8P\"]\ncpus = 3\nkeep = true\nroot = \"kit\"\n"));
	assert_int_equal(options.adapters->len, 2);
	assert_int_equal(options.cpus, 3);
	assert_true(options.keep);
	assert_string_equal(options.root, "kit");
}

static void later_list_takes_the_place(void **state)
{
	(void)state;
	assert_true(file("adapter = [\"5:CEX8C\", \"6:CEX8P\"]\n"));
	assert_true(parse("--adapter", "7:CEX8A"));
	assert_int_equal(options.adapters->len, 1);
	assert_string_equal(options.adapters->pdata[0], "7:CEX8A");
}

static void wrong_files(void **state)
{
	static const char *const wrong[] = {
		"nix = 1\n", "cpus = \"many\"\n", "cpus = [2]\n", "cpus = 1.5\n", "adapter = [5]\n",
		"[adapter]\n", "this is no TOML\n", "cpus = 0\n", "keep = \"perhaps\"\n",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
		assert_false(file(wrong[i]));
}

/* The help fits on a screen, and the rows of options are consistent. */
static void rows_are_sound(void **state)
{
	int lines = 2;

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		lines++;
		assert_non_null(rows[i].help);
		assert_true(strlen(rows[i].help) <= 80);
		if (rows[i].name)
			assert_ptr_equal(find(rows[i].name, strlen(rows[i].name)), &rows[i]);
		if (rows[i].name && rows[i].kind != FLAG)
			assert_non_null(rows[i].argument);
		if (rows[i].optional)
			assert_non_null(rows[i].values);
	}
	assert_true(lines <= 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(values, setup, teardown),
		cmocka_unit_test_setup_teardown(command_begins_at_first_word, setup, teardown),
		cmocka_unit_test_setup_teardown(command_begins_behind_dashes, setup, teardown),
		cmocka_unit_test_setup_teardown(no_command, setup, teardown),
		cmocka_unit_test_setup_teardown(times, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_numbers, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_options, setup, teardown),
		cmocka_unit_test_setup_teardown(value_may_be_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(environment_is_below_command_line, setup, teardown),
		cmocka_unit_test_setup_teardown(environment_may_be_wrong, setup, teardown),
		cmocka_unit_test_setup_teardown(files, setup, teardown),
		cmocka_unit_test_setup_teardown(later_list_takes_the_place, setup, teardown),
		cmocka_unit_test_setup_teardown(wrong_files, setup, teardown),
		cmocka_unit_test_setup_teardown(rows_are_sound, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
