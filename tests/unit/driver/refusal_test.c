// SPDX-License-Identifier: GPL-2.0-only
/* What the attribute refusal tells, and what of it goes to the kernel's log: see docs/ABI. */
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/unit/kernel/kernel.h"

#include "driver/refusal.h"

static struct device dev = { .name = "device-1" };
static struct refusal refusal;
static char shown[PAGE_SIZE];

static int set_up(void **state)
{
	(void)state;
	refusal = (struct refusal){ 0 };
	assert_int_equal(vfio_ap_refusal_init(&refusal, &dev), 0);
	kernel_logged(&dev, "");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	vfio_ap_refusal_free(&refusal);
	assert_int_equal(kernel_held, 0);
	return 0;
}

static const char *show(const struct refusal *r)
{
	memset(shown, 'x', sizeof(shown));
	shown[vfio_ap_refusal_emit(r, shown, 0)] = '\0';
	return shown;
}

static void each_obstacle_repeats_the_request(void **state)
{
	(void)state;
	assert_string_equal(show(&refusal), "");
	vfio_ap_refusal_begin(&refusal, "assign_domain 0x%x", 0x47);
	assert_string_equal(show(&refusal), "");
	vfio_ap_refusal_add(&refusal, "05.%04x: assigned", 0x47);
	assert_string_equal(show(&refusal), "assign_domain 0x47: 05.0047: assigned\n");
	vfio_ap_refusal_add(&refusal, "and %s", "more");
	assert_string_equal(show(&refusal), "assign_domain 0x47: 05.0047: assigned\n"
					    "assign_domain 0x47: and more\n");
}

static void next_request_begins_anew(void **state)
{
	(void)state;
	vfio_ap_refusal_begin(&refusal, "a request that is rather long");
	vfio_ap_refusal_add(&refusal, "an obstacle");
	vfio_ap_refusal_begin(&refusal, "b");
	assert_string_equal(show(&refusal), "");
	vfio_ap_refusal_add(&refusal, "c");
	assert_string_equal(show(&refusal), "b: c\n");
	assert_int_equal(refusal.text[strlen("b: c\n") + 1], '\0');
}

/* As the kernel's readers may depend on what is behind the text that they have got. */
static void emits_where_it_is_told(void **state)
{
	(void)state;
	vfio_ap_refusal_begin(&refusal, "b");
	vfio_ap_refusal_add(&refusal, "c");
	strcpy(shown, "a\n");
	assert_int_equal(vfio_ap_refusal_emit(&refusal, shown, 2), 5);
	assert_string_equal(shown, "a\nb: c\n");
}

static void log_refusal(void)
{
	vfio_ap_refusal_log(&dev, vfio_ap_refusal_copy(&refusal));
}

static void log_has_what_is_copied(void **state)
{
	(void)state;
	vfio_ap_refusal_begin(&refusal, "a request");
	log_refusal();
	assert_int_equal(kernel_logged(&dev, ""), 0);
	vfio_ap_refusal_add(&refusal, "obstacle %d", 7);
	assert_int_equal(kernel_logged(&dev, ""), 0);
	log_refusal();
	assert_int_equal(kernel_logged(&dev, "a request: obstacle 7\n"), 1);
	assert_int_equal(kernel_logged(&dev, ""), 0);
	kernel_calls = 0;
	kernel_fail_at = 1;
	log_refusal();
	kernel_fail_at = 0;
	assert_int_equal(kernel_logged(&dev, ""), 0);
}

/* There can be 65536 obstacles. */
static void log_has_eight_of_each_request(void **state)
{
	(void)state;
	vfio_ap_refusal_begin(&refusal, "a request");
	for (int i = 1; i <= 20; i++)
		vfio_ap_refusal_add(&refusal, "obstacle %d.", i);
	log_refusal();
	assert_int_equal(kernel_logged(&dev, "obstacle 8."), 1);
	assert_int_equal(kernel_logged(&dev, "obstacle 9."), 0);
	assert_int_equal(kernel_logged(&dev, "obstacle "), 7);
}

/* Adds lines of @length characters until some are left out: each line is whole, "and more" the last. */
static void fill(unsigned int length)
{
	char line[128];
	const char *at;

	memset(line, 'x', sizeof(line));
	line[length - 4] = '\0';
	vfio_ap_refusal_begin(&refusal, "r");
	for (unsigned int i = 0; i < 2 * PAGE_SIZE / length; i++)
		vfio_ap_refusal_add(&refusal, "%s", line);
	vfio_ap_refusal_add(&refusal, "b");
	assert_true(vfio_ap_refusal_emit(&refusal, shown, 0) < (ssize_t)PAGE_SIZE);
	for (at = shown; *at == 'r'; at += length) {
		assert_int_equal(strspn(at + strlen("r: "), "x"), length - 4);
		assert_int_equal(at[length - 1], '\n');
	}
	assert_string_equal(at, "and more\n");
	/* There was no room for one more. */
	assert_true(strlen(shown) + length + 4 >= PAGE_SIZE);
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
	(void)state;
	for (unsigned int length = 5; length < 128; length++)
		fill(length);
}

static void text_is_good_after_one_that_was_full(void **state)
{
	(void)state;
	fill(100);
	vfio_ap_refusal_begin(&refusal, "b");
	vfio_ap_refusal_add(&refusal, "c");
	assert_string_equal(show(&refusal), "b: c\n");
}

/* mdevctl removes what it could not start, and its user wants to know why. */
static void refusal_outlives_its_device(void **state)
{
	struct device parent = { .name = "matrix" };
	struct refusal kept = { 0 };

	(void)state;
	assert_int_equal(vfio_ap_refusal_init(&kept, &parent), 0);
	vfio_ap_refusal_keep(&kept, &refusal);
	assert_string_equal(show(&kept), "");
	vfio_ap_refusal_begin(&refusal, "open");
	vfio_ap_refusal_add(&refusal, "no guest");
	vfio_ap_refusal_add(&refusal, "100%%n");
	vfio_ap_refusal_keep(&kept, &refusal);
	assert_string_equal(show(&kept), "device-1: open: no guest\ndevice-1: open: 100%n\n");
	vfio_ap_refusal_begin(&refusal, "a request that is granted");
	vfio_ap_refusal_keep(&kept, &refusal);
	assert_string_equal(show(&kept), "device-1: open: no guest\ndevice-1: open: 100%n\n");
	fill(100);
	vfio_ap_refusal_keep(&kept, &refusal);
	assert_int_equal(strncmp(show(&kept), "device-1: r: xxx", 16), 0);
	assert_non_null(strstr(shown, "\nand more\n"));
	vfio_ap_refusal_free(&kept);
}

static void without_memory_nothing_is_held(void **state)
{
	(void)state;
	kernel_calls = 0;
	kernel_fail_at = 1;
	assert_int_equal(vfio_ap_refusal_init(&refusal, &dev), -ENOMEM);
	assert_int_equal(kernel_held, 0);
	kernel_fail_at = 0;
}

#define POINT(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	POINT(each_obstacle_repeats_the_request),
	POINT(next_request_begins_anew),
	POINT(emits_where_it_is_told),
	POINT(log_has_what_is_copied),
	POINT(log_has_eight_of_each_request),
	POINT(what_does_not_fit_is_left_out_whole),
	POINT(text_is_good_after_one_that_was_full),
	POINT(refusal_outlives_its_device),
	cmocka_unit_test(without_memory_nothing_is_held),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
