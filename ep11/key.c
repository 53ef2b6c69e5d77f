// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "bytes/aes.h"
#include "ep11.h"
#include "asn1.h"
#include "cipher.h"
#include "key.h"

#define SESSION_SIZE	32
#define PATTERN_SIZE	16
#define MAGIC		0x1234
#define IV_SIZE		16
#define SECRET_SIZE	144
#define MAC_SIZE	32
#define WK_SIZE		32

struct derived {
	uint8_t cipher[32];
	uint8_t mac[32];
};

static bool derive_one(const uint8_t *wrapping_key, const char *purpose,
		       uint8_t *key)
{
	return HMAC(EVP_sha256(), wrapping_key, WK_SIZE,
		    (const uint8_t *)purpose, strlen(purpose), key, NULL);
}

static bool derive(const struct master_key *wk, struct derived *keys)
{
	return derive_one(wk->value, "EP11 blob cipher", keys->cipher) &&
	       derive_one(wk->value, "EP11 blob MAC", keys->mac);
}

static bool mac_of(const struct derived *keys, struct slice bytes, uint8_t *mac)
{
	return HMAC(EVP_sha256(), keys->mac, sizeof(keys->mac), bytes.at,
		    bytes.length, mac, NULL);
}

static struct ep11_mechanism cbc(struct slice iv)
{
	return (struct ep11_mechanism){ CKM_AES_CBC, iv };
}

static enum ckr seal_secret(struct builder *b, const struct derived *keys,
			    const struct ep11_key *key, struct slice iv)
{
	const struct ep11_mechanism mechanism = cbc(iv);
	const struct slice cipher = { keys->cipher, sizeof(keys->cipher) };
	uint8_t plain[SECRET_SIZE] = { 0 };
	const struct slice secret = { plain, sizeof(plain) };
	struct builder p = builder_of(plain, sizeof(plain));
	enum ckr ckr;

	build_u32(&p, CKK_AES);
	build_u32(&p, key->length);
	build_bytes(&p, key->value, key->length);
	ckr = ep11_encrypt(&mechanism, cipher, secret, b);
	OPENSSL_cleanse(plain, sizeof(plain));
	return ckr;
}

static bool draw_iv(uint8_t iv[IV_SIZE])
{
	struct builder b = builder_of(iv, IV_SIZE);

	build_u16(&b, MAGIC);
	return RAND_bytes(build_space(&b, IV_SIZE - 2), IV_SIZE - 2) == 1;
}

/* @b has room for one blob. */
static enum ckr seal(struct builder *b, const struct master_key *wk,
		     const struct derived *keys, const struct ep11_key *key)
{
	struct slice authenticated;
	uint8_t iv[IV_SIZE];
	enum ckr ckr;

	if (!draw_iv(iv))
		return CKR_FUNCTION_FAILED;
	build_zeros(b, SESSION_SIZE);
	build_bytes(b, wk->pattern, PATTERN_SIZE);
	build_u64(b, key->attributes);
	build_u64(b, EP11_OP_MODE);
	build_bytes(b, iv, IV_SIZE);
	ckr = seal_secret(b, keys, key, (struct slice){ iv, IV_SIZE });
	if (ckr)
		return ckr;
	authenticated = builder_laid(b);
	if (!mac_of(keys, authenticated, build_space(b, MAC_SIZE)))
		return CKR_FUNCTION_FAILED;
	return CKR_OK;
}

/* Lay a blob. @place must have room for it. */
static enum ckr seal_under(const struct master_key *wk,
			   const struct ep11_key *key, struct builder *place)
{
	uint8_t *space = build_space(place, EP11_BLOB_SIZE);
	struct builder b = builder_of(space, EP11_BLOB_SIZE);
	enum ckr ckr = CKR_FUNCTION_FAILED;
	struct derived keys;

	if (!space)
		return CKR_IBM_TRANSPORT_LIMIT;
	if (derive(wk, &keys))
		ckr = seal(&b, wk, &keys, key);
	OPENSSL_cleanse(&keys, sizeof(keys));
	return ckr;
}

enum ckr ep11_key_seal(const struct domain *domain,
		       const struct ep11_key *key, struct builder *results)
{
	const struct master_key *wk = domain_current(domain, MASTER_KEY_WK);
	size_t opened = asn1_open_octets(results);
	enum ckr ckr;

	if (!wk)
		return CKR_IBM_WK_NOT_INITIALIZED;
	ckr = seal_under(wk, key, results);
	asn1_close(results, opened);
	return ckr;
}

