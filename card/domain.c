// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

#include "bytes/mdc4.h"
#include "domain.h"

#define PATTERN_PREFIX	0x01

static const struct kind {
	const char *name;
	size_t length;
	size_t pattern_length;
	bool keeps_old;
} kinds[MASTER_KEY_KINDS] = {
	[MASTER_KEY_ASYM] = { "asym", 24, 16, true },
	[MASTER_KEY_AES] = { "aes", 32, 8, true },
	[MASTER_KEY_APKA] = { "apka", 32, 8, true },
	[MASTER_KEY_WK] = { "wk", 32, 32, false },
};

enum master_key_kind master_key_kind(const char *name)
{
	enum master_key_kind kind = 0;

	while (kind < MASTER_KEY_KINDS && strcmp(kinds[kind].name, name))
		kind++;
	return kind;
}

const char *master_key_name(enum master_key_kind kind)
{
	return kinds[kind].name;
}

size_t master_key_length(enum master_key_kind kind)
{
	return kinds[kind].length;
}

size_t master_key_pattern_length(enum master_key_kind kind)
{
	return kinds[kind].pattern_length;
}

const char *domain_reason(enum domain_error error)
{
	switch (error) {
	case DOMAIN_OK:
		break;
	case DOMAIN_LENGTH:
		return "the key part must be as long as the key";
	case DOMAIN_FULL:
		return "the new key is complete: set it or clear it first";
	case DOMAIN_EMPTY:
		return "there is no complete new key: load its last part first";
	case DOMAIN_FAILED:
		return "OpenSSL lacks memory or random numbers; try again later";
	}
	return "no error";
}

void domain_init(struct domain *domain, uint16_t apqn)
{
	unsigned int adapter = AP_ADAPTER(apqn);

	*domain = (struct domain){ .number = AP_DOMAIN(apqn) };
	snprintf(domain->serial, sizeof(domain->serial), "93%06u%08u",
		 adapter, adapter);
}

static void hash_after_prefix(const struct master_key *key, size_t length,
			      uint8_t pattern[MASTER_KEY_PATTERN])
{
	uint8_t image[1 + MASTER_KEY_MAX] = { PATTERN_PREFIX };

	memcpy(image + 1, key->value, length);
	SHA256(image, 1 + length, pattern);
	OPENSSL_cleanse(image, sizeof(image));
}

static bool compute_pattern(struct master_key *key, enum master_key_kind kind)
{
	const struct slice value = { key->value, kinds[kind].length };

	if (kind == MASTER_KEY_ASYM)
		return mdc4(value, key->pattern);
	hash_after_prefix(key, value.length, key->pattern);
	return true;
}

enum domain_error domain_generate(struct domain *domain,
				  enum master_key_kind kind)
{
	struct master_key *keys = domain->keys[kind];
	struct master_key *current = &keys[MASTER_KEY_CURRENT];

	OPENSSL_cleanse(keys, sizeof(domain->keys[kind]));
	if (RAND_bytes(current->value, kinds[kind].length) != 1 ||
	    !compute_pattern(current, kind))
		return DOMAIN_FAILED;
	current->state = MASTER_KEY_FULL;
	return DOMAIN_OK;
}

bool domain_restore(struct domain *domain, enum master_key_kind kind,
		    enum master_key_register which, enum master_key_state state,
		    const uint8_t value[MASTER_KEY_MAX])
{
	struct master_key *key = &domain->keys[kind][which];

	domain_clear(domain, kind, which);
	if (state == MASTER_KEY_EMPTY)
		return true;
	memcpy(key->value, value, kinds[kind].length);
	if (!compute_pattern(key, kind)) {
		domain_clear(domain, kind, which);
		return false;
	}
	key->state = state;
	return true;
}

static void add_part(struct master_key *key, struct slice part)
{
	for (size_t i = 0; i < part.length; i++)
		key->value[i] ^= part.at[i];
}

enum domain_error domain_load(struct domain *domain, enum master_key_kind kind,
			      struct slice part, bool last)
{
	struct master_key *key = &domain->keys[kind][MASTER_KEY_NEW];

	if (part.length != kinds[kind].length)
		return DOMAIN_LENGTH;
	if (key->state == MASTER_KEY_FULL)
		return DOMAIN_FULL;
	add_part(key, part);
	if (!compute_pattern(key, kind)) {
		add_part(key, part);
		return DOMAIN_FAILED;
	}
	key->state = last ? MASTER_KEY_FULL : MASTER_KEY_PARTIAL;
	return DOMAIN_OK;
}

enum domain_error domain_set(struct domain *domain, enum master_key_kind kind)
{
	struct master_key *keys = domain->keys[kind];

	if (keys[MASTER_KEY_NEW].state != MASTER_KEY_FULL)
		return DOMAIN_EMPTY;
	if (kinds[kind].keeps_old)
		keys[MASTER_KEY_OLD] = keys[MASTER_KEY_CURRENT];
	keys[MASTER_KEY_CURRENT] = keys[MASTER_KEY_NEW];
	domain_clear(domain, kind, MASTER_KEY_NEW);
	return DOMAIN_OK;
}

void domain_clear(struct domain *domain, enum master_key_kind kind,
		  enum master_key_register which)
{
	OPENSSL_cleanse(&domain->keys[kind][which], sizeof(struct master_key));
}

const struct master_key *domain_current(const struct domain *domain,
					enum master_key_kind kind)
{
	const struct master_key *key = &domain->keys[kind][MASTER_KEY_CURRENT];

	return key->state == MASTER_KEY_FULL ? key : NULL;
}

const struct master_key *domain_find(const struct domain *domain,
				     enum master_key_kind kind,
				     struct slice pattern)
{
	const struct master_key *key = domain->keys[kind];

	if (!pattern.length || pattern.length > MASTER_KEY_PATTERN)
		return NULL;
	for (int i = MASTER_KEY_CURRENT; i <= MASTER_KEY_OLD; i++)
		if (key[i].state == MASTER_KEY_FULL &&
		    !memcmp(key[i].pattern, pattern.at, pattern.length))
			return &key[i];
	return NULL;
}

void domain_wipe(struct domain *domain)
{
	OPENSSL_cleanse(domain, sizeof(*domain));
}
