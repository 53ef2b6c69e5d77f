// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <poll.h>

static int change_and_poll(struct pollfd *fds, nfds_t count, int timeout);

#define poll change_and_poll
#include "apctl/watch.c"
#undef poll
#include "tests/unit/apctl/run.h"

#define DB1 "11111111-1111-4222-8333-444444444444"

static void uevents_of_others_are_passed_over(G_GNUC_UNUSED void **state)
{
	static const char ours[] = "change@/devices/ap\0ACTION=change\0SUBSYSTEM=ap";
	static const char other[] = "add@/devices/x\0ACTION=add\0SUBSYSTEM=apx";

	assert_true(concerns(ours, sizeof(ours) - 1));
	assert_false(concerns(other, sizeof(other) - 1));
}

static bool is_changed;

/* Change the machine when apctl has read it for the first time. */
static int change_and_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (is_changed)
		return poll(fds, count, timeout);
	is_changed = true;
	attribute_write(kernel.root, "0xf9ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
			KERNEL_BUS "/apmask");
	kernel_put(KERNEL_AP "/card04/config=0\n");
	kernel_device(DB1, "0x04,0x08,0");
	return poll(fds, count, timeout);
}

static void every_change_has_a_line(G_GNUC_UNUSED void **state)
{
	kernel_load(true);
	is_changed = false;
	expect(EXIT_DONE, "watch --interval 1 --count 11");
	says("apmask: -5-6 +none\n");
	says("adapter 04: operational -> off\n");
	says("11111111: device comes (" DB1 ")\n");
	says("05.0004: host -> ");
	says("06.00ab: host -> free\n");
}

static void a_bus_that_goes_ends_it(G_GNUC_UNUSED void **state)
{
	g_autofree char *bus = file_path(kernel.root, KERNEL_BUS);

	kernel_remove(bus);
	expect(EXIT_REFUSED, "watch");
	expect(EXIT_USAGE, "watch --count -1");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kernel_start, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(uevents_of_others_are_passed_over),
		CASE(every_change_has_a_line),
		CASE(a_bus_that_goes_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
