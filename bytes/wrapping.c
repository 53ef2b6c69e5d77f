// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/sha.h>
#include <string.h>

#include "wrapping.h"

struct wrapping_key wrapping_of(const uint8_t key[WRAPPING_KEY])
{
	struct wrapping_key wrapping;

	memcpy(wrapping.key, key, WRAPPING_KEY);
	SHA256(key, WRAPPING_KEY, wrapping.pattern);
	return wrapping;
}

bool wrapping_protect(const struct wrapping_key *wrapping, struct slice key,
		      uint8_t *protected)
{
	if (!aes_key_length_is_valid(key.length) ||
	    !aes_encrypt(wrapping->key, key, protected))
		return false;
	memcpy(protected + key.length, wrapping->pattern, WRAPPING_PATTERN);
	return true;
}

bool wrapping_has_made(const struct wrapping_key *wrapping, struct slice protected)
{
	return protected.length >= WRAPPING_PATTERN &&
	       !memcmp(protected.at + protected.length - WRAPPING_PATTERN,
		       wrapping->pattern, WRAPPING_PATTERN);
}

bool wrapping_unprotect(const struct wrapping_key *wrapping, struct slice protected,
			uint8_t *key)
{
	struct slice wrapped = { protected.at,
				 protected.length - WRAPPING_PATTERN };

	return wrapping_has_made(wrapping, protected) &&
	       aes_decrypt(wrapping->key, wrapped, key);
}
