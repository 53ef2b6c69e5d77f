// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <string.h>

#include "cpacf.h"

static struct {
	bool drawn;
	uint8_t key[CPACF_KEY];
} machine;

static _Thread_local uint64_t served;

static void draw(void)
{
	if (!machine.drawn)
		machine.drawn = RAND_bytes(machine.key, sizeof(machine.key)) == 1;
}

/* Draw the machine's key unless there is one. Return whether there is one. */
static bool draw_key(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	return !pthread_once(&once, draw) && machine.drawn;
}

bool cpacf_wrapping(uint64_t vm, struct wrapping_key *wrapping)
{
	uint64_t number = htobe64(vm);
	uint8_t key[WRAPPING_KEY];

	if (!draw_key() ||
	    !HMAC(EVP_sha256(), machine.key, sizeof(machine.key),
		  (const uint8_t *)&number, sizeof(number), key, NULL))
		return false;
	*wrapping = wrapping_of(key);
	OPENSSL_cleanse(key, sizeof(key));
	return true;
}

void cpacf_serve(uint64_t vm)
{
	served = vm;
}

bool cpacf_protect(struct slice key, uint8_t *protected)
{
	struct wrapping_key wrapping;
	bool done = cpacf_wrapping(served, &wrapping) &&
		    wrapping_protect(&wrapping, key, protected);

	OPENSSL_cleanse(&wrapping, sizeof(wrapping));
	return done;
}

bool cpacf_key(uint8_t key[CPACF_KEY])
{
	if (!draw_key())
		return false;
	memcpy(key, machine.key, CPACF_KEY);
	return true;
}

void cpacf_set_key(const uint8_t key[CPACF_KEY])
{
	memcpy(machine.key, key, CPACF_KEY);
	machine.drawn = true;
}
