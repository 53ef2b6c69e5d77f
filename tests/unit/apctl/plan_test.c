// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/plan.c"
#include "tests/unit/apctl/run.h"

#define DB1 "11111111-1111-4222-8333-444444444444"
#define WEB "22222222-1111-4222-8333-444444444444"

static int ready(void **state)
{
	kernel_start(state);
	kernel_load(true);
	return 0;
}

/* Run plan or apply with a file of this text. */
static int with(const char *command, const char *text)
{
	g_autofree char *line = g_strdup_printf("%s %s/plan.toml", command, kernel.root);

	kernel_put("/plan.toml=%s", text);
	return run_line(line);
}

#define expect_with(status, command, text)						\
	do {										\
		int seen_status = with(command, text);					\
											\
		if (seen_status != (status))						\
			fail_msg("%s ended with %d:\n%s%s", command, seen_status,	\
				 out_text, err_text);					\
	} while (0)

#define TWO "[reserve]\nadapters = \"5-6\"\n\n"						\
	    "[guest.db1]\nuuid = \"" DB1 "\"\nadapters = 5\ndomains = \"4,0xab\"\ncontrol = 0xab\n"	\
	    "[guest.web]\nuuid = \"" WEB "\"\nadapters = [6]\ndomains = [0x47, \"6\"]\n"

static void assert_applied(void)
{
	struct kernel_device *db1 = kernel_find(DB1), *web = kernel_find(WEB);

	assert_non_null(db1);
	assert_non_null(web);
	assert_true(matrix_has(&db1->assigned, APQN(5, 4)) && matrix_has(&db1->assigned, APQN(5, 0xab)));
	assert_int_equal(mask_count(&db1->assigned.aqm), 2);
	assert_true(mask_has(&db1->assigned.adm, 0xab));
	assert_true(matrix_has(&web->assigned, APQN(6, 0x47)) && matrix_has(&web->assigned, APQN(6, 6)));
	assert_true(mask_empty(&web->assigned.adm));
}

static void plan_changes_nothing(G_GNUC_UNUSED void **state)
{
	kernel.writes = 0;
	expect_with(EXIT_DIFFERS, "plan", TWO);
	says("05.0004: host -> vfio_ap\n");
	says("+ db1: adapters 5, domains 4,0xab, control 0xab\n");
	says("+ web: adapters 6, domains 6,0x47, control none\n");
	says("+ web: defined, and started at boot\n");
	says("~ the masks of the next boot\n");
	assert_int_equal(kernel.writes, 0);
	assert_false(file_exists(kernel.root, RULE));
	assert_false(file_exists(kernel.root, DEFINITIONS));
}

static void apply_does_it_all_and_once(G_GNUC_UNUSED void **state)
{
	expect_with(EXIT_DONE, "apply", TWO);
	assert_applied();
	assert_true(file_exists(kernel.root, RULE));
	assert_true(file_exists(kernel.root, DEFINITIONS "/" WEB));
	assert_false(file_exists(kernel.root, LOCK));
	kernel.writes = 0;
	expect_with(EXIT_DONE, "apply", TWO);
	says("all is as the file has it\n");
	assert_int_equal(kernel.writes, 0);
	expect_with(EXIT_DONE, "plan", TWO);
}

static void queues_move_from_one_to_the_other(G_GNUC_UNUSED void **state)
{
	expect_with(EXIT_DONE, "apply", TWO);
	kernel_find(DB1)->running = true;
	kernel_show();
	expect_with(EXIT_DONE, "apply", "[reserve]\nadapters = \"5-6\"\n"
		    "[guest.db1]\nuuid = \"" DB1 "\"\nadapters = 6\ndomains = \"6\"\n"
		    "[guest.web]\nuuid = \"" WEB "\"\nadapters = 5\ndomains = \"4\"\n");
	says("~ db1: adapters 5 -> 6, domains 4,0xab -> 6, control 0xab -> none\n");
	assert_true(matrix_has(&kernel_find(DB1)->assigned, APQN(6, 6)));
	assert_true(matrix_has(&kernel_find(WEB)->assigned, APQN(5, 4)));
	/*
	 * The masks change, too, and a device that the file does not name is
	 * removed.
	 */
	kernel_find(DB1)->running = false;
	kernel_show();
	expect_with(EXIT_DONE, "apply", "[reserve]\ndomains = \"4\"\n"
		    "[guest.web]\nuuid = \"" WEB "\"\nadapters = \"4-5\"\ndomains = \"4\"\n");
	says("- db1: stopped\n");
	says("- db1: not defined any more\n");
	says("06.0006: vfio_ap -> host\n");
	says("04.0004: host -> vfio_ap\n");
	assert_null(kernel_find(DB1));
	assert_true(matrix_has(&kernel_find(WEB)->assigned, APQN(4, 4)));
	assert_false(file_exists(kernel.root, DEFINITIONS "/" DB1));
}

