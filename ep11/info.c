// SPDX-License-Identifier: GPL-2.0-only
/*
 * get_xcp_info
 *
 * Arguments: u32 query; u32 sub-query. Results: what was asked for, numbers big
 * endian. The sub-query is 0 unless one is named.
 *
 * API, query 0:
 *	u32	API ordinal number
 *	u32	firmware: first bytes of its hash
 *
 * Module, query 1:
 *	u32	API ordinal number
 *	u32	firmware: first bytes of its hash
 *	u8[2]	firmware version, major and minor
 *	u8[2]	version of the cryptographic service provider
 *	u8[32]	hash of the firmware
 *	u8[32]	hash of EP11's configuration: 0
 *	u8[32]	hash of the service provider's configuration: 0
 *	u8[16]	serial number
 *	u8[16]	date and time, UTC: YYYYMMDDhhmmsscc
 *	u64	operational modes
 *	u32	PKCS #11 capabilities
 *	u32	further capabilities: 0
 *	u32	domains
 *	u32	bytes of a symmetric state: 0
 *	u32	bytes of a digest state: 0
 *	u32	bytes of a PIN blob: 0
 *	u32	bytes of a public key: 0
 *	u32	bytes of a private key blob: 0
 *	u32	bytes of a symmetric key blob
 *	u32	largest payload
 *	u32	bytes of a control point profile
 *	u32	highest control point
 *
 * Module, sub-query 1:
 *	u8[32]	manufacturer, padded with blanks
 *	u8[16]	model, padded with blanks
 *
 * Domain, query 3:
 *	u32	domain
 *	u8[32]	verification pattern of the current wrapping key
 *	u8[32]	verification pattern of the new wrapping key
 *	u32	flags
 *	u64	operational modes
 *
 * Number of extended capabilities, query 5:
 *	u32	number
 *
 * Extended capabilities, query 6:
 *	u32[2]	number and value of a capability; as many as there are
 *
 * Elliptic curves, query 10, and groups of them, query 12:
 *	u32	a bit for each: 0
 *
 * Control points that are never on, query 13:
 *	u8[16]	profile (control_point.h)
 *
 * Strengths of post-quantum algorithms, query 14:
 *	u32	a bit for each: 0
 */
#include <openssl/sha.h>
#include <stdio.h>
#include <time.h>

#include "asn1.h"
#include "control_point.h"
#include "ep11.h"
#include "key.h"

/* The numbers that there are; not all of them are served. */
#define QUERY_LAST	16
#define QUERY_MODULE	1
#define MODULE_SUB_LAST	8
#define QUERY_SELF_TEST	4
#define SELF_TEST_SUB_LAST	1

#define CKF_RNG		0x00000001u

#define DOMAIN_CURRENT_WK	0x02u
#define DOMAIN_NEW_WK		0x04u
#define DOMAIN_NEW_COMMITTED	0x08u
#define DOMAIN_LEFT_IMPRINT	0x10u
#define DOMAIN_PROTKEY		0x20u

#define GENERATION_FIRST	4	/* CEX4P */

static const struct module {
	uint16_t api;
	uint8_t major, minor;
} modules[] = {
	{ 1, 1, 4 },		/* CEX4P */
	{ 2, 2, 5 },
	{ 2, 3, 6 },
	{ 4, 4, 7 },
	{ 6, 5, 8 },		/* CEX8P */
};

static const struct module *module_of(const struct domain *domain)
{
	return &modules[domain->generation - GENERATION_FIRST];
}

uint16_t ep11_api(const struct domain *domain)
{
	return module_of(domain)->api;
}

static void hash_firmware(const struct module *module,
			  uint8_t hash[SHA256_DIGEST_LENGTH])
{
	char name[64];
	int length = snprintf(name, sizeof(name), "EP11 firmware %u.%u",
			      module->major, module->minor);

	SHA256((const uint8_t *)name, length, hash);
}

static void build_time(struct builder *b)
{
	char text[sizeof("YYYYMMDDhhmmsscc")];
	time_t now = time(NULL);
	struct tm utc;

	gmtime_r(&now, &utc);
	strftime(text, sizeof(text), "%Y%m%d%H%M%S00", &utc);
	build_bytes(b, text, sizeof(text) - 1);
}

static void build_api(const struct domain *domain, struct builder *b)
{
	uint8_t hash[SHA256_DIGEST_LENGTH];

	hash_firmware(module_of(domain), hash);
	build_u32(b, ep11_api(domain));
	build_bytes(b, hash, sizeof(uint32_t));
}

static void build_sizes(const struct domain *domain, struct builder *b)
{
	build_u32(b, AP_DOMAINS);
	build_zeros(b, 5 * sizeof(uint32_t));
	build_u32(b, EP11_BLOB_SIZE);
	build_u32(b, coprocessor_message_max(domain->generation) -
		     TYPE6_HEADER_SIZE - EP11_CPRB_SIZE);
	build_u32(b, EP11_PROFILE_SIZE);
	build_u32(b, ep11_control_point_last(domain));
}

