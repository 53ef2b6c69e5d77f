// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <sys/wait.h>

#include "apctl/reserve.c"
#include "tests/unit/apctl/run.h"

#define DB1	"11111111-1111-4222-8333-444444444444"
#define FULL	"0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define NO_5	"0xfbffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define NO_5_6	"0xf9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define NO_4	"0xf7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"

static void reads(const char *file, const char *text)
{
	g_autofree char *seen = file_read(kernel.root, "%s", file);

	assert_string_equal(seen ? seen : "", text);
}

static void adapters_by_masks(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	expect(EXIT_DONE, "reserve 5-6");
	says("05.0004: host -> vfio_ap\n");
	says("06.00ab: host -> vfio_ap\n");
	assert_null(strstr(out_text, "04."));
	reads("/sys/bus/ap/apmask", NO_5_6);
	reads("/sys/bus/ap/aqmask", FULL);
	assert_string_equal(kernel.driver[APQN(5, 4)], "vfio_ap");
	expect(EXIT_DONE, "reserve 5-6");
	says("no queue changes hands\n");
	expect(EXIT_DONE, "release 6");
	says("06.0004: vfio_ap -> host\n");
	reads("/sys/bus/ap/apmask", NO_5);
	assert_string_equal(kernel.driver[APQN(6, 4)], "cex4queue");
}

static void domains_by_masks(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	expect(EXIT_DONE, "reserve --domains 4");
	reads("/sys/bus/ap/aqmask", NO_4);
	reads("/sys/bus/ap/apmask", FULL);
	expect(EXIT_DONE, "release --domains 4");
	reads("/sys/bus/ap/aqmask", FULL);
}

static void nothing_more_than_was_asked_for(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	kernel.writes = 0;
	expect(EXIT_REFUSED, "reserve 5 --domains 4");
	complains("2 more queues would change hands:\n  04.0004\n  06.0004\n");
	complains("--whole adapters or --whole domains");
	assert_int_equal(kernel.writes, 0);
	expect(EXIT_DONE, "reserve 4-6 --domains 4");
	reads("/sys/bus/ap/aqmask", NO_4);
	expect(EXIT_DONE, "release --domains 4");
	expect(EXIT_DONE, "reserve 5 --domains 4 --whole adapters");
	reads("/sys/bus/ap/apmask", NO_5);
	reads("/sys/bus/ap/aqmask", FULL);
	expect(EXIT_REFUSED, "release 5 --domains 4");
	complains("05.0006\n");
	expect(EXIT_DONE, "release 5 --domains 4 --whole adapters");
	expect(EXIT_DONE, "reserve 5 --domains 4 --whole domains");
	reads("/sys/bus/ap/aqmask", NO_4);
	expect(EXIT_USAGE, "reserve 5 --domains 4 --whole moon");
}

static void a_dry_run_changes_nothing(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	kernel.writes = 0;
	expect(EXIT_DONE, "reserve 5 --dry-run --persist");
	says("05.0004: host -> vfio_ap\n");
	assert_int_equal(kernel.writes, 0);
	assert_false(file_exists(kernel.root, RULE));
}

static void a_guest_keeps_its_queues(G_GNUC_UNUSED void **state)
{
	struct kernel_device *device;

	kernel_load(true);
	expect(EXIT_DONE, "reserve 5-6");
	device = kernel_device(DB1, "0x04,0x08,0");
	device->running = true;
	kernel_show();
	kernel.writes = 0;
	expect(EXIT_REFUSED, "release 5-6");
	complains("05.0004: 11111111 has it in its running guest; `apctl set 11111111`");
	assert_int_equal(kernel.writes, 0);
	device->running = false;
	kernel_show();
	expect(EXIT_REFUSED, "release 5");
	complains("05.0004: 11111111 has it assigned");
	expect(EXIT_DONE, "release 6");
}

static void single_queues_by_override(G_GNUC_UNUSED void **state)
{
	expect(EXIT_USAGE, "reserve 5 --by override");
	complains("Linux has that from 6.19 on");
	kernel.overrides = true;
	kernel_queue(APQN(4, 4));
	kernel_load(true);
	expect(EXIT_DONE, "reserve 5 --domains 4,6 --by override");
	says("05.0004: host -> vfio_ap\n05.0006: host -> vfio_ap\n");
	assert_string_equal(kernel.driver[APQN(5, 4)], "vfio_ap");
	assert_string_equal(kernel.driver[APQN(5, 0x47)], "cex4queue");
	reads("/sys/bus/ap/apmask", FULL);
	/* Without --by, the way in use is kept. */
	expect(EXIT_DONE, "reserve 6 --domains 4");
	assert_string_equal(kernel.driver[APQN(6, 4)], "vfio_ap");
	expect(EXIT_USAGE, "reserve 6 --by masks");
	complains("the kernel allows no masks beside them");
	expect(EXIT_DONE, "release 5 --domains 4");
	assert_string_equal(kernel.driver[APQN(5, 4)], "cex4queue");
	assert_string_equal(kernel.driver[APQN(5, 6)], "vfio_ap");
	expect(EXIT_REFUSED, "reserve 5 --persist");
	complains("overrides do not outlive the boot");
}

