// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/lock.h"
#include "apctl/definition.h"
#include "apctl/mdev.c"
#include "apctl/names.h"
#include "tests/unit/apctl/run.h"

#define DB1 "9bb1d2bc-1111-4222-8333-444444444444"
#define WEB "22222222-1111-4222-8333-444444444444"

/* Start with adapters 5 and 6 reserved. */
static int ready(void **state)
{
	kernel_start(state);
	kernel_load(true);
	assert_int_equal(run_line("reserve 5-6"), EXIT_DONE);
	return 0;
}

static struct matrix assigned(const char *uuid)
{
	assert_non_null(kernel_find(uuid));
	return kernel_find(uuid)->assigned;
}

static void a_device_is_defined_and_started(G_GNUC_UNUSED void **state)
{
	g_autofree char *text = NULL;
	struct matrix matrix;

	expect(EXIT_DONE, "create db1 --adapters 5,6 --domains 4,0xab --uuid " DB1);
	text = file_read(kernel.root, DEFINITIONS "/" DB1);
	assert_non_null(strstr(text, "\"start\": \"manual\""));
	assert_non_null(strstr(text, "\"assign_adapter\": \"0x05\""));
	assert_non_null(strstr(text, "\"assign_domain\": \"0xab\""));
	assert_null(strstr(text, "assign_control_domain"));
	expect(EXIT_DONE, "list");
	says("db1   defined  manual  -       5-6       4,0xab   none     " DB1 "\n");
	expect(EXIT_DONE, "start db1");
	matrix = assigned(DB1);
	assert_true(matrix_has(&matrix, APQN(6, 0xab)));
	expect(EXIT_DONE, "list");
	says("db1   active  manual  4/4");
	expect(EXIT_REFUSED, "start db1");
	complains("db1 is active already");
	expect(EXIT_REFUSED, "remove db1");
	complains("db1 is active; `apctl stop db1` first");
	expect(EXIT_DONE, "stop 9bb1");
	assert_null(kernel_find(DB1));
	expect(EXIT_REFUSED, "stop db1");
	complains("db1 is not active");
	expect(EXIT_DONE, "remove db1");
	expect(EXIT_REFUSED, "start db1");
	complains("db1: there is no such device");
}

static void names_make_uuids(G_GNUC_UNUSED void **state)
{
	g_autofree char *uuid = name_uuid("db1");

	assert_true(uuid_is_valid(uuid));
	expect(EXIT_DONE, "create db1 -a 5 -d 4 --auto --start");
	assert_non_null(kernel_find(uuid));
	expect(EXIT_DONE, "list");
	says("db1   active  auto  1/1 ");
	expect(EXIT_USAGE, "create db1 -a 5");
	complains("there is such a device");
	expect(EXIT_USAGE, "create 1db -a 5");
	complains("\"1db\" is not a name");
	expect(EXIT_USAGE, "create web --uuid abc");
	complains("\"abc\" is not a UUID");
}

static void queues_of_others_are_refused(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5 -d 4 --start");
	expect(EXIT_REFUSED, "create web -a 4-6 -d 4 --start");
	complains("04.0004: the host has it; `apctl reserve 4`");
	complains("05.0004: db1 has it; `apctl set db1` without it, or `apctl stop db1`");
	assert_null(strstr(err_text, "06.0004"));
	expect(EXIT_DONE, "list");
	says("web   defined ");
	expect(EXIT_DONE, "set web -a 6");
	expect(EXIT_DONE, "start web");
	expect(EXIT_REFUSED, "set web -a +5");
	complains("05.0004: db1 has it");
	expect(EXIT_REFUSED, "set web -a 4-6 -d 6");
	complains("04.0006: the host has it");
}

static void what_the_machine_cannot_have(G_GNUC_UNUSED void **state)
{
	kernel_put(KERNEL_BUS "/ap_max_domain_id=84\n");
	expect(EXIT_REFUSED, "create db1 -a 5 -d 0x55");
	complains("there is no domain 0x55: the machine's highest is 0x54");
}

static void set_edits_both(G_GNUC_UNUSED void **state)
{
	g_autofree char *uuid = name_uuid("db1");
	struct definition *definition;
	struct matrix matrix;

	expect(EXIT_DONE, "create db1 -a 5 -d 4,6 --control 6,7 --start");
	expect(EXIT_DONE, "set db1 --adapters +6 --domains -6,0x47");
	matrix = assigned(uuid);
	assert_true(matrix_has(&matrix, APQN(6, 0x47)));
	assert_false(mask_has(&matrix.aqm, 6));
	assert_false(mask_has(&matrix.adm, 6));
	assert_true(mask_has(&matrix.adm, 7));
	assert_false(mask_has(&matrix.adm, 0x47));
	definition = definition_read(kernel.root, uuid);
	assert_true(matrix_equal(&definition->matrix, &matrix));
	assert_false(definition->autostart);
	definition_free(definition);
	expect(EXIT_DONE, "set db1 --control none --auto");
	matrix = assigned(uuid);
	assert_true(mask_empty(&matrix.adm));
	definition = definition_read(kernel.root, uuid);
	assert_true(definition->autostart);
	definition_free(definition);
	expect(EXIT_USAGE, "set db1 -a +");
	complains("\"+\" is not a change of adapters");
}

