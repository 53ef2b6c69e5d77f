// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "bytes/builder.c"

static uint8_t place[8];

static void numbers_are_big_endian(void **state)
{
	struct builder b = builder_of(place, sizeof(place));

	(void)state;
	build_u8(&b, 1);
	build_u16(&b, 0x0203);
	build_u32(&b, 0x04050607);
	assert_int_equal(builder_length(&b), 7);
	assert_int_equal(builder_room(&b), 1);
	assert_memory_equal(builder_laid(&b).at, "\1\2\3\4\5\6\7", 7);
}

static void a_builder_without_room_stays_broken(void **state)
{
	struct builder b = builder_of(place, 5);

	(void)state;
	memset(place, 0xee, sizeof(place));
	build_u32(&b, 1);
	build_u16(&b, 2);
	assert_true(builder_is_broken(&b));
	build_u8(&b, 3);
	assert_int_equal(builder_length(&b), 4);
	assert_int_equal(builder_room(&b), 0);
	assert_int_equal(place[4], 0xee);
	assert_null(build_space(&b, 0));
}

static void a_huge_length_does_not_wrap(void **state)
{
	struct builder b = builder_of(place, sizeof(place));

	(void)state;
	build_u8(&b, 1);
	assert_null(build_space(&b, SIZE_MAX));
	assert_true(builder_is_broken(&b));
}

static void a_block_counts_its_own_length(void **state)
{
	struct builder b = builder_of(place, sizeof(place));
	size_t block = build_open(&b);

	(void)state;
	build_u8(&b, 9);
	build_close(&b, block);
	assert_memory_equal(place, "\0\3\11", 3);
}

static void a_patch_that_does_not_fit(void **state)
{
	static uint8_t large[0x10000];
	struct builder b = builder_of(place, sizeof(place));
	size_t block;

	(void)state;
	build_u32(&b, 0);
	build_patch_u16(&b, 2, 0xffff);
	assert_memory_equal(place, "\0\0\377\377", 4);
	build_patch_u16(&b, 3, 1);
	assert_true(builder_is_broken(&b));
	b = builder_of(place, sizeof(place));
	build_u32(&b, 0);
	build_patch_u16(&b, 0, 0x10000);
	assert_true(builder_is_broken(&b));
	b = builder_of(large, sizeof(large));
	block = build_open(&b);
	build_space(&b, 0xfffe);
	build_close(&b, block);
	assert_true(builder_is_broken(&b));
}

static void what_is_rewound_is_wiped(void **state)
{
	static const uint8_t wiped[4];
	struct builder b = builder_of(place, sizeof(place));

	(void)state;
	build_u32(&b, 0x01010101);
	build_u32(&b, 0x02020202);
	build_u8(&b, 3);
	assert_true(builder_is_broken(&b));
	build_rewind(&b, 4);
	assert_false(builder_is_broken(&b));
	assert_int_equal(builder_length(&b), 4);
	assert_memory_equal(place + 4, wiped, sizeof(wiped));
	build_rewind(&b, 6);
	assert_int_equal(builder_length(&b), 4);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(a_builder_without_room_stays_broken),
		cmocka_unit_test(a_huge_length_does_not_wrap),
		cmocka_unit_test(a_block_counts_its_own_length),
		cmocka_unit_test(a_patch_that_does_not_fit),
		cmocka_unit_test(what_is_rewound_is_wiped),
	};

	return cmocka_run_group_tests_name("builder", tests, NULL, NULL);
}
