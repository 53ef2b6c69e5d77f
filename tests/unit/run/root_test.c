// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "run/root.c"

/* Return the root that the words of a command line make the default. */
static const char *name(char **words)
{
	static char root[64];
	struct options options;

	options_init(&options);
	assert_true(options_parse(&options, g_strv_length(words), words));
	g_strlcpy(root, name_of(&options), sizeof(root));
	options_free(&options);
	return root;
}

#define NAME(...) name((char *[]){ "run", __VA_ARGS__, NULL })

static void default_root_is_one_that_serves(void **state)
{
	(void)state;
	assert_string_equal(NAME("true"), "kit");
	assert_string_equal(NAME("--packages", "expect"), "debian:trixie");
	assert_string_equal(NAME("--install", "./a.deb"), "debian:trixie");
	assert_string_equal(NAME("--systemd"), "debian:trixie");
	assert_string_equal(NAME("--systemd", "--root", "kit"), "kit");
}

static void packages_need_a_root_that_is_made(void **state)
{
	char *words[] = { "run", "--packages", "expect", "--root", "kit", NULL };
	struct options options;
	struct root root;

	(void)state;
	options_init(&options);
	assert_true(options_parse(&options, g_strv_length(words), words));
	assert_false(root_find(&root, &options, "/nowhere"));
	root_free(&root);
	options_free(&options);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_root_is_one_that_serves),
		cmocka_unit_test(packages_need_a_root_that_is_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
