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

#define RANDOM_ROUNDS 2000

static struct ap_mask mask_of(int count, const unsigned int *ids)
{
	struct ap_mask mask = {};

	for (int i = 0; i < count; i++)
		mask_add(&mask, ids[i]);
	return mask;
}

#define MASK(...) \
	mask_of(sizeof((unsigned int[]){ __VA_ARGS__ }) / sizeof(unsigned int), \
		(unsigned int[]){ __VA_ARGS__ })

static void bit_0_is_leftmost(void **state)
{
	struct ap_mask mask = MASK(0, 5, 0x47, 255);

	(void)state;
	assert_true(mask.word[0] == 0x8400000000000000ULL);
	assert_true(mask.word[1] == 0x0100000000000000ULL);
	assert_true(mask.word[3] == 1);
	mask_del(&mask, 0);
	assert_false(mask_has(&mask, 0));
	assert_true(mask_has(&mask, 255));
}

static void mask_next_walks_all(void **state)
{
	struct ap_mask mask = MASK(0, 63, 64, 127, 255);
	unsigned int id, seen = 0;

	(void)state;
	mask_for_each(id, &mask) {
		assert_true(mask_has(&mask, id));
		seen++;
	}
	assert_int_equal(seen, 5);
	assert_int_equal(mask_next(&mask, 1), 63);
	assert_int_equal(mask_next(&mask, 128), 255);
	assert_int_equal(mask_next(&mask, AP_IDS), AP_IDS);
	mask = MASK(3);
	assert_int_equal(mask_next(&mask, 4), AP_IDS);
}

static void matrix_next_needs_both(void **state)
{
	struct matrix m = { .apm = MASK(5, 6), .aqm = MASK(4, 0xab) };
	unsigned int apqn, at = 0;
	static const unsigned int all[] = { 0x504, 0x5ab, 0x604, 0x6ab };

	(void)state;
	matrix_for_each(apqn, &m)
		assert_int_equal(apqn, all[at++]);
	assert_int_equal(at, 4);
	memset(&m.aqm, 0, sizeof(m.aqm));
	assert_int_equal(vfio_ap_matrix_next(&m, 0), AP_IDS * AP_IDS);
	assert_false(matrix_has_queues(&m));
	m.aqm = MASK(255);
	m.apm = MASK(255);
	assert_int_equal(vfio_ap_matrix_next(&m, 0), 0xffff);
	assert_int_equal(vfio_ap_matrix_next(&m, AP_IDS * AP_IDS), AP_IDS * AP_IDS);
}

static void within_compares_all_masks(void **state)
{
	struct matrix large = { .apm = MASK(1, 2), .aqm = MASK(3), .adm = MASK(4) };
	struct matrix small = large;

	(void)state;
	mask_del(&small.apm, 1);
	assert_true(matrix_within(&small, &large));
	assert_false(matrix_within(&large, &small));
	mask_add(&small.adm, 9);
	assert_false(matrix_within(&small, &large));
}

static void expect_text(const struct matrix *m, const char *text)
{
	char buf[256] = {};

	assert_int_equal(vfio_ap_matrix_text(m, buf, 0, sizeof(buf)), strlen(text));
	assert_int_equal(vfio_ap_matrix_text(m, buf + strlen(text), strlen(text), 16), 0);
	assert_string_equal(buf, text);
}

static void text_has_three_forms(void **state)
{
	struct matrix m = { .apm = MASK(5, 6), .aqm = MASK(4, 0xab), .adm = MASK(1) };

	(void)state;
	expect_text(&m, "05.0004\n05.00ab\n06.0004\n06.00ab\n");
	memset(&m.aqm, 0, sizeof(m.aqm));
	expect_text(&m, "05.\n06.\n");
	memset(&m.apm, 0, sizeof(m.apm));
	expect_text(&m, "");
	m.aqm = MASK(4, 0xff);
	expect_text(&m, ".0004\n.00ff\n");
}

static struct ap_mask random_mask(int chance)
{
	struct ap_mask mask = {};

	for (int id = 0; id < AP_IDS; id++)
		if (rand() % 1000 < chance)
			mask_add(&mask, id);
	return mask;
}

static void text_can_be_read_in_parts(void **state)
{
	struct matrix m = { .apm = random_mask(1000), .aqm = random_mask(1000) };
	size_t want = (size_t)AP_IDS * AP_IDS * strlen("00.0000\n"), at = 0, part;
	unsigned int adapter, domain;
	char *text = malloc(want), line[16];

	(void)state;
	while ((part = vfio_ap_matrix_text(&m, text + at, at, rand() % 5000 + 1 > (int)(want - at) ?
				   want - at : (size_t)(rand() % 4096) % (want - at) + 1)))
		at += part;
	assert_int_equal(at, want);
	for (at = 0, adapter = 0; adapter < AP_IDS; adapter++) {
		for (domain = 0; domain < AP_IDS; domain++, at += 8) {
			snprintf(line, sizeof(line), "%02x.%04x\n", adapter, domain);
			assert_memory_equal(text + at, line, 8);
		}
	}
	free(text);
}

/* What the cut is told of each APQN. */
struct world {
	enum queue_rank rank[AP_IDS][AP_IDS];
};

