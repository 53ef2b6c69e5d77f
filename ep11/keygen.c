// SPDX-License-Identifier: GPL-2.0-only
/*
 * GenerateKey
 *
 * Arguments: u32 variant, 0; u32 length of the key; mechanism; attributes; PIN
 * blob. Results: key blob.
 *
 * There are no sessions, so a PIN blob is empty, or zeros as in the requests of
 * a guest in secure execution.
 */
#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "ep11.h"
#include "asn1.h"
#include "cipher.h"
#include "template.h"

/* Return the attributes that tell of a key that was made in the coprocessor. */
static uint32_t history_of(uint32_t attributes)
{
	uint32_t history = XCP_BLOB_LOCAL;

	if (!(attributes & XCP_BLOB_EXTRACTABLE))
		history |= XCP_BLOB_NEVER_EXTRACTABLE;
	if (!(attributes & XCP_BLOB_MODIFIABLE))
		history |= XCP_BLOB_NEVER_MODIFIABLE;
	if (!(attributes & XCP_BLOB_PROTKEY_EXTRACTABLE))
		history |= XCP_BLOB_PROTKEY_NEVER_EXTRACTABLE;
	return history;
}

static enum ckr generate(const struct domain *domain, struct ep11_key *key,
			 struct builder *results)
{
	enum ckr ckr = CKR_FUNCTION_FAILED;

	key->attributes |= history_of(key->attributes);
	if (RAND_priv_bytes(key->value, key->length) == 1)
		ckr = ep11_key_seal(domain, key, results);
	OPENSSL_cleanse(key, sizeof(*key));
	return ckr;
}

enum ckr ep11_generate_key(const struct domain *domain,
			   const struct ep11_cprb *request,
			   struct builder *results)
{
	struct cursor c = request->arguments;
	uint32_t variant = asn1_u32(&c);
	uint32_t length = asn1_u32(&c);
	struct ep11_mechanism mechanism = ep11_mechanism_take(&c);
	struct ep11_key key = { 0 };
	enum ckr ckr = ep11_template_take(&c, request->api, &key);
	bool no_pin = asn1_take_zeros(&c);

	if (!cursor_at_end(&c) || variant)
		return CKR_ARGUMENTS_BAD;
	if (mechanism.number != CKM_AES_KEY_GEN)
		return CKR_MECHANISM_INVALID;
	if (mechanism.parameter.length)
		return CKR_MECHANISM_PARAM_INVALID;
	if (ckr)
		return ckr;
	if (length != key.length)
		return CKR_TEMPLATE_INCONSISTENT;
	if (!no_pin)
		return CKR_PIN_INVALID;
	return generate(domain, &key, results);
}