static void build_module(const struct domain *domain, struct builder *b)
{
	const struct module *module = module_of(domain);
	uint8_t hash[SHA256_DIGEST_LENGTH];

	hash_firmware(module, hash);
	build_api(domain, b);
	for (int i = 0; i < 2; i++) {
		build_u8(b, module->major);
		build_u8(b, module->minor);
	}
	build_bytes(b, hash, sizeof(hash));
	build_zeros(b, 2 * SHA256_DIGEST_LENGTH);
	build_bytes(b, domain->serial, SERIAL_LENGTH);
	build_time(b);
	build_u64(b, EP11_OP_MODE);
	build_u32(b, CKF_RNG);
	build_u32(b, 0);
	build_sizes(domain, b);
}

static uint32_t flags_of(const struct domain *domain)
{
	const struct master_key *wk = domain->keys[MASTER_KEY_WK];
	uint32_t flags = DOMAIN_LEFT_IMPRINT;

	if (wk[MASTER_KEY_CURRENT].state == MASTER_KEY_FULL)
		flags |= DOMAIN_CURRENT_WK;
	if (wk[MASTER_KEY_NEW].state != MASTER_KEY_EMPTY)
		flags |= DOMAIN_NEW_WK;
	if (wk[MASTER_KEY_NEW].state == MASTER_KEY_FULL)
		flags |= DOMAIN_NEW_COMMITTED;
	if (ep11_api(domain) >= EP11_API_PROTKEY)
		flags |= DOMAIN_PROTKEY;
	return flags;
}

static void build_domain(const struct domain *domain, struct builder *b)
{
	const struct master_key *wk = domain->keys[MASTER_KEY_WK];

	build_u32(b, domain->number);
	build_bytes(b, wk[MASTER_KEY_CURRENT].pattern, MASTER_KEY_PATTERN);
	build_bytes(b, wk[MASTER_KEY_NEW].pattern, MASTER_KEY_PATTERN);
	build_u32(b, flags_of(domain));
	build_u64(b, EP11_OP_MODE);
}

static void build_description(const struct domain *domain, struct builder *b)
{
	char text[32 + 16 + 1];
	int length = snprintf(text, sizeof(text), "%-32sCEX%uP%-11s", "vfio-ap",
			      domain->generation, "");

	build_bytes(b, text, length);
}

/* There are no requests with several parts, no counters and no sessions. */
static const uint32_t capabilities[] = {
	6,	/* parts of a request */
	9,	/* counters of the module */
	12,	/* sessions */
	13,	/* sessions that are left */
};

#define CAPABILITIES	(sizeof(capabilities) / sizeof(capabilities[0]))

static void build_capability_count(const struct domain *domain,
				   struct builder *b)
{
	(void)domain;
	build_u32(b, CAPABILITIES);
}

static void build_capabilities(const struct domain *domain, struct builder *b)
{
	(void)domain;
	for (size_t i = 0; i < CAPABILITIES; i++) {
		build_u32(b, capabilities[i]);
		build_u32(b, 0);
	}
}

static void build_nothing_of_it(const struct domain *domain, struct builder *b)
{
	(void)domain;
	build_u32(b, 0);
}

static void build_never(const struct domain *domain, struct builder *b)
{
	uint8_t profile[EP11_PROFILE_SIZE];

	ep11_profile_never(domain, profile);
	build_bytes(b, profile, sizeof(profile));
}

static const struct query {
	uint32_t number, sub;
	void (*build)(const struct domain *domain, struct builder *b);
} queries[] = {
	{ 0, 0, build_api },
	{ 1, 0, build_module },
	{ 1, 1, build_description },
	{ 3, 0, build_domain },
	{ 5, 0, build_capability_count },
	{ 6, 0, build_capabilities },
	{ 10, 0, build_nothing_of_it },
	{ 12, 0, build_nothing_of_it },
	{ 13, 0, build_never },
	{ 14, 0, build_nothing_of_it },
};

static const struct query *query_find(uint32_t number, uint32_t sub)
{
	for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++)
		if (queries[i].number == number && queries[i].sub == sub)
			return &queries[i];
	return NULL;
}

static bool is_query(uint32_t number, uint32_t sub)
{
	if (number == QUERY_MODULE)
		return sub <= MODULE_SUB_LAST;
	if (number == QUERY_SELF_TEST)
		return sub <= SELF_TEST_SUB_LAST;
	return number <= QUERY_LAST && !sub;
}

bool ep11_has_query(uint32_t number, uint32_t sub)
{
	return query_find(number, sub);
}

enum ckr ep11_get_xcp_info(const struct domain *domain,
			   const struct ep11_cprb *request,
			   struct builder *results)
{
	struct cursor c = request->arguments;
	uint32_t number = asn1_u32(&c);
	uint32_t sub = asn1_u32(&c);
	const struct query *query = query_find(number, sub);
	size_t opened;

	if (!cursor_at_end(&c) || !is_query(number, sub))
		return CKR_ARGUMENTS_BAD;
	if (!query)
		return CKR_FUNCTION_CANCELED;
	opened = asn1_open_octets(results);
	query->build(domain, results);
	asn1_close(results, opened);
	return CKR_OK;
}
