// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "card/verb.c"

static void prints(const char *bytes, size_t length, const char *expected)
{
	char text[6];

	memset(text, 0xee, sizeof(text));
	verb_print(text, sizeof(text), (struct slice){
		(const uint8_t *)bytes, length });
	assert_string_equal(text, expected);
}

static void what_cannot_be_printed(void **state)
{
	(void)state;
	prints("AU", 2, "AU");
	prints("A\nB", 3, "A.B");
	prints("\x1b[0m", 4, ".[0m");
	prints("'\x7f\xff\0x", 5, "....x");
}

static void what_does_not_fit(void **state)
{
	(void)state;
	prints("", 0, "");
	prints("12345", 5, "12345");
	prints("123456", 6, "12345");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_cannot_be_printed),
		cmocka_unit_test(what_does_not_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
