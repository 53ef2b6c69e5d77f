/* SPDX-License-Identifier: GPL-2.0-only */
/* The elliptic curves that the coprocessor knows. */
#ifndef CCA_CURVE_H
#define CCA_CURVE_H

#include <stddef.h>
#include <stdint.h>

/* Length in bytes of the longest prime, signature and point (04, x, y). */
#define CURVE_PRIME_MAX		66
#define CURVE_SIGNATURE_MAX	(2 * CURVE_PRIME_MAX)
#define CURVE_POINT_MAX		(1 + 2 * CURVE_PRIME_MAX)

struct curve {
	uint8_t type;		/* 0 prime, 1 Brainpool */
	uint16_t bits;		/* of the prime */
	const char *name;	/* in OpenSSL */
};

/* Return the curve, or NULL if there is no such curve. */
const struct curve *curve_find(uint8_t type, uint16_t bits);

/* Return the length of the prime, or of a point, in bytes. */
size_t curve_width(const struct curve *curve);
size_t curve_point(const struct curve *curve);

#endif /* CCA_CURVE_H */
