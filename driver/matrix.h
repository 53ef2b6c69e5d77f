/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations on masks of adapters, usage domains and control domains as an APCB
 * has them. This is plain C without calls of the kernel.
 *
 * Bit 0 of a mask is the leftmost, as in the APCB, in QCI and in sysfs.
 */
#ifndef VFIO_AP_MATRIX_H
#define VFIO_AP_MATRIX_H

#include "plain.h"

#define AP_IDS 256
#define MASK_WORDS (AP_IDS / 64)

struct ap_mask {
	__u64 word[MASK_WORDS];
};

struct matrix {
	struct ap_mask apm;	/* adapters */
	struct ap_mask aqm;	/* usage domains */
	struct ap_mask adm;	/* control domains */
};

#define APQN(adapter, domain) ((unsigned int)((adapter) << 8 | (domain)))
#define APQN_ADAPTER(apqn) ((apqn) >> 8)
#define APQN_DOMAIN(apqn) ((apqn) & 0xff)

/* The format of an APQN, for its adapter and its domain. */
#define APQN_FMT "%02x.%04x"

static inline bool mask_has(const struct ap_mask *m, unsigned int id)
{
	return m->word[id / 64] >> (63 - id % 64) & 1;
}

static inline void mask_add(struct ap_mask *m, unsigned int id)
{
	m->word[id / 64] |= 1ULL << (63 - id % 64);
}

static inline void mask_del(struct ap_mask *m, unsigned int id)
{
	m->word[id / 64] &= ~(1ULL << (63 - id % 64));
}

/*
 * Return the first id of @m that is not below @id, or AP_IDS if there is none.
 */
static inline unsigned int mask_next(const struct ap_mask *m, unsigned int id)
{
	while (id < AP_IDS) {
		__u64 rest = m->word[id / 64] << id % 64;

		if (rest)
			return id + __builtin_clzll(rest);
		id += 64 - id % 64;
	}
	return AP_IDS;
}

static inline bool mask_empty(const struct ap_mask *m)
{
	return mask_next(m, 0) == AP_IDS;
}

static inline struct ap_mask mask_and(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask both;

	for (int i = 0; i < MASK_WORDS; i++)
		both.word[i] = a->word[i] & b->word[i];
	return both;
}

static inline struct ap_mask mask_andnot(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask rest;

	for (int i = 0; i < MASK_WORDS; i++)
		rest.word[i] = a->word[i] & ~b->word[i];
	return rest;
}

static inline struct ap_mask mask_or(const struct ap_mask *a, const struct ap_mask *b)
{
	struct ap_mask sum;

	for (int i = 0; i < MASK_WORDS; i++)
		sum.word[i] = a->word[i] | b->word[i];
	return sum;
}

#define mask_for_each(id, m) \
	for ((id) = mask_next(m, 0); (id) < AP_IDS; (id) = mask_next(m, (id) + 1))

static inline bool matrix_has(const struct matrix *m, unsigned int apqn)
{
	return mask_has(&m->apm, APQN_ADAPTER(apqn)) && mask_has(&m->aqm, APQN_DOMAIN(apqn));
}

/*
 * Return the first APQN of @m that is not below @apqn, or AP_IDS * AP_IDS if
 * there is none.
 */
unsigned int vfio_ap_matrix_next(const struct matrix *m, unsigned int apqn);

#define matrix_for_each(apqn, m) \
	for ((apqn) = vfio_ap_matrix_next(m, 0); (apqn) < AP_IDS * AP_IDS; \
	     (apqn) = vfio_ap_matrix_next(m, (apqn) + 1))

static inline bool matrix_equal(const struct matrix *a, const struct matrix *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Return the intersection of @a and @b, mask by mask. */
static inline struct matrix matrix_and(const struct matrix *a, const struct matrix *b)
{
	return (struct matrix) {
		.apm = mask_and(&a->apm, &b->apm),
		.aqm = mask_and(&a->aqm, &b->aqm),
		.adm = mask_and(&a->adm, &b->adm),
	};
}

/* Return whether @m contains at least one APQN. */
static inline bool matrix_has_queues(const struct matrix *m)
{
	return !mask_empty(&m->apm) && !mask_empty(&m->aqm);
}

/* Return whether every id of @a is in @b. */
static inline bool matrix_within(const struct matrix *a, const struct matrix *b)
{
	struct matrix both = matrix_and(a, b);

	return matrix_equal(a, &both);
}

/* Whether a guest may have an APQN, and how much its loss would matter. */
enum queue_rank {
	QUEUE_MISSING,		/* must not be in the guest */
	QUEUE_SPARE,		/* may be plugged in */
	QUEUE_HELD,		/* the guest has it */
};

/* Scratch memory of vfio_ap_matrix_cut(), which is too large for a stack. */
struct matrix_cut {
	unsigned int holes[2][AP_IDS];
	unsigned int loss[2][AP_IDS];
	__u8 rank[AP_IDS][AP_IDS];
};

/*
 * Reduce @m until no APQN of it is missing. An APCB grants every combination of
 * its adapters and domains, so a missing APQN can only be kept from a guest by
 * removing its adapter or its domain.
 *
 * Of the two, the one is removed that costs the fewest usable queues per
 * missing queue. A queue that the guest has counts for more than any number of
 * others. On a tie the adapter is removed, and among several the one with the
 * highest number. Nothing is removed that could stay: each id that was removed
 * would bring back a missing APQN.
 */
void vfio_ap_matrix_cut(struct matrix *m, struct matrix_cut *cut,
			enum queue_rank (*rank)(unsigned int apqn, const void *arg),
			const void *arg);

/*
 * Write the text of the attributes matrix and guest_matrix. It has a line for
 * each APQN (05.0004); if there are no domains, for each adapter (05.); if
 * there are no adapters, for each domain (.0004). Copy at most @size bytes of
 * it from @offset on into @buf, and return their number, which is 0 at the end.
 */
size_t vfio_ap_matrix_text(const struct matrix *m, char *buf, size_t offset, size_t size);

#endif
