// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>

#include "held.h"

int held_set(struct held *held, uint64_t revision, const void *bytes,
	     size_t length)
{
	uint8_t *copy = OPENSSL_memdup(bytes, length);

	if (!copy)
		return -ENOMEM;
	*held = (struct held){ revision, length, copy };
	return 0;
}

bool held_is_set(const struct held *held)
{
	return held->bytes;
}

void held_clear(struct held *held)
{
	OPENSSL_clear_free(held->bytes, held->length);
	*held = (struct held){ 0 };
}
