/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tokens of secure AES keys of fixed length (aes.c) and of variable length
 * (cipher.c) have in common.
 */
#ifndef CCA_KEY_H
#define CCA_KEY_H

#include "cca.h"

#define AES_KEY_MAX		32
#define TOKEN_INTERNAL		0x01
#define PATTERN_LENGTH		8
#define TAG_KEY			0x0030

/* A clear key. Its owner wipes it by cca_key_wipe(). */
struct cca_key {
	uint8_t value[AES_KEY_MAX];
	size_t length;
};

/*
 * Generate a random key of @length bytes. Return false if OpenSSL lacks random
 * numbers.
 */
bool cca_key_generate(struct cca_key *key, size_t length);
void cca_key_wipe(struct cca_key *key);

/*
 * Set @found to the master key with @pattern. Return CCA_OK if it is the
 * current one, CCA_OLD_MASTER_KEY if it is the old one, and CCA_PATTERN if it
 * is neither.
 */
enum cca_code cca_master_key(const struct domain *domain, struct slice pattern,
			     const struct master_key **found);

/*
 * Lay the three blocks of a reply with the key of @token, wrapped under
 * @master. Return CCA_NO_MASTER_KEY if @master is NULL. Return CCA_OK even if
 * the token was wrapped under the old master key.
 */
enum cca_code cca_aes_reencipher(const struct domain *domain,
				 struct slice token,
				 const struct master_key *master,
				 struct builder *reply);
enum cca_code cca_cipher_reencipher(const struct domain *domain,
				    struct slice token,
				    const struct master_key *master,
				    struct builder *reply);

/*
 * Lay a field with a CPACF key block (struct cpacfkeyblock of Linux'
 * zcrypt_ccamisc.c) that holds the protected key of @key:
 *
 *	u8	1
 *	u8[2]	0
 *	u8	2: AES
 *	u8[4]	0
 *	u16	length of the protected key
 *	u8[64]	protected key: the wrapped key, and the verification pattern
 *		of the wrapping key
 *	u16	32
 *	u8[32]	key attributes: 0
 *	u8	0
 *	u8	1: a pattern follows
 *	u8[32]	the pattern again
 */
enum cca_code cca_lay_protected(struct builder *reply, uint16_t tag,
				const struct cca_key *key);

#endif /* CCA_KEY_H */
