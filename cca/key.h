/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What tokens of secure AES keys have in common, be they of fixed length
 * (cca_aes.c) or of variable length (cca_cipher.c).
 */
#ifndef CCA_KEY_H
#define CCA_KEY_H

#include "cca.h"

#define AES_KEY_MAX		32
#define TOKEN_INTERNAL		0x01
#define PATTERN_LENGTH		8
#define TAG_KEY			0x0030

/* A clear key; wiped by cca_key_wipe(). */
struct cca_key {
	uint8_t value[AES_KEY_MAX];
	size_t length;
};

bool cca_key_generate(struct cca_key *key, size_t length);
void cca_key_wipe(struct cca_key *key);

/*
 * The master key of @pattern: CCA_OK for the current one, CCA_OLD_MASTER_KEY
 * for the old one, and CCA_PATTERN when it is neither.
 */
enum cca_code cca_master_key(const struct domain *domain, struct slice pattern,
			     const struct master_key **found);

/*
 * Lay the three blocks of a reply with the token's key wrapped anew under
 * @master; CCA_NO_MASTER_KEY when that is NULL. CCA_OK also if the token was
 * wrapped under the old master key.
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
