// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdlib.h>
#include <unistd.h>

#include "run/initramfs.c"
#include "tests/unit/temporary.h"

#define HEADER	"070701"	/* of each file in an archive */

static const char *const modules[] = { "disk.ko", "bus.ko", "fs.ko", "sum.ko" };
static char directory[64];

static char *in_directory(const char *name)
{
	return g_build_filename(directory, name, NULL);
}

static void write_file(const char *name, const char *text, gssize length)
{
	g_autofree char *path = in_directory(name);

	assert_true(g_file_set_contents(path, text, length, NULL));
}

static int setup(void **state)
{
	static const char image[128 * 1024] = "\177ELF";

	(void)state;
	strcpy(directory, temporary("initramfs_test.XXXXXX"));
	assert_non_null(mkdtemp(directory));
	write_file("image", image, sizeof(image));
	write_file("modules.dep", "disk.ko: bus.ko\nbus.ko:\nfs.ko:\nsum.ko:\n", -1);
	write_file("modules.softdep", "softdep fs pre: sum\n", -1);
	for (size_t i = 0; i < G_N_ELEMENTS(modules); i++)
		write_file(modules[i], modules[i], -1);
	write_file("supervisor", "the supervisor", -1);
	write_file("more", "another archive", -1);
	return 0;
}

static int teardown(void **state)
{
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;

	(void)state;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = in_directory(name);

		unlink(path);
	}
	return rmdir(directory);
}

/* Write an initramfs with @names. Return what initramfs_write() does, and in @text what it has. */
static bool written(const char *const *names, const char *more, GBytes **text)
{
	g_autofree char *image = in_directory("image"), *initrd = in_directory("initrd");
	g_autofree char *supervisor = in_directory("supervisor");
	g_autofree char *behind = more ? in_directory(more) : NULL;
	struct kernel kernel = { 0 };
	bool good;

	assert_true(kernel_open(&kernel, image, directory));
	good = initramfs_write(initrd, supervisor, &kernel, names, behind);
	kernel_close(&kernel);
	*text = good ? read_file(initrd) : NULL;
	return good;
}

static size_t count(GBytes *bytes, const char *word)
{
	gsize left, length = strlen(word);
	const char *at = g_bytes_get_data(bytes, &left);
	size_t found = 0;

	while ((at = memmem(at, left, word, length))) {
		const char *end = g_bytes_get_data(bytes, NULL);

		at += length;
		left = end + g_bytes_get_size(bytes) - at;
		found++;
	}
	return found;
}

static void groups_are_told_apart(void **state)
{
	static const char *const names[] = { "disk", "fs", NULL };
	g_autoptr(GBytes) text = NULL;

	(void)state;
	assert_true(written(names, NULL, &text));
	assert_int_equal(count(text, "bus.ko\ndisk.ko\n\n-sum.ko\nfs.ko\n\n"), 1);
	assert_int_equal(count(text, "the supervisor"), 1);
	/* init, modules, modules/order, the four modules, and the trailer */
	assert_int_equal(count(text, HEADER), 8);
	assert_int_equal(g_bytes_get_size(text) % 4, 0);
}

static void an_archive_follows(void **state)
{
	static const char *const names[] = { NULL };
	g_autoptr(GBytes) text = NULL;

	(void)state;
	assert_true(written(names, "more", &text));
	assert_int_equal(count(text, HEADER), 4);
	assert_int_equal(count(text, "another archive"), 1);
}

static void what_cannot_be_read_is_named(void **state)
{
	static const char *const names[] = { "disk", NULL };
	g_autofree char *path = in_directory("bus.ko");
	g_autoptr(GBytes) text = NULL;

	(void)state;
	assert_int_equal(unlink(path), 0);
	assert_false(written(names, NULL, &text));
	write_file("bus.ko", "bus.ko", -1);
	assert_false(written(names, "no such archive", &text));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_are_told_apart),
		cmocka_unit_test(an_archive_follows),
		cmocka_unit_test(what_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
