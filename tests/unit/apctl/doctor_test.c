// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/doctor.c"
#include "tests/unit/apctl/run.h"

#define DB1	"11111111-1111-4222-8333-444444444444"
#define WEB	"22222222-1111-4222-8333-444444444444"
#define OFF_KEY	"AES CUR: invalid 0x0000000000000000\nAES NEW: empty 0x0000000000000000\n"
#define KEY(x)	"AES CUR: valid 0x" x "\nAES NEW: empty 0x0000000000000000\n"

/* Start with adapter 5 reserved, for the next boot, too, and without faults. */
static int healthy(void **state)
{
	kernel_start(state);
	kernel_load(false);
	assert_int_equal(run_line("reserve 5 --persist"), EXIT_DONE);
	assert_int_equal(run_line("doctor"), EXIT_DONE);
	return 0;
}

/*
 * State that the doctor finds what the test has caused, and nothing else.
 * Remarks are not faults.
 */
static void finds(const char *name, const char *text, const char *way_out)
{
	g_autofree char *line = g_strdup_printf("%s: %s", name, text);
	g_auto(GStrv) lines = NULL;

	if (run_line("doctor") != EXIT_REFUSED)
		fail_msg("%s was not found:\n%s", name, out_text);
	says(line);
	says(way_out);
	lines = g_strsplit(out_text, "\n", -1);
	for (char **each = lines; *each; each++)
		if (**each && **each != ' ' && g_ascii_islower(**each) && strchr(*each, ':') &&
		    !g_str_has_prefix(*each, name) && !g_str_has_prefix(*each, "apctl:") &&
		    !g_str_has_prefix(*each, "control-domain: ") &&
		    !g_str_has_prefix(*each, "change the"))
			fail_msg("more than %s was found:\n%s", name, out_text);
}

static void nothing_is_wrong(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "doctor");
	assert_string_equal(out_text, "nothing found\n");
}

static void without_the_module(G_GNUC_UNUSED void **state)
{
	g_autofree char *driver = file_path(kernel.root, KERNEL_BUS "/drivers/vfio_ap");

	kernel.loaded = false;
	kernel_bind_all();
	kernel_remove(driver);
	finds("module", "vfio_ap is not loaded, and 4 queues wait for it", "`modprobe vfio_ap`");
}

static void without_queues(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "release 5 --persist");
	finds("nothing-reserved", "vfio_ap is loaded and has no queue", "`apctl reserve ADAPTERS`");
}

static void queues_without_driver(G_GNUC_UNUSED void **state)
{
	kernel_bind(APQN(5, 4), "");
	finds("unbound", "05.0004 has no driver", "`echo 05.0004 >/sys/bus/ap/drivers_probe`");
}

static void a_guest_without_its_queue(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "reserve 7 --persist");
	expect(EXIT_DONE, "create db1 -a 5,7 -d 4 --start --uuid " DB1);
	expect(EXIT_REFUSED, "doctor");
	says("lacking: 07.0004: db1 would run without it (db1 gone)");
	kernel_find(DB1)->running = true;
	kernel_show();
	finds("lacking", "07.0004: db1 runs without it (db1 gone)", "`apctl` shows");
}

static void a_quarantined_queue(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	kernel.reason[APQN(5, 4)] = "quarantined";
	kernel_show();
	finds("quarantined", "05.0004 could not be zeroized in time", "tried again");
}

static void master_keys_unset_and_changed(G_GNUC_UNUSED void **state)
{
	kernel_put(KERNEL_AP "/card06/06.0004/mkvps=" OFF_KEY);
	finds("master-key", "06.0004: no master key is set", "key management console");
	kernel_put(KERNEL_AP "/card06/06.0004/mkvps=" KEY("1111111111111111"));
	expect(EXIT_DONE, "doctor");
	kernel_put(KERNEL_AP "/card06/06.0004/mkvps=" KEY("2222222222222222"));
	finds("master-key", "06.0004: the master keys have changed since they were seen last; they were AES 1111111111111111",
	      "re-encipher");
	expect(EXIT_DONE, "doctor");
}

static void masks_beside_overrides(G_GNUC_UNUSED void **state)
{
	kernel.overrides = true;
	kernel_queue(APQN(4, 4));
	expect(EXIT_DONE, "release 5");
	expect(EXIT_DONE, "reserve 5 --by override");
	finds("mixed", "queues have overrides now, and the next boot sets masks", "decide for one");
}

static void the_module_before_the_masks(G_GNUC_UNUSED void **state)
{
	kernel_put("/etc/modules-load.d/vfio.conf=# comment\nvfio_ap\n");
	finds("boot-order", "/etc/modules-load.d/vfio.conf loads vfio_ap before the masks are set",
	      "remove the line");
	kernel_put("/etc/modules-load.d/vfio.conf=#vfio_ap\n");
	expect(EXIT_DONE, "doctor");
	kernel_put("/etc/modules=vfio_ap\n");
	finds("boot-order", "/etc/modules loads vfio_ap", "remove the line");
}

static void masks_of_this_boot_only(G_GNUC_UNUSED void **state)
{
	g_autofree char *rule = file_path(kernel.root, RULE);

	assert_int_equal(unlink(rule), 0);
	finds("not-persistent", "the masks are set for this boot only", "--persist");
}

static void boots_that_cannot_end_well(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5,6 -d 4 --auto");
	finds("boot-conflict", "06.0004: db1 is started at boot, and the host keeps it then", "--persist");
	expect(EXIT_DONE, "set db1 -a 5");
	expect(EXIT_DONE, "doctor");
	expect(EXIT_DONE, "create web -a 5 -d 4 --auto");
	finds("boot-conflict", "05.0004: db1 and web are started at boot, and both claim it", "`apctl set`");
}

static void usage_domains_without_control(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5 -d 4,6 --start");
	expect(EXIT_DONE, "doctor");
	says("control-domain: db1 uses domains 4,6 without controlling them: its guest cannot change their master keys\n  `apctl set db1 --control +4,6` lets it\n");
	expect(EXIT_DONE, "set db1 --control +4");
	expect(EXIT_DONE, "doctor");
	says("control-domain: db1 uses domains 6 without controlling them");
	expect(EXIT_DONE, "set db1 --control +6");
	expect(EXIT_DONE, "doctor");
	says("nothing found\n");
}

static void usage_domains_that_are_controlled_by_themselves(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	expect(EXIT_DONE, "create db1 -a 5 -d 4,6 --start --uuid " DB1);
	kernel_find(DB1)->controls_usage = true;
	kernel_show();
	expect(EXIT_DONE, "doctor");
	says("nothing found\n");
}

static void a_domain_that_another_device_had(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "create db1 -a 5 -d 4 --start --uuid " DB1);
	expect(EXIT_DONE, "stop db1");
	/* mdevctl has started this one. */
	kernel_device(WEB, "0x04,0x08,0x08");
	finds("fence", "domains went from one device to another with their master keys:\napctl: 05.0004: 22222222 gets the domain that db1 had, and nobody has looked at its master keys since",
	      "--fence");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, healthy, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(nothing_is_wrong),
		CASE(without_the_module),
		CASE(without_queues),
		CASE(queues_without_driver),
		CASE(a_guest_without_its_queue),
		CASE(a_quarantined_queue),
		CASE(master_keys_unset_and_changed),
		CASE(masks_beside_overrides),
		CASE(the_module_before_the_masks),
		CASE(masks_of_this_boot_only),
		CASE(boots_that_cannot_end_well),
		CASE(usage_domains_without_control),
		CASE(usage_domains_that_are_controlled_by_themselves),
		CASE(a_domain_that_another_device_had),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