static enum queue_rank world_rank(unsigned int apqn, const void *arg)
{
	const struct world *world = arg;

	return world->rank[APQN_ADAPTER(apqn)][APQN_DOMAIN(apqn)];
}

static void world_fill(struct world *world, const struct matrix *m, enum queue_rank rank)
{
	unsigned int apqn;

	matrix_for_each(apqn, m)
		world->rank[APQN_ADAPTER(apqn)][APQN_DOMAIN(apqn)] = rank;
}

static struct world the_world;
static struct matrix_cut the_cut;

static void cut(struct matrix *m)
{
	vfio_ap_matrix_cut(m, &the_cut, world_rank, &the_world);
}

static void cut_removes_an_absent_adapter(void **state)
{
	struct matrix m = { .apm = MASK(5, 6, 7), .aqm = MASK(4, 0x47) };
	struct matrix there = { .apm = MASK(5, 6), .aqm = MASK(4, 0x47) };

	(void)state;
	memset(&the_world, 0, sizeof(the_world));
	world_fill(&the_world, &there, QUEUE_SPARE);
	cut(&m);
	assert_true(matrix_equal(&m, &there));
}

static void cut_prefers_the_smaller_loss(void **state)
{
	struct matrix m = { .apm = MASK(5), .aqm = MASK(4, 0x47, 0xab) };
	struct matrix want = { .apm = MASK(5), .aqm = MASK(4, 0xab) };

	(void)state;
	memset(&the_world, 0, sizeof(the_world));
	world_fill(&the_world, &m, QUEUE_HELD);
	the_world.rank[5][0x47] = QUEUE_MISSING;
	cut(&m);
	assert_true(matrix_equal(&m, &want));
}

static void cut_keeps_what_the_guest_has(void **state)
{
	struct matrix held = { .apm = MASK(5), .aqm = MASK(4) };
	struct matrix m = { .apm = MASK(5, 6, 7, 8), .aqm = MASK(4, 0x47) };
	struct matrix want = { .apm = MASK(5, 6, 7, 8), .aqm = MASK(4) };

	(void)state;
	memset(&the_world, 0, sizeof(the_world));
	world_fill(&the_world, &m, QUEUE_SPARE);
	world_fill(&the_world, &held, QUEUE_HELD);
	the_world.rank[5][0x47] = QUEUE_MISSING;
	cut(&m);
	assert_true(matrix_equal(&m, &want));
}

static void cut_takes_the_adapter_on_a_tie(void **state)
{
	struct matrix m = { .apm = MASK(5, 6), .aqm = MASK(4, 0xab) };
	struct matrix want = { .apm = MASK(6), .aqm = MASK(4, 0xab) };

	(void)state;
	memset(&the_world, 0, sizeof(the_world));
	world_fill(&the_world, &m, QUEUE_HELD);
	the_world.rank[5][4] = QUEUE_MISSING;
	cut(&m);
	assert_true(matrix_equal(&m, &want));
}

static bool has_hole(const struct matrix *m)
{
	unsigned int apqn;

	matrix_for_each(apqn, m)
		if (world_rank(apqn, &the_world) == QUEUE_MISSING)
			return true;
	return false;
}

/* No id that was cut could be given back. */
static void check_maximal(const struct matrix *before, const struct matrix *after)
{
	struct matrix more;
	unsigned int id;

	mask_for_each(id, &before->apm) {
		more = *after;
		mask_add(&more.apm, id);
		assert_true(mask_has(&after->apm, id) || has_hole(&more) ||
			    mask_empty(&after->aqm));
	}
	mask_for_each(id, &before->aqm) {
		more = *after;
		mask_add(&more.aqm, id);
		assert_true(mask_has(&after->aqm, id) || has_hole(&more) ||
			    mask_empty(&after->apm));
	}
}

static void cut_leaves_no_missing_queue(void **state)
{
	struct matrix before, after;
	unsigned int apqn;

	(void)state;
	for (int round = 0; round < RANDOM_ROUNDS; round++) {
		int holes = rand() % 1000;

		before = (struct matrix) { random_mask(rand() % 60), random_mask(rand() % 60), {} };
		matrix_for_each(apqn, &before)
			the_world.rank[APQN_ADAPTER(apqn)][APQN_DOMAIN(apqn)] =
				rand() % 1000 < holes ? QUEUE_MISSING :
				rand() % 2 ? QUEUE_SPARE : QUEUE_HELD;
		after = before;
		cut(&after);
		assert_true(matrix_within(&after, &before));
		assert_false(has_hole(&after));
		check_maximal(&before, &after);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bit_0_is_leftmost),
		cmocka_unit_test(mask_next_walks_all),
		cmocka_unit_test(matrix_next_needs_both),
		cmocka_unit_test(within_compares_all_masks),
		cmocka_unit_test(text_has_three_forms),
		cmocka_unit_test(text_can_be_read_in_parts),
		cmocka_unit_test(cut_removes_an_absent_adapter),
		cmocka_unit_test(cut_prefers_the_smaller_loss),
		cmocka_unit_test(cut_keeps_what_the_guest_has),
		cmocka_unit_test(cut_takes_the_adapter_on_a_tie),
		cmocka_unit_test(cut_leaves_no_missing_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
