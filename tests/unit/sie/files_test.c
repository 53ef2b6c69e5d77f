// SPDX-License-Identifier: GPL-2.0-only
/* Which files of the host /guest/ of the LPAR reaches, and which not. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "sie/host/files.c"

static struct config config;
static char reason[REQUEST_REASON];

static void make_link(const char *target, const char *name)
{
	g_autofree char *path = scratch_path(name);

	assert_int_equal(symlink(target, path), 0);
}

static void make_directory(const char *name)
{
	g_autofree char *path = scratch_path(name);

	assert_int_equal(mkdir(path, 0700), 0);
}

static int setup(void **state)
{
	g_autofree char *fifo = NULL;

	if (scratch_setup(state))
		return 1;
	make_directory("files");
	make_directory("files/sub");
	scratch_write("outside", "outside");
	scratch_write("files/inside", "inside");
	scratch_write("files/sub/deep", "deep");
	make_link("../outside", "files/up");
	make_link("inside", "files/beside");
	make_link("/etc", "files/etc");
	make_link("sub", "files/same");
	fifo = scratch_path("files/fifo");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	config.files = scratch_path("files");
	config.named = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
	g_hash_table_insert(config.named, "elsewhere", scratch_path("outside"));
	g_hash_table_insert(config.named, "gone", scratch_path("nothing"));
	return 0;
}

static int teardown(void **state)
{
	g_free(config.files);
	g_hash_table_unref(config.named);
	return scratch_teardown(state);
}

static void has(const char *path, const char *text)
{
	char bytes[16] = "";
	int fd = files_open(&config, path, reason);

	assert_true(fd >= 0);
	assert_int_equal(read(fd, bytes, sizeof(bytes)), strlen(text));
	assert_string_equal(bytes, text);
	close(fd);
}

static void refused(const char *path, const char *why)
{
	assert_int_equal(files_open(&config, path, reason), -1);
	assert_non_null(strstr(reason, path));
	assert_non_null(strstr(reason, why));
}

static void files_below(void **state)
{
	(void)state;
	has("/guest/inside", "inside");
	has("/guest/sub/deep", "deep");
}

static void files_named(void **state)
{
	(void)state;
	has("/guest/elsewhere", "outside");
	refused("/guest/gone", "No such file");
	refused("/guest/elsewhere/x", "No such file");
}

static void symbolic_links(void **state)
{
	(void)state;
	refused("/guest/up", "symbolic links are not followed");
	refused("/guest/beside", "symbolic links are not followed");
	refused("/guest/etc/hostname", "symbolic links are not followed");
	refused("/guest/same/deep", "symbolic links are not followed");
}

static void what_is_no_file(void **state)
{
	(void)state;
	refused("/guest/sub", "not a regular file");
	refused("/guest/fifo", "not a regular file");
	refused("/guest/nothing", "No such file");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_below),
		cmocka_unit_test(files_named),
		cmocka_unit_test(symbolic_links),
		cmocka_unit_test(what_is_no_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
