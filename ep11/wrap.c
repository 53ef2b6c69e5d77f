// SPDX-License-Identifier: GPL-2.0-only
/*
 * WrapKey and UnwrapKey
 *
 * WrapKey. Arguments: u32 variant, 0; mechanism; key blob; blob of the key to
 * wrap it under; blob of a MAC key, empty. Results: the wrapped key.
 *
 * UnwrapKey. Arguments: attributes; mechanism; blob of the key to unwrap it
 * with; blob of a MAC key, empty; PIN blob; wrapped key. Results: key blob.
 *
 * CKM_IBM_CPACF_WRAP wraps a key as a protected key for CPACF, under no other
 * key. Its result, numbers big endian:
 *
 *	u16	1
 *	u8[16]	0
 *	u32	1: AES
 *	u32	length of the key in bits
 *	u64	length of the protected key
 *	u8[8]	0
 *	-	the protected key
 */
#include <openssl/crypto.h>

#include "card/cpacf.h"
#include "ep11.h"
#include "asn1.h"
#include "cipher.h"
#include "template.h"

#define CPACF_PARAMETER		16
#define PROTKEY_VERSION		1
#define PROTKEY_AES		1

struct wrapping {
	const struct domain *domain;
	bool cpacf_possible;
	struct ep11_mechanism mechanism;
	struct slice kek;
	struct ep11_key key;
};

static enum ckr wrap_for_cpacf(const struct wrapping *w,
			       struct builder *results)
{
	size_t length = w->key.length + CPACF_PATTERN;
	uint8_t *space;

	if (!w->cpacf_possible)
		return CKR_MECHANISM_INVALID;
	if (w->mechanism.parameter.length != CPACF_PARAMETER)
		return CKR_MECHANISM_PARAM_INVALID;
	if (w->kek.length)
		return CKR_ARGUMENTS_BAD;
	if (!(w->key.attributes & XCP_BLOB_PROTKEY_EXTRACTABLE))
		return CKR_KEY_UNEXTRACTABLE;
	build_u16(results, PROTKEY_VERSION);
	build_zeros(results, 16);
	build_u32(results, PROTKEY_AES);
	build_u32(results, w->key.length * 8);
	build_u32(results, 0);
	build_u32(results, length);
	build_zeros(results, 8);
	space = build_space(results, length);
	if (!space)
		return CKR_IBM_TRANSPORT_LIMIT;
	return cpacf_protect(ep11_key_value(&w->key), space) ?
	       CKR_OK : CKR_FUNCTION_FAILED;
}

static enum ckr wrap_with_key(const struct wrapping *w, struct builder *results)
{
	struct ep11_key kek;
	enum ckr ckr;

	if (!(w->key.attributes & XCP_BLOB_EXTRACTABLE) ||
	    w->key.attributes & XCP_BLOB_ATTRBOUND)
		return CKR_KEY_UNEXTRACTABLE;
	ckr = ep11_key_open(w->domain, w->kek, XCP_BLOB_WRAP, &kek);
	if (ckr)
		return ckr;
	ckr = ep11_encrypt(&w->mechanism, ep11_key_value(&kek),
			   ep11_key_value(&w->key), results);
	OPENSSL_cleanse(&kek, sizeof(kek));
	return ckr == CKR_DATA_LEN_RANGE ? CKR_KEY_SIZE_RANGE : ckr;
}

static enum ckr wrap(const struct wrapping *w, struct builder *results)
{
	size_t opened = asn1_open_octets(results);
	enum ckr ckr;

	if (w->mechanism.number == CKM_IBM_CPACF_WRAP)
		ckr = wrap_for_cpacf(w, results);
	else
		ckr = wrap_with_key(w, results);
	asn1_close(results, opened);
	return ckr;
}

enum ckr ep11_wrap_key(const struct domain *domain,
		       const struct ep11_cprb *request, struct builder *results)
{
	struct cursor c = request->arguments;
	uint32_t variant = asn1_u32(&c);
	struct wrapping w = {
		.domain = domain,
		.cpacf_possible = request->special &&
				  request->api >= EP11_API_PROTKEY,
		.mechanism = ep11_mechanism_take(&c),
	};
	struct slice blob = asn1_octets(&c);
	struct slice mac;
	enum ckr ckr;

	w.kek = asn1_octets(&c);
	mac = asn1_octets(&c);
	if (!cursor_at_end(&c) || variant || mac.length)
		return CKR_ARGUMENTS_BAD;
	ckr = ep11_key_open(domain, blob, 0, &w.key);
	if (!ckr)
		ckr = wrap(&w, results);
	OPENSSL_cleanse(&w.key, sizeof(w.key));
	return ckr;
}

static enum ckr of_wrapped(enum ckr ckr)
{
	if (ckr == CKR_ENCRYPTED_DATA_INVALID)
		return CKR_WRAPPED_KEY_INVALID;
	if (ckr == CKR_ENCRYPTED_DATA_LEN_RANGE ||
	    ckr == CKR_IBM_TRANSPORT_LIMIT)
		return CKR_WRAPPED_KEY_LEN_RANGE;
	return ckr;
}

/* Decrypt @wrapped, which is a key of the length that @key has. */
static enum ckr unwrap(const struct ep11_mechanism *mechanism,
		       const struct ep11_key *kek, struct slice wrapped,
		       struct ep11_key *key)
{
	uint8_t plain[sizeof(key->value) + 16];
	struct builder b = builder_of(plain, sizeof(plain));
	enum ckr ckr;

	ckr = of_wrapped(ep11_decrypt(mechanism, ep11_key_value(kek), wrapped,
				      &b));
	if (!ckr && builder_length(&b) != key->length)
		ckr = CKR_WRAPPED_KEY_LEN_RANGE;
	if (!ckr) {
		b = builder_of(key->value, sizeof(key->value));
		build_bytes(&b, plain, key->length);
	}
	OPENSSL_cleanse(plain, sizeof(plain));
	return ckr;
}

enum ckr ep11_unwrap_key(const struct domain *domain,
			 const struct ep11_cprb *request,
			 struct builder *results)
{
	struct cursor c = request->arguments;
	struct ep11_key kek, key = { 0 };
	enum ckr ckr = ep11_template_take(&c, request->api, &key);
	struct ep11_mechanism mechanism = ep11_mechanism_take(&c);
	struct slice blob = asn1_octets(&c);
	struct slice mac = asn1_octets(&c);
	bool no_pin = asn1_take_zeros(&c);
	struct slice wrapped = asn1_octets(&c);

	if (!cursor_at_end(&c) || mac.length)
		return CKR_ARGUMENTS_BAD;
	if (!no_pin)
		return CKR_PIN_INVALID;
	if (!ckr)
		ckr = ep11_key_open(domain, blob, XCP_BLOB_UNWRAP, &kek);
	if (ckr)
		return ckr;
	ckr = unwrap(&mechanism, &kek, wrapped, &key);
	OPENSSL_cleanse(&kek, sizeof(kek));
	if (!ckr)
		ckr = ep11_key_seal(domain, &key, results);
	OPENSSL_cleanse(&key, sizeof(key));
	return ckr;
}
