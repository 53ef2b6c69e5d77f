// SPDX-License-Identifier: GPL-2.0-only
/*
 * EncryptSingle and DecryptSingle, which process a whole message at once.
 *
 * Arguments: u32 variant, 0; mechanism; key blob; message. Results: the message
 * encrypted or decrypted.
 */
#include <openssl/crypto.h>

#include "ep11.h"
#include "asn1.h"
#include "cipher.h"
#include "key.h"

typedef enum ckr ep11_direction(const struct ep11_mechanism *mechanism,
				struct slice key, struct slice in,
				struct builder *out);

static enum ckr single(const struct domain *domain,
		       const struct ep11_cprb *request, uint32_t needed,
		       ep11_direction *direction, struct builder *results)
{
	struct cursor c = request->arguments;
	uint32_t variant = asn1_u32(&c);
	struct ep11_mechanism mechanism = ep11_mechanism_take(&c);
	struct slice blob = asn1_octets(&c);
	struct slice message = asn1_octets(&c);
	struct ep11_key key;
	size_t opened;
	enum ckr ckr;

	if (!cursor_at_end(&c) || variant)
		return CKR_ARGUMENTS_BAD;
	ckr = ep11_key_open(domain, blob, needed, &key);
	if (ckr)
		return ckr;
	opened = asn1_open_octets(results);
	ckr = direction(&mechanism, ep11_key_value(&key), message, results);
	asn1_close(results, opened);
	OPENSSL_cleanse(&key, sizeof(key));
	return ckr;
}

enum ckr ep11_encrypt_single(const struct domain *domain,
			     const struct ep11_cprb *request,
			     struct builder *results)
{
	return single(domain, request, XCP_BLOB_ENCRYPT, ep11_encrypt, results);
}

enum ckr ep11_decrypt_single(const struct domain *domain,
			     const struct ep11_cprb *request,
			     struct builder *results)
{
	return single(domain, request, XCP_BLOB_DECRYPT, ep11_decrypt, results);
}
