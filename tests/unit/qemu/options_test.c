// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/options.c"

static struct options options;
static char reason[512];

static bool parse(int count, ...)
{
	char *argv[8];
	va_list args;

	va_start(args, count);
	for (int i = 0; i < count; i++)
		argv[i] = va_arg(args, char *);
	va_end(args);
	memset(reason, 0, sizeof(reason));
	return options_parse(&options, count, argv, reason, sizeof(reason));
}

static void refused(const char *option, const char *why)
{
	assert_false(parse(1, option));
	assert_non_null(strstr(reason, option));
	assert_non_null(strstr(reason, why));
}

static unsigned int count_domains(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < AP_DOMAINS; i++)
		count += ap_mask_test(&options.domains, i);
	return count;
}

static void embedded(void **state)
{
	(void)state;
	assert_true(parse(2, "card=5:CEX8A", "domain=4+0x47"));
	assert_string_equal(options.type[5], "CEX8A");
	assert_string_equal(options.type[4], "");
	assert_int_equal(count_domains(), 2);
	assert_true(ap_mask_test(&options.domains, 4));
	assert_true(ap_mask_test(&options.domains, 0x47));
	assert_null(options.link);
	assert_int_equal(options.workers, 0);
}

static void master_keys(void **state)
{
	(void)state;
	assert_true(parse(2, "card=5:CEX8C", "domain=4"));
	assert_null(options.master_keys);
	assert_true(parse(3, "card=5:CEX8C", "domain=4", "master-keys=same"));
	assert_string_equal(options.master_keys, "same");
}

static void several_adapters(void **state)
{
	(void)state;
	assert_true(parse(4, "card=0:CEX4A", "card=0xfe-255:CEX8A", "domain=0",
			  "workers=3"));
	assert_string_equal(options.type[0], "CEX4A");
	assert_string_equal(options.type[254], "CEX8A");
	assert_string_equal(options.type[255], "CEX8A");
	assert_int_equal(options.workers, 3);
}

static void ranges(void **state)
{
	(void)state;
	assert_true(parse(4, "card=1:CEX8A", "domain=4-6+010", "domain=250-0xff",
			  "domain=5"));
	assert_int_equal(count_domains(), 3 + 1 + 6);
	assert_true(ap_mask_test(&options.domains, 8));
	assert_true(ap_mask_test(&options.domains, 255));
	assert_false(ap_mask_test(&options.domains, 7));
}

static void attached(void **state)
{
	(void)state;
	assert_true(parse(1, "link=/run/swcexd/link"));
	assert_string_equal(options.link, "/run/swcexd/link");
	assert_false(options.is_guest);
	assert_true(parse(2, "link=swcexd", "guest=0xfedcba9876543210"));
	assert_true(options.is_guest);
	assert_true(options.guest == 0xfedcba9876543210ull);
	assert_true(parse(2, "guest=18446744073709551615", "link=swcexd"));
	assert_true(options.guest == UINT64_MAX);
}

/* Parse an option with a descriptor from which @text is read. */
static bool parse_guest_of(const char *text)
{
	char option[32];
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	snprintf(option, sizeof(option), "guest-fd=%d", ends[0]);
	if (parse(2, "link=swcexd", option)) {
		assert_int_equal(close(ends[0]), -1);
		return true;
	}
	close(ends[0]);
	return false;
}

static void guest_of_a_descriptor(void **state)
{
	(void)state;
	assert_true(parse_guest_of("18446744073709551615"));
	assert_true(options.is_guest);
	assert_true(options.guest == UINT64_MAX);
	assert_false(parse_guest_of(""));
	assert_non_null(strstr(reason, "not a number"));
	assert_false(parse_guest_of("1,x=y"));
	assert_false(parse_guest_of("0000000000000000000000000000000000000001"));
	assert_non_null(strstr(reason, "cannot be read"));
	refused("guest-fd=-1", "not a number");
	refused("guest-fd=999", "cannot be read");
}

static void interruptions(void **state)
{
	(void)state;
	assert_true(parse(2, "card=5:CEX8A", "domain=4"));
	assert_false(options.interrupts);
	assert_true(parse(3, "link=/a", "interrupts=on", "wake=/b"));
	assert_true(options.interrupts);
	assert_string_equal(options.wake, "/b");
	assert_true(parse(3, "card=5:CEX8A", "domain=4", "interrupts=off"));
	assert_false(options.interrupts);
	assert_true(options.cpacf);
	assert_true(parse(3, "card=5:CEX8A", "domain=4", "cpacf=off"));
	assert_false(options.cpacf);
	refused("cpacf=yes", "on or off");
	assert_false(options.by_qemu);
	assert_true(parse(3, "card=5:CEX8A", "domain=4", "interrupts=qemu"));
	assert_true(options.interrupts);
	assert_true(options.by_qemu);
	refused("interrupts=yes", "on or off");
	refused("interrupts=", "on or off");
	refused("wake=", "path of the port's socket");
	assert_true(parse(2, "link=/a", "wake=/b"));
	assert_true(options.interrupts);
	assert_true(parse(3, "link=/a", "wake=/b", "interrupts=off"));
	assert_false(options.interrupts);
}

