// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "daemon/log.c"

static FILE *terminal;
static char *text;
static size_t size, seen;

static int setup(void **state)
{
	(void)state;
	log_set_level("info");
	period.since = 0;
	seen = 0;
	terminal = stderr;
	stderr = open_memstream(&text, &size);
	return stderr ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	fclose(stderr);
	stderr = terminal;
	free(text);
	return 0;
}

/*
 * Return how many lines were written since the last call, and set *@last to the
 * last one.
 */
static unsigned int lines(const char **last)
{
	unsigned int count = 0;
	const char *end;

	fflush(stderr);
	while ((end = strchr(text + seen, '\n'))) {
		*last = text + seen;
		seen = end + 1 - text;
		count++;
	}
	return count;
}

static void levels(void **state)
{
	const char *last;

	(void)state;
	log_line(LOG_INFO, "a %s", "word");
	log_line(LOG_DEBUG, "another");
	log_vm(LOG_DEBUG, "another");
	assert_int_equal(lines(&last), 1);
	assert_string_equal(last, "swcexd: info: a word\n");
}

static void a_vm_cannot_flood_the_log(void **state)
{
	const char *last;

	(void)state;
	for (int i = 0; i < LOG_PERIOD_LINES + 17; i++)
		log_vm(LOG_WARNING, "%d", i);
	assert_int_equal(lines(&last), LOG_PERIOD_LINES);
	assert_string_equal(last, "swcexd: warning: 99\n");
	log_line(LOG_WARNING, "of another kind");
	assert_int_equal(lines(&last), 1);
	period.since -= LOG_PERIOD_SECONDS;
	log_vm(LOG_INFO, "again");
	assert_int_equal(lines(&last), 2);
	assert_string_equal(last, "swcexd: info: again\n");
	assert_non_null(strstr(text, "swcexd: warning: 17 lines about VMs were dropped\n"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(levels, setup, teardown),
		cmocka_unit_test_setup_teardown(a_vm_cannot_flood_the_log, setup,
						teardown),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
