/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys of EP11, which are kept outside of the coprocessor as blobs (struct
 * ep11keyblob of Linux' zcrypt_ep11misc.h). Numbers are big endian.
 *
 *	u8[32]	session: 0, none
 *	u8[16]	verification pattern of the wrapping key, its first half
 *	u64	Boolean attributes
 *	u64	mode
 *	u16	0x1234
 *	u8[14]	initial vector, behind these two bytes
 *	u8[144]	encrypted: u32 key type, u32 length of the key, the key, zeros
 *	u8[32]	HMAC-SHA-256 of everything before it
 *
 * The cipher is AES-256-CBC. The keys of cipher and HMAC are derived from the
 * current wrapping key of the domain, so a blob is useless under any other.
 */
#ifndef EP11_KEY_H
#define EP11_KEY_H

#include "bytes/builder.h"
#include "card/domain.h"
#include "ckr.h"

#define EP11_BLOB_SIZE	256

struct ep11_key {
	uint32_t attributes;	/* XCP_BLOB_... */
	size_t length;		/* 16, 24 or 32 */
	uint8_t value[32];
};

static inline struct slice ep11_key_value(const struct ep11_key *key)
{
	return (struct slice){ key->value, key->length };
}

/*
 * Lay the blob of @key as an OCTET STRING. Return CKR_IBM_WK_NOT_INITIALIZED if
 * the domain has no current wrapping key.
 */
enum ckr ep11_key_seal(const struct domain *domain,
		       const struct ep11_key *key, struct builder *results);

/*
 * Set @key to the key in @blob. The caller wipes it. Return
 * CKR_IBM_WK_NOT_INITIALIZED if the domain has no current wrapping key,
 * CKR_IBM_WKID_MISMATCH if the blob is not under it, CKR_IBM_BLOB_ERROR if it
 * is not a blob, or CKR_KEY_FUNCTION_NOT_PERMITTED if the key lacks one of the
 * attributes @needed.
 */
enum ckr ep11_key_open(const struct domain *domain, struct slice blob,
		       uint32_t needed, struct ep11_key *key);

/*
 * Lay, without a head, the blob of the key in @blob under the new wrapping key.
 * Return what ep11_key_open() returns, and CKR_IBM_WK_NOT_INITIALIZED also if
 * there is no new wrapping key that is committed.
 */
enum ckr ep11_key_reseal(const struct domain *domain, struct slice blob,
			 struct builder *b);

#endif /* EP11_KEY_H */