static void bad_numbers(void **state)
{
	static const char *const domains[] = {
		"domain=", "domain=256", "domain=0x100", "domain=-1",
		"domain=4+", "domain=+4", "domain=4++5", "domain=6-4",
		"domain=4-", "domain= 4", "domain=on",
		"domain=99999999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(domains) / sizeof(domains[0]); i++)
		refused(domains[i], "write for example 4+6-8+0x47");
	refused("domain=4,5", "'+' or the end");
	refused("domain=08", "'+' or the end");
	refused("domain=4:CEX8A", "'+' or the end");
}

static void bad_cards(void **state)
{
	(void)state;
	refused("card=5", "as in 5:CEX8A");
	refused("card=:CEX8A", "not a list of numbers");
	refused("card=5:", "not an adapter type");
	refused("card=5:CEX8ACEX8ACEX8ACEX8A", "not an adapter type");
	refused("card=256:CEX8A", "0 to 255");
	assert_false(parse(2, "card=5:CEX8A", "card=4-6:CEX7A"));
	assert_non_null(strstr(reason, "adapter 5 is a CEX8A already"));
}

static void bad_names(void **state)
{
	(void)state;
	refused("cards=5:CEX8A", "no such option");
	refused("card", "no such option");
	refused("", "no such option");
	refused("=", "no such option");
	refused("workers=257", "0 to 256");
	refused("workers=1x", "0 to 256");
	refused("master-keys=", "same, random or the path of a file");
	refused("link=", "path of swcexd's socket");
	refused("guest=", "not a number");
	refused("guest=18446744073709551616", "not a number");
}

static void do_not_fit_together(void **state)
{
	(void)state;
	assert_false(parse(0));
	assert_non_null(strstr(reason, "card=5:CEX8A,domain=4+0x47"));
	assert_false(parse(1, "workers=2"));
	assert_non_null(strstr(reason, "no adapters"));
	assert_false(parse(1, "card=5:CEX8A"));
	assert_non_null(strstr(reason, "without a usage domain"));
	assert_false(parse(1, "domain=5"));
	assert_non_null(strstr(reason, "without an adapter"));
	assert_false(parse(1, "guest=5"));
	assert_non_null(strstr(reason, "link=PATH"));
	assert_false(parse(3, "card=5:CEX8A", "domain=5", "guest=5"));
	assert_false(parse(2, "link=/a", "card=5:CEX8A"));
	assert_non_null(strstr(reason, "do not go with it"));
	assert_false(parse(2, "link=/a", "domain=4"));
	assert_false(parse(2, "link=/a", "workers=0"));
	assert_false(parse(2, "link=/a", "master-keys=same"));
	assert_non_null(strstr(reason, "do not go with it"));
	assert_false(parse(4, "card=5:CEX8C", "domain=5", "master-keys=same",
			   "master-keys=random"));
	assert_non_null(strstr(reason, "master-keys= once"));
	assert_false(parse(2, "link=/a", "link=/b"));
	assert_non_null(strstr(reason, "link=/a is given already"));
	assert_false(parse(3, "link=/a", "guest=1", "guest=2"));
}

/* The message is truncated to the size of the array, which ASan checks. */
static void small_reason(void **state)
{
	static const char long_option[] =
		"domain=77777777777777777777777777777777777777777777777777777";
	char small[16];

	(void)state;
	for (size_t size = 1; size <= sizeof(small); size++) {
		char *argv[] = { (char *)long_option };

		assert_false(options_parse(&options, 1, argv, small, size));
		assert_true(strlen(small) < size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(embedded),
		cmocka_unit_test(master_keys),
		cmocka_unit_test(several_adapters),
		cmocka_unit_test(ranges),
		cmocka_unit_test(attached),
		cmocka_unit_test(guest_of_a_descriptor),
		cmocka_unit_test(interruptions),
		cmocka_unit_test(bad_numbers),
		cmocka_unit_test(bad_cards),
		cmocka_unit_test(bad_names),
		cmocka_unit_test(do_not_fit_together),
		cmocka_unit_test(small_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