static void what_fails_is_taken_back(G_GNUC_UNUSED void **state)
{
	static const char *const places[] = { "apmask", "create", "22222222-1111-4222-8333-444444444444/ap_config" };

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		kernel.fail = places[i];
		expect_with(EXIT_REFUSED, "apply", TWO);
		complains("apctl: everything is as it was before\n");
		assert_null(kernel_find(DB1));
		assert_null(kernel_find(WEB));
		assert_int_equal(mask_count(&kernel.apmask), AP_IDS);
		assert_false(file_exists(kernel.root, DEFINITIONS "/" DB1));
		assert_false(file_exists(kernel.root, LOCK));
	}
	kernel.fail = NULL;
	expect_with(EXIT_DONE, "apply", TWO);
	kernel.fail = "/" DB1 "/ap_config";
	expect_with(EXIT_REFUSED, "apply", "[guest.web]\nuuid = \"" WEB "\"\nadapters = 6\ndomains = 4\n"
		    "[guest.db1]\nuuid = \"" DB1 "\"\nadapters = 5\ndomains = 6\n");
	assert_applied();
}

/* Files are written last. If that fails, all other steps are undone. */
static void files_fail_as_well(G_GNUC_UNUSED void **state)
{
	kernel_put("/etc/mdevctl.d=no directory\n");
	expect_with(EXIT_REFUSED, "apply", TWO);
	complains("everything is as it was before");
	assert_null(kernel_find(DB1));
	assert_int_equal(mask_count(&kernel.apmask), AP_IDS);
}

static void every_conflict_has_its_line(G_GNUC_UNUSED void **state)
{
	expect_with(EXIT_REFUSED, "plan", "[reserve]\nadapters = 5\n"
		    "[guest.a]\nadapters = \"5\"\ndomains = \"4\"\n"
		    "[guest.b]\n\nadapters = \"5-6\"\ndomains = \"4\"\n");
	complains("plan.toml:8: 05.0004: b claims it, and so does a in line 4\n");
	complains("plan.toml:8: 06.0004: b claims it, and the host keeps it; [reserve] has neither adapter 6 nor domain 4\n");
	kernel_put(KERNEL_BUS "/ap_max_domain_id=84\n");
	expect_with(EXIT_REFUSED, "plan", "[reserve]\nadapters = 5\n[guest.a]\nadapters = 5\ndomains = 0x60\n");
	complains("plan.toml:5: there is no domain 0x60: the machine's highest is 0x54\n");
	expect_with(EXIT_REFUSED, "plan", "[guest.a]\nuuid = \"" DB1 "\"\n[guest.b]\nuuid = \"" DB1 "\"\n");
	complains("plan.toml:3: b: an earlier device has the same UUID");
}

static void a_running_guest_is_a_conflict(G_GNUC_UNUSED void **state)
{
	expect_with(EXIT_DONE, "apply", TWO);
	kernel_find(WEB)->running = true;
	kernel_show();
	expect_with(EXIT_REFUSED, "apply", "[guest.web]\nuuid = \"" WEB "\"\nstart = false\n");
	complains("plan.toml:1: web: its guest runs, and the file does not start the device");
	expect_with(EXIT_REFUSED, "apply", "[guest.db1]\nuuid = \"" DB1 "\"\n");
	complains("web: its guest runs, and the file does not name the device");
	assert_applied();
}

