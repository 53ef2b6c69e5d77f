// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <string.h>

#include "bytes/aes.h"
#include "cpacf.h"

static struct {
	bool drawn;
	uint8_t key[AES_KEK_LENGTH];
	uint8_t pattern[CPACF_PATTERN];
} wrapping;

static void draw(void)
{
	if (!wrapping.drawn)
		wrapping.drawn = RAND_bytes(wrapping.key,
					    sizeof(wrapping.key)) == 1;
	SHA256(wrapping.key, sizeof(wrapping.key), wrapping.pattern);
}

/* Draw the wrapping key unless there is one. Return whether there is one. */
static bool draw_wrapping_key(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	return !pthread_once(&once, draw) && wrapping.drawn;
}

_Static_assert(CPACF_KEY == AES_KEK_LENGTH, "the wrapping key is an AES key");

bool cpacf_protect(struct slice key, uint8_t *protected)
{
	if (!draw_wrapping_key() || !aes_encrypt(wrapping.key, key, protected))
		return false;
	memcpy(protected + key.length, wrapping.pattern, CPACF_PATTERN);
	return true;
}

bool cpacf_unprotect(struct slice protected, uint8_t *key)
{
	struct cursor c = cursor_of(protected.at, protected.length);
	struct slice wrapped, pattern;

	if (protected.length < CPACF_PATTERN || !draw_wrapping_key())
		return false;
	wrapped = cursor_take(&c, protected.length - CPACF_PATTERN);
	pattern = cursor_take(&c, CPACF_PATTERN);
	return !memcmp(pattern.at, wrapping.pattern, CPACF_PATTERN) &&
	       aes_decrypt(wrapping.key, wrapped, key);
}

bool cpacf_key(uint8_t key[CPACF_KEY])
{
	if (!draw_wrapping_key())
		return false;
	memcpy(key, wrapping.key, CPACF_KEY);
	return true;
}

void cpacf_set_key(const uint8_t key[CPACF_KEY])
{
	memcpy(wrapping.key, key, CPACF_KEY);
	wrapping.drawn = true;
	SHA256(wrapping.key, sizeof(wrapping.key), wrapping.pattern);
}
