/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What Linux takes for the length of a reply of type 86, by its header alone.
 * It copies this many bytes and reads what it copied. If it copied fewer than
 * it reads, it takes the queue offline. Before that, the type of the message
 * and the version of its control block decide whether the header is read at
 * all.
 *
 *	6.1		CCA	offset2 + count2, whether or not there are data
 *			EP11	offset1 + count1
 *	6.12 and later	CCA	the same if there are data, else offset1 + count1;
 *				the length that DQAP told, or EMSGSIZE
 *			EP11	offset1 + count1; likewise
 *
 * PK and PD are an exception: Linux counts from the length of the second block
 * of their parameters.
 */
#ifndef TESTS_UNIT_CARD_TYPE86_H
#define TESTS_UNIT_CARD_TYPE86_H

#include "bytes/cursor.h"
#include "card/type6.h"

#define AT_SECOND_BLOCK	(TYPE86_HEADER_SIZE + 220 + 4)

struct type86 {
	uint32_t count1, offset1, count2, offset2;
};

/* Read a header. Fail if a field does not have the value that Linux expects. */
static inline struct type86 type86_header(const uint8_t *reply, size_t length)
{
	struct cursor c = cursor_of(reply, length);
	struct type86 h;

	assert_int_equal(cursor_u32(&c), 0x00860200);
	assert_true(cursor_take_zeros(&c, 12));
	h.count1 = cursor_u32(&c);
	h.offset1 = cursor_u32(&c);
	h.count2 = cursor_u32(&c);
	h.offset2 = cursor_u32(&c);
	assert_true(cursor_take_zeros(&c, 16));
	assert_int_equal(h.offset1, TYPE86_HEADER_SIZE);
	return h;
}

/*
 * Read the reply of a CCA coprocessor as the generic client of zcrypt gets it.
 */
static inline struct type86 type86_cca(const uint8_t *reply, size_t length)
{
	struct type86 h = type86_header(reply, length);

	assert_int_equal(reply[h.offset1 + 2], 2);
	assert_int_equal(h.offset2 + h.count2, length);
	if (!h.count2)
		assert_int_equal(h.offset1 + h.count1, length);
	return h;
}

/*
 * Read the reply to PK or PD. Its length follows from that of its second block.
 */
static inline void type86_rsa(const uint8_t *reply, size_t length)
{
	struct cursor c = cursor_of(reply, length);
	size_t block;

	type86_cca(reply, length);
	cursor_take(&c, AT_SECOND_BLOCK);
	block = cursor_u16(&c);
	assert_int_equal(AT_SECOND_BLOCK + 2 + block, length);
}

static inline struct type86 type86_ep11(const uint8_t *reply, size_t length)
{
	struct type86 h = type86_header(reply, length);

	assert_int_equal(reply[h.offset1 + 2], 4);
	assert_int_equal(h.offset1 + h.count1, length);
	assert_int_equal(h.count2, 0);
	return h;
}

#endif /* TESTS_UNIT_CARD_TYPE86_H */
