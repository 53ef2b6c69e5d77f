// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "apctl/show.c"
#include "tests/unit/apctl/run.h"

#define DB1 "11111111-1111-4222-8333-444444444444"

static void reserve(unsigned int adapter)
{
	mask_del(&kernel.apmask, adapter);
	kernel_bind_all();
	kernel_show();
}

static void all_is_the_hosts(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "");
	assert_string_equal(out_text, "adapter  04     05     06\n"
				      "type     CEX8A  CEX8C  CEX8P\n"
				      "0004     host   host   host\n"
				      "0006     host   host   host\n"
				      "0047     host   host   host\n"
				      "00ab     host   host   host\n");
	assert_string_equal(err_text, "");
}

static void there_is_no_ap_bus(G_GNUC_UNUSED void **state)
{
	g_autofree char *bus = file_path(kernel.root, "/sys/bus/ap");

	kernel_remove(bus);
	expect(EXIT_REFUSED, "show");
	complains("there is no AP bus");
	assert_string_equal(out_text, "");
}

static void every_owner_is_shown(G_GNUC_UNUSED void **state)
{
	struct kernel_device *device;

	reserve(5);
	kernel_load(true);
	reserve(6);
	kernel_put("/etc/apctl/names=" DB1 " db1\n");
	device = kernel_device(DB1, "0x06,0x0a00000000000000,0");
	device->running = true;
	mask_add(&device->assigned.apm, 9);
	mask_del(&device->assigned.apm, 6);
	kernel.reason[APQN(6, 4)] = "quarantined";
	kernel.reason[APQN(6, 6)] = "resetting";
	kernel.reason[APQN(6, 0x47)] = "unavailable";
	kernel_show();
	expect(EXIT_DONE, "");
	says("adapter  04     05     06           09\n");
	says("state                               gone\n");
	says("0004     host   db1*   quarantined  db1 gone\n");
	says("0006     host   db1*   resetting    db1 gone\n");
	says("0047     host   free   unavailable\n");
	says("00ab     host   free   free\n");
	says("\n* a guest has it\n");
}

static void what_a_guest_does_not_get_is_shown(G_GNUC_UNUSED void **state)
{
	reserve(5);
	kernel_load(false);
	kernel_device(DB1, "0x04,0x0a00000000000000,0");
	kernel_bind(APQN(5, 4), "");
	kernel_show();
	expect(EXIT_DONE, "show");
	says("0004     host   11111111 not bound  host\n");
	says("0006     host   11111111 left out   host\n");
}

static void reserved_without_a_driver(G_GNUC_UNUSED void **state)
{
	reserve(5);
	expect(EXIT_DONE, "show");
	says("0004     host   unbound  host\n");
}

static void trouble_of_adapters_is_shown(G_GNUC_UNUSED void **state)
{
	kernel_put(KERNEL_AP "/card04/config=0\n");
	kernel_put(KERNEL_AP "/card05/chkstop=1\n");
	kernel_put(KERNEL_AP "/card06/online=0\n");
	expect(EXIT_DONE, "show");
	says("state    off    checkstop  offline\n");
}

#define CCA(aes) "AES NEW: empty 0x0000000000000000\nAES CUR: " aes "\n"	\
		 "AES OLD: invalid 0x0000000000000000\n"			\
		 "APKA NEW: full 0x1111111111111111\n"				\
		 "APKA CUR: invalid 0x0000000000000000\nAPKA OLD: - -\n"

static void master_keys_are_at_the_edges(G_GNUC_UNUSED void **state)
{
	kernel_adapter(7, "CEX8C");
	kernel_queue(APQN(7, 4));
	kernel_queue(APQN(7, 6));
	kernel_put(KERNEL_AP "/card05/05.0004/mkvps=" CCA("valid 0x0123456789abcdef"));
	kernel_put(KERNEL_AP "/card07/07.0004/mkvps=" CCA("valid 0x0123456789abcdef"));
	kernel_put(KERNEL_AP "/card05/05.0006/mkvps=" CCA("valid 0x0123456789abcdef"));
	kernel_put(KERNEL_AP "/card07/07.0006/mkvps=" CCA("valid 0xaaaabbbbccccdddd"));
	kernel_put(KERNEL_AP "/card05/05.0047/mkvps=" CCA("invalid 0x0000000000000000"));
	kernel_put(KERNEL_AP "/card06/06.0047/mkvps=WK CUR: valid 0xffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\nWK NEW: empty -\n");
	expect(EXIT_DONE, "show");
	says("0004      host   host   host   host   AES 01234567 APKA unset+new\n");
	says("0006      host   host   host   host   AES differs APKA unset+new\n");
	says("0047      host   host   host          AES unset APKA unset+new WK ffeeddcc\n");
	says("AES set          2/3           2/2\n");
	says("WK set                  1/1\n");
}

