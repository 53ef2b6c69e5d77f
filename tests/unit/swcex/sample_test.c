// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "swcex/sample.c"

#define SECOND	UINT64_C(1000000000)
#define QUEUE(served, buckets) "{\"queue\": \"05.0004\", \"type\": \"CEX8A\", \"state\": \"operating\", " \
	"\"owner\": \"guest1\", \"user\": null, \"pending\": 2, \"served\": " served ", " \
	"\"dirty_handovers\": 0, \"latency_us\": {\"p50\": 1, \"p99\": 1, \"buckets\": [" buckets "]}}"
#define ANSWER(queues) "{\"dirty_handovers\": 1, \"queues\": [" queues "]}"

static const char early[] = ANSWER(QUEUE("10", "[1023, 10]"));
static const char late[] = ANSWER(QUEUE("110", "[3,99], [1023, 11]"));

static struct sample sample, before;

static void read_both(const char *first, const char *second, uint64_t elapsed)
{
	if (first)
		assert_true(sample_read(&before, first, SECOND));
	assert_true(sample_read(&sample, second, SECOND + elapsed));
}

static int teardown(void **state)
{
	(void)state;
	sample_free(&sample);
	sample_free(&before);
	return 0;
}

/* What one of the writers writes. */
static const char *written(void (*write)(FILE *, const struct sample *,
					 const struct sample *))
{
	static char text[4096];
	FILE *out = fmemopen(text, sizeof(text), "w");

	assert_non_null(out);
	write(out, &sample, &before);
	fclose(out);
	return text;
}

#define HEADING "QUEUE   TYPE   STATE        OWNER    USER     PENDING    SERVED     RATE     P50     P99 DIRTY\n"

static void the_first_sample_tells_of_the_whole_time(void **state)
{
	(void)state;
	read_both(NULL, early, 0);
	assert_string_equal(written(sample_text), HEADING
		"05.0004 CEX8A  operating    guest1   -              2        10        -   1.0ms   1.0ms     0\n"
		"dirty handovers: 1\n");
}

static void a_later_one_tells_what_happened_since(void **state)
{
	(void)state;
	read_both(early, late, 4 * SECOND);
	assert_string_equal(written(sample_text), HEADING
		"05.0004 CEX8A  operating    guest1   -              2       110     25/s     3us     3us     0\n"
		"dirty handovers: 1\n");
}

static void nothing_happened_takes_no_time(void **state)
{
	(void)state;
	read_both(late, late, SECOND);
	assert_string_equal(written(sample_text), HEADING
		"05.0004 CEX8A  operating    guest1   -              2       110      0/s       -       -     0\n"
		"dirty handovers: 1\n");
}

static void an_apd_that_was_started_anew_has_no_past(void **state)
{
	(void)state;
	read_both(late, early, SECOND);
	assert_string_equal(written(sample_text), HEADING
		"05.0004 CEX8A  operating    guest1   -              2        10        -   1.0ms   1.0ms     0\n"
		"dirty handovers: 1\n");
}

static void json_has_rate_and_latency_for_the_totals(void **state)
{
	struct json_object *root, *queue, *latency;

	(void)state;
	read_both(early, late, SECOND / 2);
	root = json_tokener_parse(written(sample_json));
	assert_non_null(root);
	assert_int_equal(number(root, "dirty_handovers"), 1);
	queue = json_object_array_get_idx(member(root, "queues"), 0);
	assert_string_equal(text(queue, "queue"), "05.0004");
	assert_int_equal(number(queue, "per_second"), 200);
	latency = member(queue, "latency_us");
	assert_int_equal(number(latency, "p50"), 3);
	assert_int_equal(number(latency, "p99"), 3);
	assert_null(member(latency, "buckets"));
	json_object_put(root);
}

static void json_is_one_line(void **state)
{
	const char *line;

	(void)state;
	read_both(NULL, early, 0);
	line = written(sample_json);
	assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
	assert_non_null(strstr(line, "\"per_second\":null"));
}

static void what_apd_does_not_say_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "nonsense", "[]", "{}", "{\"queues\": 1}", "{\"queues\": [1]}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(sample_read(&sample, wrong[i], 0));
		assert_null(sample.answer);
	}
}

static void a_member_of_another_kind_is_harmless(void **state)
{
	(void)state;
	read_both(NULL, ANSWER("{\"queue\": [], \"pending\": \"x\", \"latency_us\": {\"buckets\": [1, [], [\"x\"]]}}"), 0);
	assert_string_equal(written(sample_text), HEADING
		"-       -      -            -        -              0         0        -       -       -     0\n"
		"dirty handovers: 1\n");
}

#define POINT(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POINT(the_first_sample_tells_of_the_whole_time),
		POINT(a_later_one_tells_what_happened_since),
		POINT(nothing_happened_takes_no_time),
		POINT(an_apd_that_was_started_anew_has_no_past),
		POINT(json_has_rate_and_latency_for_the_totals),
		POINT(json_is_one_line),
		POINT(what_apd_does_not_say_is_refused),
		POINT(a_member_of_another_kind_is_harmless),
	};

	return cmocka_run_group_tests_name("sample", tests, NULL, NULL);
}
