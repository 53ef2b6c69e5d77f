// SPDX-License-Identifier: GPL-2.0-only
/* guestd's configuration. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/host/config.c"

#define PATHS	"qemu=/q\nplugin=/p\nmachine=/m\nfiles=/f\nrun=/r\n"
#define MINIMUM	"[guestd]\n" PATHS

static struct config config;
static char reason[256];

static bool reads(const char *text)
{
	g_autofree char *path = scratch_path("conf");
	bool read;

	scratch_write("conf", text);
	config_free(&config);
	read = config_read(&config, path, reason, sizeof(reason));
	if (!read)
		assert_non_null(strstr(reason, path));
	return read;
}

static void refused(const char *text, const char *why)
{
	assert_false(reads(text));
	assert_non_null(strstr(reason, why));
}

static void what_is_needed(void **state)
{
	(void)state;
	assert_true(reads(MINIMUM));
	assert_string_equal(config.qemu, "/q");
	assert_string_equal(config.run, "/r");
	assert_int_equal(config.connections, 64);
	assert_int_equal(config.guests, 32);
	assert_int_equal(config.log, 1 << 20);
	assert_int_equal(g_hash_table_size(config.named), 0);
}

static void what_may_be_said(void **state)
{
	char **words;

	(void)state;
	assert_true(reads("# a comment\n" MINIMUM "[limits]\nguests=2\nconnections=1\nlog=4096\n"
			  "[guests]\nguest1=-fsdev;local,path=/a\\;b;\nguest2=\n"
			  "[files]\nroot.squashfs=/k/root\nvmlinuz=/k/vmlinuz\n"));
	assert_int_equal(config.guests, 2);
	assert_int_equal(config.connections, 1);
	assert_int_equal(config.log, 4096);
	assert_string_equal(g_hash_table_lookup(config.named, "root.squashfs"), "/k/root");
	words = g_hash_table_lookup(config.given, "guest1");
	assert_string_equal(words[1], "local,path=/a;b");
	assert_null(words[2]);
	words = g_hash_table_lookup(config.given, "guest2");
	assert_null(words[0]);
}

static void what_is_wrong(void **state)
{
	(void)state;
	refused("", "Key file");
	refused("[guestd]\nqemu=/q\n", "plugin");
	refused(MINIMUM "nonsense=1\n", "[guestd] nonsense= is unknown");
	refused(MINIMUM "[limit]\nguests=1\n", "[limit] guests= is unknown");
	refused("[guestd]\nqemu=q\n", "[guestd] qemu= is no absolute path");
	refused(MINIMUM "[files]\na=b\n", "[files] a= is no absolute path");
	refused(MINIMUM "[limits]\nguests=0\n", "[limits] guests=");
	refused(MINIMUM "[limits]\nlog=1k\n", "[limits] log=");
	refused(MINIMUM "what\n", "what");
}

static void no_file(void **state)
{
	(void)state;
	config_free(&config);
	assert_false(config_read(&config, "/nonexistent/conf", reason, sizeof(reason)));
	assert_non_null(strstr(reason, "/nonexistent/conf: No such file"));
	config_free(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_needed),
		cmocka_unit_test(what_may_be_said),
		cmocka_unit_test(what_is_wrong),
		cmocka_unit_test(no_file),
	};

	return cmocka_run_group_tests(tests, scratch_setup, scratch_teardown);
}