static void json_has_all_of_it(G_GNUC_UNUSED void **state)
{
	struct json_object *all, *queues, *queue;
	struct kernel_device *device;

	reserve(5);
	kernel_load(true);
	device = kernel_device(DB1, "0x04,0x08,0");
	device->running = true;
	kernel_show();
	expect(EXIT_DONE, "show --json");
	all = json_tokener_parse(out_text);
	assert_string_equal(json_object_get_string(json_object_object_get(all, "driver")), "vfio_ap");
	queues = json_object_object_get(all, "queues");
	assert_int_equal(json_object_array_length(queues), 12);
	queue = json_object_array_get_idx(queues, 4);
	assert_string_equal(json_object_get_string(json_object_object_get(queue, "apqn")), "05.0004");
	assert_string_equal(json_object_get_string(json_object_object_get(queue, "owner")), "guest");
	assert_string_equal(json_object_get_string(json_object_object_get(queue, "device")), DB1);
	queue = json_object_array_get_idx(queues, 5);
	assert_string_equal(json_object_get_string(json_object_object_get(queue, "owner")), "free");
	json_object_put(all);
}

static void colours_are_for_terminals(G_GNUC_UNUSED void **state)
{
	expect(EXIT_DONE, "show --color=always");
	says("\033[2mhost\033[m");
	expect(EXIT_DONE, "show --color never");
	assert_null(strchr(out_text, '\033'));
	expect(EXIT_USAGE, "show --color perhaps");
	complains("--color takes always, never or auto");
}

static void a_wide_grid_goes_on_below(G_GNUC_UNUSED void **state)
{
	struct grid *grid = grid_new(4);
	static const char *const words[] = { "adapter", "04", "05", "06", "0004", "host", "free", "a" };
	size_t size;
	FILE *out;

	run_clean();
	out = open_memstream(&out_text, &size);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		grid_add(grid, STYLE_PLAIN, words[i]);
	grid_print(grid, out, 20, false);
	grid_free(grid);
	fclose(out);
	assert_string_equal(out_text, "adapter  04    05\n0004     host  free\n\n"
				      "adapter  06\n0004     a\n");
}

/*
 * Conditions are read only if a queue is not ready: there may be 65536 queues,
 * each of which takes three system calls.
 */
static void conditions_are_read_if_there_are_any(G_GNUC_UNUSED void **state)
{
	reserve(5);
	kernel_load(true);
	kernel.reason[APQN(5, 4)] = "quarantined";
	kernel_show();
	expect(EXIT_DONE, "");
	says("0004     host   quarantined");
	kernel_put(KERNEL_MATRIX "/unready=0\n");
	expect(EXIT_DONE, "");
	says("0004     host   free");
}

static void devices_are_listed(G_GNUC_UNUSED void **state)
{
	struct kernel_device *device;

	expect(EXIT_DONE, "list");
	assert_string_equal(out_text, "NAME  STATE  BOOT  QUEUES  ADAPTERS  DOMAINS  CONTROL  UUID\n");
	reserve(5);
	kernel_load(true);
	device = kernel_device(DB1, "0x04,0x0a00000000000000,0x08");
	device->running = true;
	kernel_show();
	expect(EXIT_DONE, "list");
	says("11111111  running  -     2/2     5         4,6      4        " DB1 "\n");
	device->running = false;
	device->staged = true;
	kernel_show();
	expect(EXIT_DONE, "list");
	says("11111111  staged ");
	expect(EXIT_DONE, "list --json");
	says("\"adapters\":[5],\"domains\":[4,6],\"control\":[4]");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, kernel_start, run_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(all_is_the_hosts),
		CASE(there_is_no_ap_bus),
		CASE(every_owner_is_shown),
		CASE(what_a_guest_does_not_get_is_shown),
		CASE(reserved_without_a_driver),
		CASE(trouble_of_adapters_is_shown),
		CASE(master_keys_are_at_the_edges),
		CASE(json_has_all_of_it),
		CASE(colours_are_for_terminals),
		CASE(a_wide_grid_goes_on_below),
		CASE(conditions_are_read_if_there_are_any),
		CASE(devices_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
