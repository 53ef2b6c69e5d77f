// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "control_point.h"
#include "ep11.h"

enum control_point {
	ENCRYPT_SYMM = 5,
	DECRYPT_SYMM = 7,
	WRAP_SYMM = 9,
	UNWRAP_SYMM = 11,
	KEYGEN_SYMM = 13,
	NON_ATTRBOUND = 16,	/* keys leave without their attributes */
	KEYSZ_128BIT = 26,
	KEYSZ_192BIT = 27,
	KEYSZ_256BIT = 28,
	WRAP_CRYPT_KEYS = 39,	/* a key may both wrap and encrypt */
	WRAP_STRONGER_KEY = 44,
	ALLOW_NONSESSION = 48,	/* keys without a session */
	CPACF_PK = 64,		/* protected keys */
};

static const enum control_point on[] = {
	ENCRYPT_SYMM, DECRYPT_SYMM, WRAP_SYMM, UNWRAP_SYMM, KEYGEN_SYMM,
	NON_ATTRBOUND, KEYSZ_128BIT, KEYSZ_192BIT, KEYSZ_256BIT,
	WRAP_CRYPT_KEYS, WRAP_STRONGER_KEY, ALLOW_NONSESSION, CPACF_PK,
};

uint32_t ep11_control_point_last(const struct domain *domain)
{
	return ep11_api(domain) < EP11_API_PROTKEY ? ALLOW_NONSESSION : CPACF_PK;
}

static void turn(uint8_t profile[EP11_PROFILE_SIZE], unsigned int point)
{
	profile[point / 8] ^= 0x80 >> point % 8;
}

void ep11_profile(const struct domain *domain,
		  uint8_t profile[EP11_PROFILE_SIZE])
{
	memset(profile, 0, EP11_PROFILE_SIZE);
	for (size_t i = 0; i < sizeof(on) / sizeof(on[0]); i++)
		if (on[i] <= ep11_control_point_last(domain))
			turn(profile, on[i]);
}

void ep11_profile_never(const struct domain *domain,
			uint8_t profile[EP11_PROFILE_SIZE])
{
	ep11_profile(domain, profile);
	for (uint32_t i = 0; i <= ep11_control_point_last(domain); i++)
		turn(profile, i);
}