static void a_running_guest_is_not_stopped(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5 -d 4 --start --uuid " DB1);
	kernel_find(DB1)->running = true;
	kernel_show();
	expect(EXIT_REFUSED, "stop db1");
	complains("a guest uses db1; shut it down");
	assert_non_null(kernel_find(DB1));
}

/*
 * Without ap_config, which older kernels lack, each number is written
 * separately.
 */
static void old_kernels_have_no_ap_config(G_GNUC_UNUSED void **state)
{
	const struct matrix nothing = { 0 };
	struct matrix first = { 0 }, second;

	kernel_device(DB1, NULL);
	mask_add(&first.apm, 5);
	mask_add(&first.aqm, 4);
	mask_add(&first.adm, 4);
	assert_int_equal(write_differences(kernel.root, DB1, &nothing, &first), 0);
	assert_true(matrix_equal(&kernel_find(DB1)->assigned, &first));
	second = first;
	mask_add(&second.apm, 6);
	mask_del(&second.aqm, 4);
	assert_int_equal(write_differences(kernel.root, DB1, &first, &second), 0);
	assert_true(matrix_equal(&kernel_find(DB1)->assigned, &second));
}

static void a_refused_start_leaves_no_device(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5 -d 4 --uuid " DB1);
	kernel.fail = "ap_config";
	expect(EXIT_REFUSED, "start db1");
	complains(DB1 ": the kernel refuses: Input/output error");
	assert_null(kernel_find(DB1));
	assert_false(file_exists(kernel.root, LOCK));
}

/*
 * Attributes of a definition that other programs have written are understood,
 * and kept.
 */
static void definitions_of_mdevctl(G_GNUC_UNUSED void **state)
{
	g_autofree char *text = NULL;

	kernel_put(DEFINITIONS "/" WEB "={\"mdev_type\": \"vfio_ap-passthrough\", \"start\": \"auto\", \"comment\": \"x\","
		   "\"attrs\": [{\"assign_adapter\": \"5\"}, {\"assign_domain\": \"0x4\"}, {\"other\": \"1\"}]}\n");
	kernel_put(DEFINITIONS "/33333333-1111-4222-8333-444444444444={\"mdev_type\": \"i915-GVTg\"}\n");
	expect(EXIT_DONE, "list");
	says("22222222  defined  auto  -       5         4        none     " WEB "\n");
	assert_null(strstr(out_text, "33333333"));
	expect(EXIT_DONE, "set 2222 -a 6");
	text = file_read(kernel.root, DEFINITIONS "/" WEB);
	assert_non_null(strstr(text, "\"comment\": \"x\""));
	assert_non_null(strstr(text, "\"other\": \"1\""));
	assert_non_null(strstr(text, "\"assign_adapter\": \"0x06\""));
	assert_null(strstr(text, "0x05"));
	expect(EXIT_REFUSED, "start 2222");
	complains("the kernel does not take 1 of the definition for other: No such file or directory");
	assert_null(kernel_find(WEB));
	kernel_put(DEFINITIONS "/22222222-2222-4222-8333-444444444444={\"mdev_type\": \"vfio_ap-passthrough\", \"start\": \"auto\"}\n");
	expect(EXIT_REFUSED, "start 2222");
	complains("2222: more than one device has a UUID that begins so");
}

static void attributes_of_a_definition_are_written(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	kernel_put(DEFINITIONS "/" WEB "={\"mdev_type\": \"vfio_ap-passthrough\", \"start\": \"manual\","
		   "\"attrs\": [{\"assign_adapter\": \"5\"}, {\"control_usage_domains\": \"1\"}]}\n");
	expect(EXIT_DONE, "start 2222");
	assert_true(kernel_find(WEB)->controls_usage);
	expect(EXIT_DONE, "set 2222 -d 4");
	expect(EXIT_DONE, "stop 2222");
	expect(EXIT_DONE, "start 2222");
	assert_true(kernel_find(WEB)->controls_usage);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, ready, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(a_device_is_defined_and_started),
		CASE(names_make_uuids),
		CASE(queues_of_others_are_refused),
		CASE(what_the_machine_cannot_have),
		CASE(set_edits_both),
		CASE(a_running_guest_is_not_stopped),
		CASE(old_kernels_have_no_ap_config),
		CASE(a_refused_start_leaves_no_device),
		CASE(definitions_of_mdevctl),
		CASE(attributes_of_a_definition_are_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
