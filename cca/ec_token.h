/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A token of keys on an elliptic curve, which are in clear:
 *
 *	u8	0x1e		u8	0
 *	u16	length of the token
 *	u8[4]	0
 *	-	private section, if any
 *	-	public section, if any
 *
 * Private section:
 *
 *	u8	0x20		u8	0
 *	u16	length of the section
 *	u8[4]	0: not wrapped
 *	u8	key usage
 *	u8	curve: 0 prime, 1 Brainpool
 *	u8	0x40: clear	u8	0
 *	u16	length of the prime in bits
 *	u16	length of IBM's associated data
 *	u8[56]	0
 *	u16	length of the associated data
 *	u16	length of the private key, or 0
 *	-	associated data, private key
 *
 * Public section:
 *
 *	u8	0x21		u8	0
 *	u16	length of the section
 *	u8[4]	0
 *	u8	curve		u8	0
 *	u16	length of the prime in bits
 *	u16	length of the public key, or 0
 *	-	public key: 04, x, y
 */
#ifndef CCA_EC_TOKEN_H
#define CCA_EC_TOKEN_H

#include "bytes/builder.h"
#include "curve.h"

/* Slices point into the token that was taken, or to what is to be laid. */
struct ec_token {
	const struct curve *curve;
	uint8_t usage;
	struct slice associated;
	struct slice private, public;	/* may be empty */
};

/*
 * Take the token in the next field of @keys. It has no curve (NULL) if the
 * field holds no token or a malformed one.
 */
struct ec_token ec_token_take(struct cursor *keys);

/* Lay a token with both sections. */
void ec_token_lay(struct builder *reply, const struct ec_token *token);

#endif /* CCA_EC_TOKEN_H */
