// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "run/kernel.c"
#include "tests/unit/temporary.h"

static char directory[64];

static void put(const char *name, const char *text)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);

	assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* Write an image of zeros with @magic at offset @place. */
static void put_image(size_t place, const char *magic)
{
	g_autofree char *path = g_build_filename(directory, "image", NULL);
	char image[MAGIC_PLACE + 64] = { 0 };

	strcpy(image + place, magic);
	assert_true(g_file_set_contents(path, image, sizeof(image), NULL));
}

static int setup(void **state)
{
	(void)state;
	strcpy(directory, temporary("kernel_test.XXXXXX"));
	assert_non_null(mkdtemp(directory));
	put_image(MAGIC_PLACE, MAGIC);
	put("modules.dep", "fs/ext4.ko: fs/mbcache.ko fs/jbd2.ko\nfs/jbd2.ko:\nfs/mbcache.ko:\n"
	    "fs/xfs.ko.xz: lib/libcrc32c.ko.xz\nlib/libcrc32c.ko.xz:\n"
	    "crypto/crc32c-generic.ko:\ncrypto/crc32c_s390.ko: crypto/crc.ko\ncrypto/crc.ko:\n"
	    "fs/one.ko:\nfs/other.ko:\n");
	put("modules.builtin", "kernel/fs/btrfs.ko\n");
	put("modules.alias", "# Aliases\nalias crypto-crc32c crc32c_generic\nalias crypto-crc32c crc32c_s390\n"
	    "alias cpu:type:*:feature:* crc32c_s390\n");
	put("modules.softdep", "# Soft dependencies\nsoftdep ext4 pre: crypto-crc32c\nsoftdep jbd2 pre: crypto-crc32c\n"
	    "softdep libcrc32c pre: crc32c-generic gone post: mbcache\nsoftdep one pre: other\n"
	    "softdep other pre: one\nsoftdep mbcache\n");
	return 0;
}

static int teardown(void **state)
{
	static const char *const names[] = {
		"image", "modules.dep", "modules.builtin", "modules.alias", "modules.softdep",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path = g_build_filename(directory, names[i], NULL);

		unlink(path);
	}
	return rmdir(directory);
}

/* State which groups kernel_groups() makes of @names; each ends in "/". */
static void groups(const char *const *names, const char *expected)
{
	g_autofree char *image = g_build_filename(directory, "image", NULL);
	g_autoptr(GString) seen = g_string_new(NULL);
	g_autoptr(GPtrArray) made = NULL;
	struct kernel kernel = { 0 };

	assert_true(kernel_open(&kernel, image, directory));
	made = kernel_groups(&kernel, names);
	for (guint i = 0; i < made->len; i++) {
		GPtrArray *group = made->pdata[i];

		for (guint j = 0; j < group->len; j++)
			g_string_append_printf(seen, "%s ", (char *)group->pdata[j]);
		g_string_append_c(seen, '/');
	}
	assert_string_equal(seen->str, expected);
	kernel_close(&kernel);
}

static void modules_that_need_one_another_are_a_group(void **state)
{
	(void)state;
	groups((const char *const[]){ "mbcache", "crc", "one", NULL },
	       "fs/mbcache.ko /crypto/crc.ko /fs/other.ko fs/one.ko /");
	groups((const char *const[]){ "jbd2", "mbcache", "xfs", NULL },
	       "fs/mbcache.ko /crypto/crc32c-generic.ko crypto/crc.ko crypto/crc32c_s390.ko fs/jbd2.ko "
	       "lib/libcrc32c.ko.xz fs/xfs.ko.xz /");
}

/*
 * State which paths kernel_need() adds for @name; those that may fail begin
 * with '-'.
 */
static void needs(const char *name, const char *expected)
{
	g_autofree char *image = g_build_filename(directory, "image", NULL);
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	g_autoptr(GString) seen = g_string_new(NULL);
	struct kernel kernel = { 0 };

	assert_true(kernel_open(&kernel, image, directory));
	assert_true(kernel_need(&kernel, name, paths));
	for (guint i = 0; i < paths->len; i++)
		g_string_append_printf(seen, "%s%s ", kernel_is_wish(&kernel, paths->pdata[i]) ? "-" : "",
				       (char *)paths->pdata[i]);
	assert_string_equal(seen->str, expected);
	kernel_close(&kernel);
}

static void all_that_provide_a_wish_come_before(void **state)
{
	(void)state;
	needs("ext4", "-crypto/crc32c-generic.ko crypto/crc.ko -crypto/crc32c_s390.ko fs/jbd2.ko fs/mbcache.ko fs/ext4.ko ");
}

static void a_dependency_wishes_for_a_module(void **state)
{
	(void)state;
	needs("xfs", "-crypto/crc32c-generic.ko lib/libcrc32c.ko.xz fs/xfs.ko.xz ");
}

static void what_is_built_in_needs_nothing(void **state)
{
	(void)state;
	needs("btrfs", "");
}

static void two_that_wish_for_each_other(void **state)
{
	(void)state;
	needs("one", "-fs/other.ko -fs/one.ko ");
}

static bool is_taken(void)
{
	g_autofree char *image = g_build_filename(directory, "image", NULL);
	struct kernel kernel = { 0 };
	bool taken = kernel_open(&kernel, image, directory);

	kernel_close(&kernel);
	return taken;
}

static void images(void **state)
{
	(void)state;
	assert_true(is_taken());
	put_image(0, "\177ELF");
	assert_true(is_taken());
	put_image(MAGIC_PLACE + 1, MAGIC);
	assert_false(is_taken());
	put("image", MAGIC);
	assert_false(is_taken());
	put("image", "");
	assert_false(is_taken());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_that_provide_a_wish_come_before),
		cmocka_unit_test(a_dependency_wishes_for_a_module),
		cmocka_unit_test(what_is_built_in_needs_nothing),
		cmocka_unit_test(two_that_wish_for_each_other),
		cmocka_unit_test(modules_that_need_one_another_are_a_group),
		cmocka_unit_test(images),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
