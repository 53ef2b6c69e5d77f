// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/rand.h>

#include "ep11.h"
#include "asn1.h"

/*
 * GenerateRandom
 *
 * Arguments: u32 number of bytes. Results: the bytes.
 */
enum ckr ep11_generate_random(const struct domain *domain,
			      const struct ep11_cprb *request,
			      struct builder *results)
{
	struct cursor c = request->arguments;
	uint32_t length = asn1_u32(&c);
	size_t opened;
	uint8_t *space;

	(void)domain;
	if (!cursor_at_end(&c) || !length)
		return CKR_ARGUMENTS_BAD;
	opened = asn1_open_octets(results);
	space = build_space(results, length);
	if (!space)
		return CKR_IBM_TRANSPORT_LIMIT;
	if (RAND_bytes(space, length) != 1)
		return CKR_FUNCTION_FAILED;
	asn1_close(results, opened);
	return CKR_OK;
}
