// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "card/cpacf.h"
#include "key.h"

#define BLOCK_VERSION	1
#define BLOCK_AES	2
#define BLOCK_PATTERN	1
#define BLOCK_KEY	64
#define ATTRIBUTES	32

bool cca_key_generate(struct cca_key *key, size_t length)
{
	key->length = length;
	return RAND_bytes(key->value, length) == 1;
}

void cca_key_wipe(struct cca_key *key)
{
	OPENSSL_cleanse(key, sizeof(*key));
}

enum cca_code cca_master_key(const struct domain *domain, struct slice pattern,
			     const struct master_key **found)
{
	*found = domain_find(domain, MASTER_KEY_AES, pattern);
	if (!*found)
		return CCA_PATTERN;
	if (*found == domain_current(domain, MASTER_KEY_AES))
		return CCA_OK;
	return CCA_OLD_MASTER_KEY;
}

static void lay_block(struct builder *reply, struct slice protected)
{
	build_u8(reply, BLOCK_VERSION);
	build_zeros(reply, 2);
	build_u8(reply, BLOCK_AES);
	build_zeros(reply, 4);
	build_u16(reply, protected.length);
	build_slice(reply, protected);
	build_zeros(reply, BLOCK_KEY - protected.length);
	build_u16(reply, ATTRIBUTES);
	build_zeros(reply, ATTRIBUTES + 1);
	build_u8(reply, BLOCK_PATTERN);
	build_bytes(reply, protected.at + protected.length - CPACF_PATTERN,
		    CPACF_PATTERN);
}

enum cca_code cca_lay_protected(struct builder *reply, uint16_t tag,
				const struct cca_key *key)
{
	uint8_t protected[AES_KEY_MAX + CPACF_PATTERN];
	size_t field;

	if (!cpacf_protect((struct slice){ key->value, key->length },
			   protected))
		return CCA_FAILED;
	field = build_open(reply);
	build_u16(reply, tag);
	lay_block(reply, (struct slice){ protected,
					 key->length + CPACF_PATTERN });
	build_close(reply, field);
	return CCA_OK;
}