struct blob {
	struct slice authenticated;
	struct slice pattern;
	uint32_t attributes;
	struct slice iv;
	struct slice secret;
	struct slice mac;
};

static bool take_blob(struct slice bytes, struct blob *blob)
{
	struct cursor whole = cursor_of(bytes.at, bytes.length);
	struct cursor c = whole;
	struct cursor magic;

	blob->authenticated = cursor_take(&whole, EP11_BLOB_SIZE - MAC_SIZE);
	cursor_take(&c, SESSION_SIZE);
	blob->pattern = cursor_take(&c, PATTERN_SIZE);
	cursor_u32(&c);
	blob->attributes = cursor_u32(&c);
	cursor_take(&c, sizeof(uint64_t));
	blob->iv = cursor_take(&c, IV_SIZE);
	blob->secret = cursor_take(&c, SECRET_SIZE);
	blob->mac = cursor_take(&c, MAC_SIZE);
	magic = cursor_of(blob->iv.at, blob->iv.length);
	return cursor_at_end(&c) && cursor_u16(&magic) == MAGIC;
}

static bool mac_is_valid(const struct derived *keys, const struct blob *blob)
{
	uint8_t mac[MAC_SIZE];

	return mac_of(keys, blob->authenticated, mac) &&
	       !CRYPTO_memcmp(mac, blob->mac.at, MAC_SIZE);
}

static enum ckr take_secret(struct slice plain, struct ep11_key *key)
{
	struct cursor c = cursor_of(plain.at, plain.length);
	uint32_t type = cursor_u32(&c);

	key->length = cursor_u32(&c);
	if (type != CKK_AES || !aes_key_length_is_valid(key->length))
		return CKR_IBM_BLOB_ERROR;
	memcpy(key->value, cursor_take(&c, key->length).at, key->length);
	return CKR_OK;
}

static enum ckr open_blob(const struct derived *keys, const struct blob *blob,
			  struct ep11_key *key)
{
	const struct ep11_mechanism mechanism = cbc(blob->iv);
	const struct slice cipher = { keys->cipher, sizeof(keys->cipher) };
	uint8_t plain[SECRET_SIZE];
	struct builder p = builder_of(plain, sizeof(plain));
	enum ckr ckr;

	if (!mac_is_valid(keys, blob))
		return CKR_IBM_BLOB_ERROR;
	key->attributes = blob->attributes;
	ckr = ep11_decrypt(&mechanism, cipher, blob->secret, &p);
	if (!ckr)
		ckr = take_secret(builder_laid(&p), key);
	OPENSSL_cleanse(plain, sizeof(plain));
	return ckr;
}

static enum ckr open_with(const struct master_key *wk, const struct blob *blob,
			  struct ep11_key *key)
{
	enum ckr ckr = CKR_FUNCTION_FAILED;
	struct derived keys;

	if (derive(wk, &keys))
		ckr = open_blob(&keys, blob, key);
	OPENSSL_cleanse(&keys, sizeof(keys));
	return ckr;
}

enum ckr ep11_key_open(const struct domain *domain, struct slice bytes,
		       uint32_t needed, struct ep11_key *key)
{
	const struct master_key *wk = domain_current(domain, MASTER_KEY_WK);
	struct blob blob;
	enum ckr ckr;

	if (!wk)
		return CKR_IBM_WK_NOT_INITIALIZED;
	if (!take_blob(bytes, &blob))
		return CKR_IBM_BLOB_ERROR;
	if (memcmp(blob.pattern.at, wk->pattern, PATTERN_SIZE))
		return CKR_IBM_WKID_MISMATCH;
	ckr = open_with(wk, &blob, key);
	if (!ckr && needed & ~key->attributes) {
		OPENSSL_cleanse(key, sizeof(*key));
		return CKR_KEY_FUNCTION_NOT_PERMITTED;
	}
	return ckr;
}

enum ckr ep11_key_reseal(const struct domain *domain, struct slice blob,
			 struct builder *b)
{
	const struct master_key *wk =
		&domain->keys[MASTER_KEY_WK][MASTER_KEY_NEW];
	struct ep11_key key;
	enum ckr ckr;

	if (wk->state != MASTER_KEY_FULL)
		return CKR_IBM_WK_NOT_INITIALIZED;
	ckr = ep11_key_open(domain, blob, 0, &key);
	if (!ckr)
		ckr = seal_under(wk, &key, b);
	OPENSSL_cleanse(&key, sizeof(key));
	return ckr;
}
