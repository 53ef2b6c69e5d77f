// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cex/latency.c"

static void a_bucket_counts_up_to_its_bound(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < LATENCY_BUCKETS - 1; i++) {
		assert_int_equal(latency_bucket(latency_bound(i)), i);
		assert_int_equal(latency_bucket(latency_bound(i) + 1), i + 1);
	}
}

static void the_last_bucket_counts_the_rest(void **state)
{
	(void)state;
	assert_int_equal(latency_bound(LATENCY_BUCKETS - 1), (1u << 27) - 1);
	assert_int_equal(latency_bucket(UINT64_MAX), LATENCY_BUCKETS - 1);
}

static void a_bound_is_at_most_a_quarter_too_long(void **state)
{
	(void)state;
	for (uint64_t time = 1; time < 100000000; time += time / 7 + 1)
		assert_in_range(latency_bound(latency_bucket(time)), time,
				time + time / 4);
}

static void no_request_has_no_percentile(void **state)
{
	const struct latency latency = { 0 };

	(void)state;
	assert_true(latency_percentile(&latency, 50) == LATENCY_NONE);
	assert_true(latency_percentile(&latency, 0) == LATENCY_NONE);
}

static void percentiles_are_those_of_the_requests(void **state)
{
	struct latency latency = { 0 };

	(void)state;
	latency_add(&latency, 3);
	assert_int_equal(latency_percentile(&latency, 0), 3);
	assert_int_equal(latency_percentile(&latency, 1), 3);
	assert_int_equal(latency_percentile(&latency, 100), 3);
	for (int i = 0; i < 98; i++)
		latency_add(&latency, 2);
	latency_add(&latency, 5000);
	assert_int_equal(latency_percentile(&latency, 50), 2);
	assert_int_equal(latency_percentile(&latency, 98), 2);
	assert_int_equal(latency_percentile(&latency, 99), 3);
	assert_int_equal(latency_percentile(&latency, 100), 5119);
}

static void a_time_is_written_with_its_unit(void **state)
{
	static const struct {
		uint64_t time;
		const char *text;
	} rows[] = {
		{ LATENCY_NONE, "-" },	{ 0, "0us" },
		{ 999, "999us" },	{ 1000, "1.0ms" },
		{ 1250, "1.2ms" },	{ 134217727, "134.2s" },
	};
	char text[LATENCY_TEXT];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(latency_text(text, rows[i].time),
				    rows[i].text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bucket_counts_up_to_its_bound),
		cmocka_unit_test(the_last_bucket_counts_the_rest),
		cmocka_unit_test(a_bound_is_at_most_a_quarter_too_long),
		cmocka_unit_test(no_request_has_no_percentile),
		cmocka_unit_test(percentiles_are_those_of_the_requests),
		cmocka_unit_test(a_time_is_written_with_its_unit),
	};

	return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
