// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/fence.c"
#include "tests/unit/apctl/run.h"

#define MKVPS	KERNEL_AP "/card05/05.0004/mkvps="
#define KEY(x)	"AES CUR: valid 0x" x "\nAES NEW: empty 0x0000000000000000\n"
#define OLD	KEY("1111111111111111")
#define NEW	KEY("2222222222222222")
#define UNSET	"AES CUR: invalid 0x0000000000000000\nAES NEW: empty 0x0000000000000000\n"

/* Start after db1 has had 05.0004, and 04.0004 of an accelerator. */
static int had_by_db1(void **state)
{
	kernel_start(state);
	kernel_load(true);
	kernel_put(MKVPS OLD);
	assert_int_equal(run_line("reserve 4-5"), EXIT_DONE);
	assert_int_equal(run_line("create db1 -a 4,5 -d 4 --start --fence"), EXIT_DONE);
	assert_string_equal(err_text, "");
	assert_int_equal(run_line("stop db1"), EXIT_DONE);
	assert_int_equal(run_line("create web -a 4,5 -d 4"), EXIT_DONE);
	return 0;
}

static void the_next_owner_is_warned(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "start web");
	complains("05.0004: web gets the domain that db1 had, and nobody has looked at its master keys since\n");
	complains("`apctl release`, the key management console, `apctl reserve`");
	assert_null(strstr(err_text, "04.0004"));
}

static void or_refused(G_GNUC_UNUSED void **state)
{
	expect(EXIT_REFUSED, "start web --fence");
	complains("05.0004: web gets the domain that db1 had");
	assert_null(kernel_find("22222222"));
	expect(EXIT_DONE, "list");
	says("web   defined");
}

static void the_same_owner_is_not(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "start db1 --fence");
	assert_string_equal(err_text, "");
}

static void unchanged_keys_are_seen(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "release 5");
	expect(EXIT_DONE, "reserve 5");
	expect(EXIT_REFUSED, "start web --fence");
	complains("and the host saw the same master keys since (AES 1111111111111111)");
}

static void changed_keys_are_seen(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "release 5");
	kernel_put(MKVPS NEW);
	expect(EXIT_DONE, "reserve 5");
	expect(EXIT_DONE, "start web --fence");
	assert_string_equal(err_text, "");
	/* The domain is web's from now on. */
	expect(EXIT_DONE, "stop web");
	expect(EXIT_REFUSED, "start db1 --fence");
	complains("05.0004: db1 gets the domain that web had");
}

static void where_no_key_is_set_none_leaks(G_GNUC_UNUSED void **state)
{
	kernel_put(MKVPS UNSET);
	expect(EXIT_DONE, "release 5");
	expect(EXIT_DONE, "reserve 5");
	expect(EXIT_DONE, "start web --fence");
}

static void set_and_apply_ask_as_well(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create other -a 5 -d 6 --start --fence");
	expect(EXIT_REFUSED, "set other -d 4 --fence");
	complains("05.0004: other gets the domain that db1 had");
	expect(EXIT_DONE, "set other -d 4");
	complains("05.0004: other gets the domain that db1 had");
	expect(EXIT_DONE, "stop other");
	kernel_put("/plan.toml=[guest.third]\nadapters = 5\ndomains = 4\n");
	{
		g_autofree char *plan = g_strdup_printf("plan --fence %s/plan.toml", kernel.root);
		g_autofree char *apply = g_strdup_printf("apply %s/plan.toml", kernel.root);

		expect(EXIT_REFUSED, plan);
		complains("05.0004: third gets the domain that other had");
		expect(EXIT_DONE, apply);
		complains("05.0004: third gets the domain that other had");
		expect(EXIT_DONE, apply);
		assert_string_equal(err_text, "");
	}
}

static void a_broken_file_is_as_none(G_GNUC_UNUSED void **state)
{
	kernel_put(FENCE "=[1]\n");
	expect(EXIT_DONE, "start web --fence");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, had_by_db1, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(the_next_owner_is_warned),
		CASE(or_refused),
		CASE(the_same_owner_is_not),
		CASE(unchanged_keys_are_seen),
		CASE(changed_keys_are_seen),
		CASE(where_no_key_is_set_none_leaks),
		CASE(set_and_apply_ask_as_well),
		CASE(a_broken_file_is_as_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
