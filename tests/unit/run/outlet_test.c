// SPDX-License-Identifier: GPL-2.0-only
/* Two guests write lines to one stream. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>

#include "run/outlet.c"

static int ends[2];
static struct outlet outlet;
static struct source one, two;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	outlet_init(&outlet, ends[1]);
	source_init(&one, &outlet, "one");
	source_init(&two, &outlet, "two");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	source_end(&one);
	source_end(&two);
	outlet_end(&outlet);
	close(ends[0]);
	close(ends[1]);
	return 0;
}

static void says(struct source *source, const char *text)
{
	source_say(source, text, strlen(text));
}

static void reads(const char *expected)
{
	char said[256] = "";

	while (outlet.waiting->len)
		outlet_out(&outlet);
	assert_int_equal(read(ends[0], said, sizeof(said) - 1), strlen(expected));
	assert_string_equal(said, expected);
}

static void lines_stay_whole(void **state)
{
	(void)state;
	says(&one, "a");
	says(&two, "b\n\nc");
	says(&one, "d\n");
	reads("two: b\ntwo: \none: ad\n");
	source_end(&two);
	source_end(&two);
	reads("two: c\n");
}

static void long_lines_are_parted(void **state)
{
	g_autofree char *line = g_strnfill(LONGEST_LINE + 1, 'x');

	(void)state;
	says(&one, line);
	assert_int_equal(outlet.waiting->len, strlen("one: ") + LONGEST_LINE + 1);
	assert_int_equal(one.line->len, 1);
}

static void a_full_outlet_says_so(void **state)
{
	g_autofree char *line = g_strnfill(LONGEST_LINE, 'x');

	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_true(outlet_has_room(&outlet));
		says(&one, line);
	}
	assert_false(outlet_has_room(&outlet));
}

static void nobody_reads(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	close(ends[0]);
	ends[0] = -1;
	says(&one, "a\n");
	outlet_out(&outlet);
	assert_int_equal(outlet.fd, -1);
	says(&one, "b\n");
	assert_int_equal(outlet.waiting->len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(lines_stay_whole, setup, teardown),
		cmocka_unit_test_setup_teardown(long_lines_are_parted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_full_outlet_says_so, setup, teardown),
		cmocka_unit_test_setup_teardown(nobody_reads, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
