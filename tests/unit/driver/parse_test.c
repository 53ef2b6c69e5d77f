// SPDX-License-Identifier: GPL-2.0-only
// clang-format off
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on
#include <stdio.h>
#include <stdlib.h>

#include "driver/matrix.c"
#include "driver/parse.c"

/* Ids as text, "1,2,3", for what a test expects of a mask. */
static const char *ids(const struct ap_mask *mask)
{
	static char text[2][AP_IDS * 4 + 1];
	static int turn;
	char *out = text[turn ^= 1];
	unsigned int id;

	*out = '\0';
	mask_for_each(id, mask)
		sprintf(out + strlen(out), "%s%u", *out ? "," : "", id);
	return out;
}

struct ids_case {
	const char *text;
	int rc;
	const char *add;
	const char *del;
};

static void check_ids(const struct ids_case *c, unsigned int max, bool assign)
{
	struct mask_edit edit;

	if (vfio_ap_parse_ids(c->text, max, assign, &edit) != c->rc)
		fail_msg("\"%s\": %d, not %d", c->text, vfio_ap_parse_ids(c->text, max, assign, &edit), c->rc);
	if (c->rc)
		return;
	assert_string_equal(ids(&edit.add), c->add);
	assert_string_equal(ids(&edit.del), c->del);
}

static void lists_and_ranges(void **state)
{
	static const struct ids_case cases[] = {
		{ "5", 0, "5", "" },
		{ "5\n", 0, "5", "" },
		{ "0x47", 0, "71", "" },
		{ "0X4F", 0, "79", "" },
		{ "010", 0, "8", "" },
		{ "0", 0, "0", "" },
		{ "255", 0, "255", "" },
		{ "4-6,0x47,+7,-5", 0, "4,6,7,71", "5" },
		{ "-4-6", 0, "", "4,5,6" },
		{ "+1,-1", 0, "", "1" },
		{ "-1,1", 0, "1", "" },
		{ "7-7", 0, "7", "" },
		{ "", -EINVAL, "", "" },
		{ "\n", -EINVAL, "", "" },
		{ "x", -EINVAL, "", "" },
		{ "0x", -EINVAL, "", "" },
		{ "08", -EINVAL, "", "" },
		{ "5 ", -EINVAL, "", "" },
		{ " 5", -EINVAL, "", "" },
		{ "5,", -EINVAL, "", "" },
		{ ",5", -EINVAL, "", "" },
		{ "5,,6", -EINVAL, "", "" },
		{ "6-5", -EINVAL, "", "" },
		{ "5-", -EINVAL, "", "" },
		{ "--5", -EINVAL, "", "" },
		{ "+-5", -EINVAL, "", "" },
		{ "5\n\n", -EINVAL, "", "" },
		{ "5\n6", -EINVAL, "", "" },
		{ "5;6", -EINVAL, "", "" },
		{ "256", -ENODEV, "", "" },
		{ "1,256", -ENODEV, "", "" },
		{ "250-300", -ENODEV, "", "" },
		{ "300,x", -EINVAL, "", "" },
		{ "18446744073709551615", -ENODEV, "", "" },
		{ "18446744073709551616", -ERANGE, "", "" },
		{ "0xffffffffffffffffff", -ERANGE, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_ids(&cases[i], 255, true);
}

static void unassign_turns_what_has_no_sign(void **state)
{
	static const struct ids_case cases[] = {
		{ "5", 0, "", "5" },
		{ "4-6,+5", 0, "5", "4,6" },
		{ "-5", 0, "", "5" },
		{ "16", -ENODEV, "", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_ids(&cases[i], 15, false);
}

static void config_is_three_masks(void **state)
{
	struct matrix m;

	(void)state;
	assert_int_equal(vfio_ap_parse_config("0x06,0X1,8\n", &m), 0);
	assert_string_equal(ids(&m.apm), "5,6");
	assert_string_equal(ids(&m.aqm), "3");
	assert_string_equal(ids(&m.adm), "0");
	assert_int_equal(vfio_ap_parse_config("0,0,0", &m), 0);
	assert_false(matrix_has_queues(&m));
}

static void config_is_strict(void **state)
{
	static const char *const bad[] = {
		"", "\n", "0x0", "0,0", "0,0,", "0,0,\n", ",,", "0,,0", "0,0,0,0", "0,0,0\n\n",
		"0x,0,0", "0,0,0x", "0, 0,0", "g,0,0", "0 0 0", "-1,0,0",
	};
	struct matrix m;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (vfio_ap_parse_config(bad[i], &m) != -EINVAL)
			fail_msg("\"%s\" was taken", bad[i]);
}

static void config_masks_have_64_digits(void **state)
{
	char text[3 * 70];
	struct matrix m;

	(void)state;
	snprintf(text, sizeof(text), "0x%064d,0x%063d1,%064d", 0, 0, 0);
	assert_int_equal(vfio_ap_parse_config(text, &m), 0);
	assert_string_equal(ids(&m.aqm), "255");
	snprintf(text, sizeof(text), "0x%065d,0,0", 0);
	assert_int_equal(vfio_ap_parse_config(text, &m), -EINVAL);
}

/* Whatever is written, nothing is read or set beyond its end. */
static void random_text_is_harmless(void **state)
{
	static const char alphabet[] = "0123456789abxX+-,\n ";
	struct mask_edit edit;
	struct matrix m;

	(void)state;
	for (int round = 0; round < 200000; round++) {
		size_t length = rand() % 24;
		char *text = malloc(length + 1);

		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[rand() % (sizeof(alphabet) - 1)];
		text[length] = '\0';
		if (!vfio_ap_parse_ids(text, 63, true, &edit)) {
			assert_true(mask_next(&edit.add, 64) == AP_IDS);
			edit.add = mask_and(&edit.add, &edit.del);
			assert_true(mask_empty(&edit.add));
		}
		vfio_ap_parse_config(text, &m);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_and_ranges),
		cmocka_unit_test(unassign_turns_what_has_no_sign),
		cmocka_unit_test(config_is_three_masks),
		cmocka_unit_test(config_is_strict),
		cmocka_unit_test(config_masks_have_64_digits),
		cmocka_unit_test(random_text_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
