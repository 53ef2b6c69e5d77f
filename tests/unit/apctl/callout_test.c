// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/callout.c"
#include "tests/unit/apctl/run.h"

#define DB1 "9bb1d2bc-1111-4222-8333-444444444444"

/* Start with adapters 5 and 6 reserved, and a device that has 05.0004. */
static int ready(void **state)
{
	kernel_start(state);
	kernel_load(true);
	assert_int_equal(run_line("reserve 5-6"), EXIT_DONE);
	assert_int_equal(run_line("create db1 --adapters 5 --domains 4 --uuid " DB1), EXIT_DONE);
	assert_int_equal(run_line("start db1"), EXIT_DONE);
	return 0;
}

/* Let @text be what mdevctl writes to the next call-out. */
static void input(const char *text)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	fputs(text, file);
	rewind(file);
	assert_int_equal(dup2(fileno(file), STDIN_FILENO), STDIN_FILENO);
	fclose(file);
}

#define ask(status, event, action, state)						\
	expect(status, "callout -t vfio_ap-passthrough -e " event " -a " action		\
		       " -s " state " -u " DB1 " -p matrix")

#define DEVICE(attributes) "{\"mdev_type\":\"vfio_ap-passthrough\",\"attrs\":[" attributes "]}"

static void other_types_are_left_to_others(G_GNUC_UNUSED void **state)
{
	input("");
	expect(NOT_OURS, "callout -t vfio_ccw-io -e get -a attributes -s none -u " DB1 " -p 0.0.0001");
	expect(EXIT_REFUSED, "callout -t vfio_ap-passthrough -e get");
	complains("mdevctl gives a call-out");
}

static void it_tells_what_it_can_do(G_GNUC_UNUSED void **state)
{
	input("{\"provides\":{\"version\":2}}");
	ask(EXIT_DONE, "get", "capabilities", "none");
	says("{\"supports\":{\"version\":2,");
	says("\"live\"");
}

static void it_tells_attributes(G_GNUC_UNUSED void **state)
{
	input("");
	ask(EXIT_DONE, "get", "attributes", "none");
	assert_string_equal(out_text, "[{\"assign_adapter\":\"0x05\"},{\"assign_domain\":\"0x04\"}]\n");
}

static void an_active_device_is_changed(G_GNUC_UNUSED void **state)
{
	struct matrix now;

	input(DEVICE("{\"assign_adapter\":\"5\"},{\"assign_adapter\":\"6\"},{\"assign_domain\":\"0x47\"}"));
	ask(EXIT_DONE, "live", "modify", "none");
	now = kernel_find(DB1)->assigned;
	assert_true(matrix_has(&now, APQN(5, 0x47)) && matrix_has(&now, APQN(6, 0x47)));
	assert_false(matrix_has(&now, APQN(5, 4)));
	input(DEVICE(""));
	ask(EXIT_DONE, "live", "modify", "none");
	now = kernel_find(DB1)->assigned;
	assert_true(mask_count(&now.apm) == 0 && mask_count(&now.aqm) == 0);
}

/* Assert that the device is as it was after a live change with @text. */
static void refused(const char *text, const char *why)
{
	struct matrix now;

	input(text);
	ask(EXIT_REFUSED, "live", "modify", "none");
	complains(why);
	now = kernel_find(DB1)->assigned;
	assert_true(matrix_has(&now, APQN(5, 4)));
	assert_int_equal(mask_count(&now.apm), 1);
	assert_int_equal(mask_count(&now.aqm), 1);
}

static void what_cannot_be_changed(G_GNUC_UNUSED void **state)
{
	refused(DEVICE("{\"assign_adapter\":\"4\"},{\"assign_domain\":\"4\"}"), "04.0004");
	refused(DEVICE("{\"assign_adapter\":\"5\"},{\"activate\":\"0\"}"), "\"0\" as its activate");
	refused(DEVICE("{\"control_usage_domains\":\"2\"}"), "control_usage_domains");
	refused("{\"mdev_type\":\"vfio_ccw-io\"}", "not the definition of a vfio_ap device");
	refused("[", "not the definition of a vfio_ap device");
	refused("", "not the definition of a vfio_ap device");
}

static void a_device_that_is_not_active(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "stop db1");
	input(DEVICE(""));
	ask(EXIT_REFUSED, "live", "modify", "none");
	complains("is not active");
	input("");
	ask(EXIT_DONE, "get", "attributes", "none");
	assert_string_equal(out_text, "");
}

/* mdevctl removes a device whose start has failed. */
static void why_a_start_has_failed(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "stop db1");
	kernel_put(KERNEL_MATRIX "/refusal=apmask: 05.0006: of another\n" DB1 ": assign_domain 4: the reason\n");
	input(DEVICE(""));
	ask(EXIT_DONE, "post", "start", "failure");
	complains("the reason");
	assert_null(strstr(err_text, "of another"));
	input(DEVICE(""));
	ask(EXIT_DONE, "post", "start", "success");
	assert_string_equal(err_text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, ready, run_stop)
		TEST(other_types_are_left_to_others),
		TEST(it_tells_what_it_can_do),
		TEST(it_tells_attributes),
		TEST(an_active_device_is_changed),
		TEST(what_cannot_be_changed),
		TEST(a_device_that_is_not_active),
		TEST(why_a_start_has_failed),
#undef TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