static void an_override_is_not_taken_from_a_guest(G_GNUC_UNUSED void **state)
{
	kernel.overrides = true;
	kernel_queue(APQN(4, 4));
	kernel_load(true);
	expect(EXIT_DONE, "reserve 5 --domains 4 --by override");
	kernel_device(DB1, "0x04,0x08,0")->running = true;
	kernel_show();
	expect(EXIT_REFUSED, "release 5");
	complains("05.0004: 11111111 has it in its running guest");
	assert_string_equal(kernel.driver[APQN(5, 4)], "vfio_ap");
}

static void a_failing_override_takes_the_others_back(G_GNUC_UNUSED void **state)
{
	kernel.overrides = true;
	kernel_queue(APQN(4, 4));
	kernel_load(true);
	kernel.fail = "05.0047/driver_override";
	expect(EXIT_REFUSED, "reserve 5 --by override");
	complains("the kernel refuses");
	assert_string_equal(kernel.driver[APQN(5, 4)], "cex4queue");
	assert_null(kernel.override[APQN(5, 4)]);
}

static void a_failing_mask_takes_the_other_one_back(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	expect(EXIT_DONE, "reserve 5");
	expect(EXIT_DONE, "reserve --domains 4");
	kernel.fail = "apmask";
	expect(EXIT_REFUSED, "release 5 --domains 4 --whole domains");
	reads("/sys/bus/ap/apmask", NO_5);
	reads("/sys/bus/ap/aqmask", NO_4);
	assert_false(file_exists(kernel.root, LOCK));
}

#define RULE_HEAD									\
	"# Generated by chzdev\n"							\
	"ACTION==\"change\", SUBSYSTEM==\"ap\", DEVPATH==\"/devices/ap\", "		\
	"ENV{BINDINGS}==\"complete\", ENV{COMPLETECOUNT}==\"1\", GOTO=\"cfg_ap\"\n"	\
	"GOTO=\"end_ap\"\n\nLABEL=\"cfg_ap\"\n\n"
#define RULE_TAIL "RUN{builtin}+=\"kmod load vfio_ap\"\n\nLABEL=\"end_ap\""

static void the_next_boot_is_as_chzdev_has_it(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	expect(EXIT_DONE, "reserve 5 --persist");
	reads(RULE, RULE_HEAD "ATTR{../../bus/ap/apmask}=\"" NO_5 "\"\n"
	      "ATTR{../../bus/ap/aqmask}=\"" FULL "\"\n" RULE_TAIL);
	/*
	 * Changes by chzdev are kept. A mask that is missing in the rule is
	 * taken from the kernel.
	 */
	kernel_put(RULE "=" RULE_HEAD "ATTR{../../bus/ap/aqmask}=\"" NO_4 "\"\n" RULE_TAIL "\n");
	expect(EXIT_DONE, "reserve 6 --persist");
	reads(RULE, RULE_HEAD "ATTR{../../bus/ap/apmask}=\"" NO_5_6 "\"\n"
	      "ATTR{../../bus/ap/aqmask}=\"" NO_4 "\"\n" RULE_TAIL);
}

static void a_dead_process_has_no_lock(G_GNUC_UNUSED void **state)
{
	pid_t child = fork();

	if (!child)
		_exit(0);
	waitpid(child, NULL, 0);
	kernel_put(LOCK "=%d\n", child);
	expect(EXIT_DONE, "reserve 5");
	assert_false(file_exists(kernel.root, LOCK));
}

/* A process that waits for the lock gets it when it is released. */
static void the_lock_of_another_is_waited_for(G_GNUC_UNUSED void **state)
{
	g_autofree char *path = file_path(kernel.root, LOCK);
	pid_t child;

	kernel_put(LOCK "=%d\n", getppid());
	child = fork();
	if (!child) {
		g_usleep(300 * 1000);
		_exit(unlink(path));
	}
	expect(EXIT_DONE, "reserve 5");
	reads("/sys/bus/ap/apmask", NO_5);
	waitpid(child, NULL, 0);
}

static void wrong_lists(G_GNUC_UNUSED void **state)
{
	expect(EXIT_USAGE, "reserve");
	complains("give adapters, --domains or both");
	expect(EXIT_USAGE, "reserve 5,");
	complains("\"5,\" is not a list of adapters");
	expect(EXIT_USAGE, "reserve 5 --domains 256");
	complains("\"256\" has domains above 255");
	expect(EXIT_USAGE, "reserve +5");
	expect(EXIT_USAGE, "reserve 5 6");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kernel_start, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(adapters_by_masks),
		CASE(domains_by_masks),
		CASE(nothing_more_than_was_asked_for),
		CASE(a_dry_run_changes_nothing),
		CASE(a_guest_keeps_its_queues),
		CASE(single_queues_by_override),
		CASE(an_override_is_not_taken_from_a_guest),
		CASE(a_failing_override_takes_the_others_back),
		CASE(a_failing_mask_takes_the_other_one_back),
		CASE(the_next_boot_is_as_chzdev_has_it),
		CASE(a_dead_process_has_no_lock),
		CASE(the_lock_of_another_is_waited_for),
		CASE(wrong_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