static void every_mistake_has_its_line(G_GNUC_UNUSED void **state)
{
	static const struct {
		const char *text;
		const char *said;
	} cases[] = {
		{ "[reserve\n", "plan.toml:1: " },
		{ "\n[host]\n", "plan.toml:2: the file has no host; it has reserve, guest" },
		{ "reserve = 1\n", "plan.toml:1: give a table [reserve]" },
		{ "[reserve]\nadapter = 5\n", "plan.toml:2: [reserve] has no adapter; it has adapters, domains, queues" },
		{ "[reserve]\nadapters = \"5-\"\n", "plan.toml:2: \"5-\" is not a list of adapters" },
		{ "[reserve]\nadapters = [5,\n 256]\n", "plan.toml:3: 256 is not among the numbers of adapters" },
		{ "[reserve]\nadapters = 1.5\n", "plan.toml:2: give a list of adapters" },
		{ "[reserve]\nqueues = [\"05.0004\"]\n", "plan.toml:2: queues have no driver_override here" },
		{ "[guest.1]\n", "plan.toml:1: \"1\" is not a name" },
		{ "[guest.a]\nuuid = \"x\"\n", "plan.toml:2: this is not a UUID" },
		{ "[guest.a]\nstart = 1\n", "plan.toml:2: start is true or false" },
		{ "[guest]\na = 1\n", "plan.toml:2: give a table [guest.NAME]" },
		{ "[guest.a]\nmemory = 1\n", "plan.toml:2: [guest.a] has no memory" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		expect_with(EXIT_REFUSED, "plan", cases[i].text);
		complains(cases[i].said);
	}
	expect(EXIT_REFUSED, "plan /nonexistent");
	complains("/nonexistent: No such file or directory");
}

static void single_queues(G_GNUC_UNUSED void **state)
{
	kernel.overrides = true;
	kernel_queue(APQN(4, 4));
	expect_with(EXIT_DONE, "apply", "[reserve]\nqueues = [\"05.0004\", \"06.0004\"]\n"
		    "[guest.db1]\nuuid = \"" DB1 "\"\nadapters = \"5-6\"\ndomains = 4\n");
	assert_string_equal(kernel.driver[APQN(5, 4)], "vfio_ap");
	assert_string_equal(kernel.driver[APQN(5, 6)], "cex4queue");
	assert_false(file_exists(kernel.root, RULE));
	expect_with(EXIT_REFUSED, "plan", "[reserve]\nqueues = [\"5.4x\"]\n");
	complains("plan.toml:2: give a queue, as in \"05.0004\"");
}

static void what_is_exported_is_the_present_state(G_GNUC_UNUSED void **state)
{
	g_autofree char *text = NULL;

	expect_with(EXIT_DONE, "apply", TWO);
	expect(EXIT_DONE, "export");
	says("[reserve]\nadapters = \"5-6\"\ndomains = \"none\"\n");
	text = g_strdup(out_text);
	expect_with(EXIT_DONE, "plan", text);
	says("all is as the file has it\n");
}

static void forms_of_other_programs(G_GNUC_UNUSED void **state)
{
	expect_with(EXIT_DONE, "apply", TWO);
	expect(EXIT_DONE, "export db1 --format qemu");
	assert_string_equal(out_text, "-device vfio-ap,sysfsdev=/sys/devices/vfio_ap/matrix/" DB1 "\n");
	expect(EXIT_DONE, "export db1 --format hostdev");
	says("<address uuid='" DB1 "'/>");
	expect(EXIT_DONE, "export web --format nodedev");
	says("<parent>ap_matrix</parent>");
	says("<attr name='assign_domain' value='0x47'/>");
	expect(EXIT_DONE, "export web --format mdevctl");
	says("\"assign_domain\": \"0x47\"");
	expect(EXIT_USAGE, "export --format xml");
	expect(EXIT_REFUSED, "export nothing");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, ready, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(plan_changes_nothing),
		CASE(apply_does_it_all_and_once),
		CASE(queues_move_from_one_to_the_other),
		CASE(what_fails_is_taken_back),
		CASE(files_fail_as_well),
		CASE(every_conflict_has_its_line),
		CASE(a_running_guest_is_a_conflict),
		CASE(every_mistake_has_its_line),
		CASE(single_queues),
		CASE(what_is_exported_is_the_present_state),
		CASE(forms_of_other_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
