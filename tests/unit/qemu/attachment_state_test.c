// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "qemu/attachment_state.c"

static void attached_vm_survives_the_end(void **state)
{
	enum attachment_state s = ATTACHMENT_SEEKING;

	(void)state;
	s = attachment_after(s, ATTACHMENT_FOUND);
	assert_int_equal(s, ATTACHMENT_ATTACHED);
	assert_false(attachment_is_awaited(s));
	assert_false(attachment_is_without(s));
	s = attachment_after(s, ATTACHMENT_ENDED);
	assert_int_equal(s, ATTACHMENT_SEEKING);
	assert_true(attachment_is_awaited(s));
	assert_false(attachment_is_without(s));
	assert_int_equal(attachment_after(s, ATTACHMENT_FOUND),
			 ATTACHMENT_ATTACHED);
}

/*
 * A wait without success and a silent swcexd lead to a state that can be left.
 */
static void absent_vm_comes_back(void **state)
{
	enum attachment_state waited = attachment_after(ATTACHMENT_SEEKING,
							ATTACHMENT_WAITED);
	enum attachment_state silent = attachment_after(ATTACHMENT_ATTACHED,
							ATTACHMENT_SILENT);

	(void)state;
	assert_int_equal(waited, ATTACHMENT_ABSENT);
	assert_int_equal(silent, ATTACHMENT_ABSENT);
	assert_true(attachment_is_without(waited));
	assert_false(attachment_is_awaited(waited));
	assert_int_equal(attachment_after(waited, ATTACHMENT_FOUND),
			 ATTACHMENT_ATTACHED);
	assert_int_equal(attachment_after(waited, ATTACHMENT_DISMISSED),
			 ATTACHMENT_REFUSED);
}

static void late_events_change_nothing(void **state)
{
	(void)state;
	assert_int_equal(attachment_after(ATTACHMENT_ATTACHED,
					  ATTACHMENT_WAITED),
			 ATTACHMENT_ATTACHED);
	assert_int_equal(attachment_after(ATTACHMENT_ABSENT, ATTACHMENT_ENDED),
			 ATTACHMENT_ABSENT);
	assert_int_equal(attachment_after(ATTACHMENT_SEEKING,
					  ATTACHMENT_SILENT),
			 ATTACHMENT_SEEKING);
}

static void refusal_is_final(void **state)
{
	(void)state;
	assert_true(attachment_is_without(ATTACHMENT_REFUSED));
	assert_false(attachment_is_awaited(ATTACHMENT_REFUSED));
	for (int event = 0; event < EVENTS; event++)
		assert_int_equal(attachment_after(ATTACHMENT_REFUSED, event),
				 ATTACHMENT_REFUSED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(attached_vm_survives_the_end),
		cmocka_unit_test(absent_vm_comes_back),
		cmocka_unit_test(late_events_change_nothing),
		cmocka_unit_test(refusal_is_final),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
