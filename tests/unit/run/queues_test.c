// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "run/queues.c"

static const char *answer;

char *ask_daemon(const char *program, const char *path, int argc, char *const *argv)
{
	(void)program;
	(void)argv;
	assert_string_equal(path, "control");
	assert_int_equal(argc, 2);
	return answer ? strdup(answer) : NULL;
}

static void queues(void **state)
{
	json_object *all;

	(void)state;
	answer = "{\"cards\":1,\"queues\":[{\"queue\":\"05.0004\"},{\"queue\":\"05.0047\"}]}";
	all = queues_ask("control");
	assert_int_equal(json_object_array_length(all), 2);
	json_object_put(all);
	answer = "{\"queues\":[]}";
	all = queues_ask("control");
	assert_non_null(all);
	json_object_put(all);
}

/* Invalid answers are freed, too, which the sanitizer checks. */
static void no_queues(void **state)
{
	static const char *const wrong[] = {
		NULL, "", "nix", "{\"queues\":", "null", "5", "[1]", "{}", "{\"cards\":[1,2]}", "{\"queues\":null}",
		"{\"queues\":5}", "{\"queues\":{\"05.0004\":1}}",
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		answer = wrong[i];
		assert_null(queues_ask("control"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues),
		cmocka_unit_test(no_queues),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
