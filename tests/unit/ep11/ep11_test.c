// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ep11/ep11.c"
#include "ep11/control_point.h"

#include "tests/ep11_request.h"
#include "tests/known_keys.h"
#include "tests/unit/card/type86.h"
#include "tests/unit/seed.h"
#include "tests/unit/seeded.h"
#include "tests/unit/unprotect.h"

#define BLOB		EP11_BLOB
#define CPRB_OFFSET	EP11_ENVELOPE
#define PAYLOAD_OFFSET	(CPRB_OFFSET + EP11_CPRB)

/* What zcrypt asks for if its caller does not specify it. */
#define DEFAULTS	(XCP_BLOB_ENCRYPT | XCP_BLOB_DECRYPT | \
			 XCP_BLOB_PROTKEY_EXTRACTABLE)
#define KEK		(XCP_BLOB_ENCRYPT | XCP_BLOB_DECRYPT | \
			 XCP_BLOB_WRAP | XCP_BLOB_UNWRAP)

static const uint8_t iv[16] = {
	0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
	0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
};

static struct domain domain;

/* A request that is being made, then in its envelope; and its reply. */
static struct {
	struct ep11_request cprb;
	uint8_t request[CPRB_OFFSET + sizeof(struct ep11_request)];
	size_t length;
	uint32_t room;
	uint8_t reply[EP11_MESSAGE_MAX];
	size_t reply_length;
} x;

static void begin_api(unsigned int api, unsigned int function)
{
	memset(&x, 0, sizeof(x));
	x.room = sizeof(x.reply) - TYPE86_HEADER_SIZE;
	ep11_begin(&x.cprb, api, function, domain.number);
}

static void begin(unsigned int function)
{
	begin_api(4, function);
}

static void set_special(void)
{
	x.cprb.bytes[5] = 0x20;
}

static void enclose(void)
{
	ep11_end(&x.cprb);
	x.length = ep11_enclose(&x.cprb, x.room, x.request);
}

/*
 * Give the coprocessor a copy of exactly @length bytes, and exactly the room
 * for its reply that it asks for, so that ASan sees every access beyond.
 */
static void send(size_t length)
{
	uint8_t *copy = malloc(length ? length : 1);
	uint8_t *out = malloc(ep11.reply_max);

	assert_non_null(copy);
	assert_non_null(out);
	memcpy(copy, x.request, length);
	x.reply_length = ep11.answer(&domain, copy, length, out);
	assert_in_range(x.reply_length, 8, sizeof(x.reply));
	memcpy(x.reply, out, x.reply_length);
	free(copy);
	free(out);
}

/* Check a reply of type 86 as zcrypt does. Return its return value. */
static uint32_t value_of_reply(void)
{
	const uint8_t *cprb = x.reply + TYPE86_HEADER_SIZE;
	const uint8_t *payload = cprb + 32;
	size_t length = type86_ep11(x.reply, x.reply_length).count1;

	assert_true(length <= x.room);
	assert_int_equal(ep11_get(cprb) >> 8, 0x002004);
	assert_memory_equal(cprb + 6, "T4", 2);
	assert_int_equal(ep11_get(cprb + 16), 0);
	assert_int_equal(ep11_get(cprb + 28), length - 32);
	assert_int_equal(ep11_get(payload), 0x30820000 | (length - 32 - 4));
	assert_memory_equal(payload + 4, x.request + PAYLOAD_OFFSET + 4, 12);
	assert_memory_equal(payload + 16, "\x04\x04", 2);
	return ep11_get(payload + 18);
}

static uint32_t perform(void)
{
	enclose();
	seed_keep("ep11", x.request, x.length);
	send(x.length);
	return value_of_reply();
}

static void is_refused(enum type6_error error)
{
	assert_int_equal(x.reply_length, 8);
	assert_int_equal(x.reply[1], 0x82);
	assert_int_equal(x.reply[4], error);
}

/* Return the only result of a reply. */
static struct slice result(void)
{
	const uint8_t *data = x.reply + TYPE86_HEADER_SIZE + 32 + 22;
	size_t length = ep11_get(data) & 0xffff;

	assert_int_equal(ep11_get(data) >> 16, 0x0482);
	assert_ptr_equal(data + 4 + length, x.reply + x.reply_length);
	return (struct slice){ data + 4, length };
}

static void copy_blob(uint8_t *blob)
{
	assert_int_equal(result().length, BLOB);
	memcpy(blob, result().at, BLOB);
}

static uint32_t generate(uint32_t booleans, size_t key_length, uint8_t *blob)
{
	uint32_t ckr;

	begin(EP11_GENERATE_KEY);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_u32(&x.cprb, key_length);
	ep11_add_mechanism(&x.cprb, CKM_AES_KEY_GEN, NULL, 0);
	ep11_add_template(&x.cprb, booleans, key_length);
	ep11_add_octets(&x.cprb, NULL, 0);
	ckr = perform();
	if (!ckr)
		copy_blob(blob);
	return ckr;
}

static uint32_t crypt_single(unsigned int function, uint32_t mechanism,
			     const uint8_t *blob, const void *in, size_t length)
{
	begin_api(1, function);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_mechanism(&x.cprb, mechanism, iv, mechanism == CKM_AES_ECB ? 0 : 16);
	ep11_add_octets(&x.cprb, blob, BLOB);
	ep11_add_octets(&x.cprb, in, length);
	return perform();
}

static uint32_t unwrap_with(const uint8_t *kek, uint32_t mechanism,
			    struct slice wrapped, uint32_t booleans,
			    size_t key_length, uint8_t *blob)
{
	uint8_t copy[128];
	uint32_t ckr;

	memcpy(copy, wrapped.at, wrapped.length);
	begin(EP11_UNWRAP);
	ep11_add_template(&x.cprb, booleans, key_length);
	ep11_add_mechanism(&x.cprb, mechanism, iv, mechanism == CKM_AES_ECB ? 0 : 16);
	ep11_add_octets(&x.cprb, kek, BLOB);
	ep11_add_octets(&x.cprb, NULL, 0);
	ep11_add_octets(&x.cprb, NULL, 0);
	ep11_add_octets(&x.cprb, copy, wrapped.length);
	ckr = perform();
	if (!ckr)
		copy_blob(blob);
	return ckr;
}

/* Import a clear key as zcrypt does, by way of a key of its own. */
static void import(const uint8_t *clear, size_t length, uint32_t booleans,
		   uint8_t *blob)
{
	uint8_t kek[BLOB];

	assert_int_equal(generate(KEK, 32, kek), CKR_OK);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC_PAD, kek, clear,
				      length), CKR_OK);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC_PAD, result(), booleans,
				     length, blob), CKR_OK);
}

static void begin_cpacf_wrap(const uint8_t *blob)
{
	begin(EP11_WRAP);
	set_special();
	ep11_add_u32(&x.cprb, 0);
	ep11_add_mechanism(&x.cprb, CKM_IBM_CPACF_WRAP, iv, sizeof(iv));
	ep11_add_octets(&x.cprb, blob, BLOB);
	ep11_add_octets(&x.cprb, NULL, 0);
	ep11_add_octets(&x.cprb, NULL, 0);
}

static uint32_t wrap_under(const uint8_t *kek, uint32_t mechanism,
			   const uint8_t *blob)
{
	begin(EP11_WRAP);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_mechanism(&x.cprb, mechanism, iv, mechanism == CKM_AES_ECB ? 0 : 16);
	ep11_add_octets(&x.cprb, blob, BLOB);
	ep11_add_octets(&x.cprb, kek, BLOB);
	ep11_add_octets(&x.cprb, NULL, 0);
	return perform();
}

static uint32_t query(uint32_t type, uint32_t sub_query)
{
	begin_api(1, EP11_GET_INFO);
	ep11_add_u32(&x.cprb, type);
	ep11_add_u32(&x.cprb, sub_query);
	return perform();
}

static int set_up(void **state)
{
	(void)state;
	domain_init(&domain, AP_APQN(5, 0x47));
	domain.generation = 8;
	return !known_keys(&domain);
}

static void module_information(void **state)
{
	static const uint8_t versions[][3] = {
		{ 1, 1, 4 }, { 2, 2, 5 }, { 2, 3, 6 }, { 4, 4, 7 }, { 6, 5, 8 },
	};

	(void)state;
	for (unsigned int i = 0; i < 5; i++) {
		const uint8_t *info;

		domain.generation = 4 + i;
		assert_int_equal(query(1, 0), CKR_OK);
		assert_int_equal(result().length, 196);
		info = result().at;
		assert_int_equal(ep11_get(info), versions[i][0]);
		assert_memory_equal(info + 8, &versions[i][1], 2);
		assert_memory_equal(info + 4, info + 12, 4);
		assert_memory_equal(info + 108, domain.serial, 16);
		assert_memory_equal(info + 124, "20", 2);
		assert_int_equal(ep11_get(info + 140), 0);
		assert_int_equal(ep11_get(info + 144), 0x0f);
		assert_int_equal(ep11_get(info + 188), 16);
		assert_int_equal(ep11_get(info + 192), i < 3 ? 48 : 64);
	}
}

static void unknown_queries(void **state)
{
	(void)state;
	assert_int_equal(query(0, 0), CKR_OK);
	assert_int_equal(result().length, 8);
	assert_int_equal(query(0, 1), CKR_ARGUMENTS_BAD);
	assert_int_equal(query(1, 2), CKR_FUNCTION_CANCELED);
	assert_int_equal(query(1, 8), CKR_FUNCTION_CANCELED);
	assert_int_equal(query(1, 9), CKR_ARGUMENTS_BAD);
	assert_int_equal(query(2, 0), CKR_FUNCTION_CANCELED);
	assert_int_equal(query(4, 1), CKR_FUNCTION_CANCELED);
	assert_int_equal(query(4, 2), CKR_ARGUMENTS_BAD);
	assert_int_equal(query(16, 0), CKR_FUNCTION_CANCELED);
	assert_int_equal(query(17, 0), CKR_ARGUMENTS_BAD);
	assert_int_equal(query(0xffffffff, 0), CKR_ARGUMENTS_BAD);
}

static void description(void **state)
{
	(void)state;
	domain.generation = 7;
	assert_int_equal(query(1, 1), CKR_OK);
	assert_int_equal(result().length, 48);
	assert_memory_equal(result().at, "vfio-ap                         "
			    "CEX7P           ", 48);
}

/* openCryptoki's pkcsep11_session reads the number, and then so many pairs. */
static void capabilities_are_counted(void **state)
{
	uint32_t number;

	(void)state;
	assert_int_equal(query(5, 0), CKR_OK);
	assert_int_equal(result().length, 4);
	number = ep11_get(result().at);
	assert_int_equal(query(6, 0), CKR_OK);
	assert_int_equal(result().length, number * 8);
	for (uint32_t i = 0; i < number; i++)
		assert_int_equal(ep11_get(result().at + 8 * i + 4), 0);
}

static void no_curves_no_post_quantum(void **state)
{
	static const uint32_t masks[] = { 10, 12, 14 };

	(void)state;
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		assert_int_equal(query(masks[i], 0), CKR_OK);
		assert_int_equal(result().length, 4);
		assert_int_equal(ep11_get(result().at), 0);
	}
}

static bool is_on(const uint8_t *profile, unsigned int point)
{
	return profile[point / 8] & 0x80 >> point % 8;
}

/* A control point is on, or never on, or the adapter does not know it. */
static void control_points(void **state)
{
	uint8_t on[EP11_PROFILE_SIZE];

	(void)state;
	for (int generation = 4; generation <= 8; generation++) {
		uint32_t last = generation < 7 ? 48 : 64;

		domain.generation = generation;
		ep11_profile(&domain, on);
		assert_int_equal(query(13, 0), CKR_OK);
		assert_int_equal(result().length, sizeof(on));
		for (unsigned int i = 0; i < 8 * sizeof(on); i++)
			assert_int_equal(is_on(on, i) + is_on(result().at, i),
					 i <= last);
		assert_true(is_on(on, 5) && is_on(on, 13) && !is_on(on, 2));
		assert_int_equal(is_on(on, 64), generation >= 7);
	}
}

/* Check the verification patterns of the domain, and return its flags. */
static uint32_t domain_flags(void)
{
	const struct master_key *wk = domain.keys[MASTER_KEY_WK];
	const uint8_t *info;

	assert_int_equal(query(3, 0), CKR_OK);
	assert_int_equal(result().length, 80);
	info = result().at;
	assert_int_equal(ep11_get(info), 0x47);
	assert_memory_equal(info + 4, wk[MASTER_KEY_CURRENT].pattern, 32);
	assert_memory_equal(info + 36, wk[MASTER_KEY_NEW].pattern, 32);
	assert_int_equal(ep11_get(info + 76), 0x0f);
	return ep11_get(info + 68);
}

static void domain_information(void **state)
{
	static const uint8_t part[32] = { 1 };
	const struct slice key = { part, sizeof(part) };

	(void)state;
	assert_int_equal(domain_flags(), 0x32);
	domain_clear(&domain, MASTER_KEY_WK, MASTER_KEY_CURRENT);
	assert_int_equal(domain_flags(), 0x30);
	assert_int_equal(domain_load(&domain, MASTER_KEY_WK, key, false),
			 DOMAIN_OK);
	assert_int_equal(domain_flags(), 0x34);
	assert_int_equal(domain_load(&domain, MASTER_KEY_WK, key, true),
			 DOMAIN_OK);
	assert_int_equal(domain_flags(), 0x3c);
	assert_int_equal(domain_set(&domain, MASTER_KEY_WK), DOMAIN_OK);
	assert_int_equal(domain_flags(), 0x32);
	domain.generation = 6;
	assert_int_equal(domain_flags(), 0x12);
}

static uint32_t draw(uint32_t length)
{
	begin_api(1, EP11_GENERATE_RANDOM);
	ep11_add_u32(&x.cprb, length);
	return perform();
}

static void random_bytes(void **state)
{
	uint8_t first[256];

	(void)state;
	assert_int_equal(draw(sizeof(first)), CKR_OK);
	assert_int_equal(result().length, sizeof(first));
	memcpy(first, result().at, sizeof(first));
	assert_int_equal(draw(sizeof(first)), CKR_OK);
	assert_memory_not_equal(first, result().at, sizeof(first));
	assert_int_equal(draw(1), CKR_OK);
	assert_int_equal(result().length, 1);
	assert_int_equal(draw(0), CKR_ARGUMENTS_BAD);
	domain.generation = 8;
	assert_int_equal(draw(5 * 4096), CKR_OK);
	assert_int_equal(result().length, 5 * 4096);
	assert_int_equal(draw(EP11_MESSAGE_MAX), CKR_IBM_TRANSPORT_LIMIT);
	domain.generation = 7;
	assert_int_equal(draw(2 * 4096), CKR_OK);
	assert_int_equal(draw(3 * 4096), CKR_IBM_TRANSPORT_LIMIT);
	assert_int_equal(draw(0xffffffff), CKR_IBM_TRANSPORT_LIMIT);
}

/*
 * The first blocks of NIST SP 800-38A, F.1.1 and F.2.1; the initial vector of
 * F.2.1.
 */
static void known_answers(void **state)
{
	static const uint8_t key[16] = {
		0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6,
		0xab, 0xf7, 0x15, 0x88, 0x09, 0xcf, 0x4f, 0x3c,
	};
	static const uint8_t plain[16] = {
		0x6b, 0xc1, 0xbe, 0xe2, 0x2e, 0x40, 0x9f, 0x96,
		0xe9, 0x3d, 0x7e, 0x11, 0x73, 0x93, 0x17, 0x2a,
	};
	static const uint8_t ecb[16] = {
		0x3a, 0xd7, 0x7b, 0xb4, 0x0d, 0x7a, 0x36, 0x60,
		0xa8, 0x9e, 0xca, 0xf3, 0x24, 0x66, 0xef, 0x97,
	};
	uint8_t masked[16], blob[BLOB];

	(void)state;
	import(key, sizeof(key), DEFAULTS, blob);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_ECB, blob, plain, 16),
			 CKR_OK);
	assert_int_equal(result().length, 16);
	assert_memory_equal(result().at, ecb, 16);
	for (int i = 0; i < 16; i++)
		masked[i] = plain[i] ^ iv[i];
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC, blob, masked, 16),
			 CKR_OK);
	assert_memory_equal(result().at, ecb, 16);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_CBC, blob, ecb, 16),
			 CKR_OK);
	assert_memory_equal(result().at, masked, 16);
}

static void any_length_with_padding(void **state)
{
	uint8_t blob[BLOB], message[512], sealed[528];

	(void)state;
	seeded_bytes(message, sizeof(message));
	assert_int_equal(generate(DEFAULTS, 24, blob), CKR_OK);
	for (size_t length = 0; length <= sizeof(message); length += 37) {
		size_t padded = (length / 16 + 1) * 16;

		assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC_PAD, blob,
					      message, length), CKR_OK);
		assert_int_equal(result().length, padded);
		memcpy(sealed, result().at, padded);
		assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_CBC_PAD, blob,
					      sealed, padded), CKR_OK);
		assert_int_equal(result().length, length);
		assert_memory_equal(result().at, message, length);
	}
}

static void wrong_data_lengths(void **state)
{
	uint8_t blob[BLOB], data[32] = { 0 };

	(void)state;
	assert_int_equal(generate(DEFAULTS, 16, blob), CKR_OK);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC, blob, data, 17),
			 CKR_DATA_LEN_RANGE);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_ECB, blob, data, 0),
			 CKR_DATA_LEN_RANGE);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_CBC, blob, data, 17),
			 CKR_ENCRYPTED_DATA_LEN_RANGE);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_CBC_PAD, blob, data, 0),
			 CKR_ENCRYPTED_DATA_LEN_RANGE);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC, blob, data, 32),
			 CKR_OK);
	/* The data end in a zero, which is not a valid padding. */
	memcpy(data, result().at, 32);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_CBC_PAD, blob, data, 32),
			 CKR_ENCRYPTED_DATA_INVALID);
}

static void mechanisms(void **state)
{
	uint8_t blob[BLOB], data[16] = { 0 };

	(void)state;
	assert_int_equal(generate(DEFAULTS, 16, blob), CKR_OK);
	assert_int_equal(crypt_single(EP11_ENCRYPT, 0x1086, blob, data, 16),
			 CKR_MECHANISM_INVALID);
	begin(EP11_ENCRYPT);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_mechanism(&x.cprb, CKM_AES_CBC, iv, 8);
	ep11_add_octets(&x.cprb, blob, BLOB);
	ep11_add_octets(&x.cprb, data, sizeof(data));
	assert_int_equal(perform(), CKR_MECHANISM_PARAM_INVALID);
	begin(EP11_GENERATE_KEY);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_u32(&x.cprb, 16);
	ep11_add_mechanism(&x.cprb, CKM_AES_CBC, NULL, 0);
	ep11_add_template(&x.cprb, DEFAULTS, 16);
	ep11_add_octets(&x.cprb, NULL, 0);
	assert_int_equal(perform(), CKR_MECHANISM_INVALID);
}

/* Fields are where zcrypt and its users read them. */
static void blob_format(void **state)
{
	static const uint8_t zeros[32];
	const struct master_key *wk = domain.keys[MASTER_KEY_WK];
	uint8_t blob[BLOB], another[BLOB];

	(void)state;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	assert_memory_equal(blob, zeros, 32);
	assert_memory_equal(blob + 32, wk[MASTER_KEY_CURRENT].pattern, 16);
	assert_int_equal(ep11_get(blob + 48), 0);
	assert_int_equal(ep11_get(blob + 52), DEFAULTS | XCP_BLOB_LOCAL |
			 XCP_BLOB_NEVER_EXTRACTABLE | XCP_BLOB_NEVER_MODIFIABLE);
	assert_int_equal(ep11_get(blob + 60), 0x0f);
	assert_int_equal(ep11_get(blob + 64) >> 16, 0x1234);
	assert_int_equal(generate(DEFAULTS, 32, another), CKR_OK);
	assert_memory_not_equal(blob + 66, another + 66, 14);
	assert_memory_not_equal(blob + 80, another + 80, 144);
	assert_int_equal(generate(XCP_BLOB_EXTRACTABLE | XCP_BLOB_MODIFIABLE,
				  32, blob), CKR_OK);
	assert_int_equal(ep11_get(blob + 52), XCP_BLOB_EXTRACTABLE |
			 XCP_BLOB_MODIFIABLE | XCP_BLOB_LOCAL |
			 XCP_BLOB_PROTKEY_NEVER_EXTRACTABLE);
}

static uint32_t encrypt_block(const uint8_t *blob)
{
	static const uint8_t block[16];

	return crypt_single(EP11_ENCRYPT, CKM_AES_ECB, blob, block, sizeof(block));
}

static void change_wrapping_key(void)
{
	uint8_t part[32];
	const struct slice key = { part, sizeof(part) };

	seeded_bytes(part, sizeof(part));
	assert_int_equal(domain_load(&domain, MASTER_KEY_WK, key, true),
			 DOMAIN_OK);
	assert_int_equal(domain_set(&domain, MASTER_KEY_WK), DOMAIN_OK);
}

static void blob_needs_its_wrapping_key(void **state)
{
	struct domain before;
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	assert_int_equal(encrypt_block(blob), CKR_OK);
	before = domain;
	change_wrapping_key();
	assert_int_equal(encrypt_block(blob), CKR_IBM_WKID_MISMATCH);
	begin_cpacf_wrap(blob);
	assert_int_equal(perform(), CKR_IBM_WKID_MISMATCH);

	/* The pattern of the new key does not make an old blob valid. */
	memcpy(blob + 32, domain.keys[MASTER_KEY_WK][MASTER_KEY_CURRENT].pattern,
	       16);
	assert_int_equal(encrypt_block(blob), CKR_IBM_BLOB_ERROR);

	domain = before;
	memcpy(blob + 32, domain.keys[MASTER_KEY_WK][MASTER_KEY_CURRENT].pattern,
	       16);
	assert_int_equal(encrypt_block(blob), CKR_OK);
}

static void without_wrapping_key(void **state)
{
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	domain_clear(&domain, MASTER_KEY_WK, MASTER_KEY_CURRENT);
	assert_int_equal(encrypt_block(blob), CKR_IBM_WK_NOT_INITIALIZED);
	assert_int_equal(generate(DEFAULTS, 32, blob),
			 CKR_IBM_WK_NOT_INITIALIZED);
	assert_int_equal(draw(16), CKR_OK);
}

/* Any changed bit of a blob is noticed, above all in its attributes. */
static void forged_blobs(void **state)
{
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	for (int i = 0; i < BLOB; i++) {
		uint32_t ckr;

		blob[i] ^= 1 << i % 8;
		ckr = encrypt_block(blob);
		assert_int_equal(ckr, i >= 32 && i < 48 ?
				 CKR_IBM_WKID_MISMATCH : CKR_IBM_BLOB_ERROR);
		blob[i] ^= 1 << i % 8;
	}
	assert_int_equal(encrypt_block(blob), CKR_OK);
}

static void blobs_of_other_lengths(void **state)
{
	uint8_t blob[BLOB + 1] = { 0 };

	(void)state;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	for (size_t length = 0; length <= sizeof(blob); length++) {
		if (length == BLOB)
			continue;
		begin(EP11_ENCRYPT);
		ep11_add_u32(&x.cprb, 0);
		ep11_add_mechanism(&x.cprb, CKM_AES_ECB, NULL, 0);
		ep11_add_octets(&x.cprb, blob, length);
		ep11_add_octets(&x.cprb, iv, sizeof(iv));
		assert_int_equal(perform(), CKR_IBM_BLOB_ERROR);
	}
}

static void protected_keys(void **state)
{
	uint8_t clear[32], blob[BLOB], key[32];

	(void)state;
	seeded_bytes(clear, sizeof(clear));
	for (size_t length = 16; length <= 32; length += 8) {
		const uint8_t *info;

		import(clear, length, DEFAULTS, blob);
		begin_cpacf_wrap(blob);
		assert_int_equal(perform(), CKR_OK);
		assert_int_equal(result().length, 42 + length + 32);
		info = result().at;
		assert_int_equal(ep11_get(info) >> 16, 1);
		assert_int_equal(ep11_get(info + 18), 1);
		assert_int_equal(ep11_get(info + 22), length * 8);
		assert_int_equal(ep11_get(info + 26), 0);
		assert_int_equal(ep11_get(info + 30), length + 32);
		assert_true(unprotect((struct slice){ info + 42,
						      length + 32 }, key));
		assert_memory_equal(key, clear, length);
		assert_memory_not_equal(info + 42, clear, length);
	}
}

static void protected_keys_refused(void **state)
{
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(generate(XCP_BLOB_EXTRACTABLE, 32, blob), CKR_OK);
	begin_cpacf_wrap(blob);
	assert_int_equal(perform(), CKR_KEY_UNEXTRACTABLE);

	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	begin_cpacf_wrap(blob);
	x.cprb.bytes[5] = 0;
	assert_int_equal(perform(), CKR_MECHANISM_INVALID);

	begin_cpacf_wrap(blob);
	ep11_put(x.cprb.bytes + EP11_CPRB + 6, 1 << 16 | EP11_WRAP, 4);
	assert_int_equal(perform(), CKR_MECHANISM_INVALID);

	begin(EP11_WRAP);
	set_special();
	ep11_add_u32(&x.cprb, 0);
	ep11_add_mechanism(&x.cprb, CKM_IBM_CPACF_WRAP, NULL, 0);
	ep11_add_octets(&x.cprb, blob, BLOB);
	ep11_add_octets(&x.cprb, NULL, 0);
	ep11_add_octets(&x.cprb, NULL, 0);
	assert_int_equal(perform(), CKR_MECHANISM_PARAM_INVALID);
}

static void wrapped_keys(void **state)
{
	uint8_t clear[32], block[16], kek[BLOB], blob[BLOB], again[BLOB];

	(void)state;
	seeded_bytes(clear, sizeof(clear));
	assert_int_equal(generate(KEK, 32, kek), CKR_OK);
	for (size_t length = 16; length <= 32; length += 8) {
		import(clear, length, DEFAULTS | XCP_BLOB_EXTRACTABLE, blob);
		assert_int_equal(wrap_under(kek, CKM_AES_CBC_PAD, blob), CKR_OK);
		assert_int_equal(unwrap_with(kek, CKM_AES_CBC_PAD, result(),
					     DEFAULTS, length, again), CKR_OK);
		assert_int_equal(ep11_get(again + 52), DEFAULTS);
		assert_int_equal(encrypt_block(blob), CKR_OK);
		memcpy(block, result().at, 16);
		assert_int_equal(encrypt_block(again), CKR_OK);
		assert_memory_equal(block, result().at, 16);
	}
	import(clear, 24, XCP_BLOB_EXTRACTABLE, blob);
	assert_int_equal(wrap_under(kek, CKM_AES_CBC, blob), CKR_KEY_SIZE_RANGE);
}

static void wrapping_refused(void **state)
{
	uint8_t kek[BLOB], blob[BLOB], bound[BLOB];

	(void)state;
	assert_int_equal(generate(KEK, 32, kek), CKR_OK);
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
	assert_int_equal(wrap_under(kek, CKM_AES_CBC_PAD, blob),
			 CKR_KEY_UNEXTRACTABLE);
	assert_int_equal(generate(XCP_BLOB_EXTRACTABLE | XCP_BLOB_ATTRBOUND, 32,
				  bound), CKR_OK);
	assert_int_equal(wrap_under(kek, CKM_AES_CBC_PAD, bound),
			 CKR_KEY_UNEXTRACTABLE);
	assert_int_equal(generate(XCP_BLOB_EXTRACTABLE, 32, bound), CKR_OK);
	assert_int_equal(wrap_under(blob, CKM_AES_CBC_PAD, bound),
			 CKR_KEY_FUNCTION_NOT_PERMITTED);
	assert_int_equal(wrap_under(kek, CKM_AES_KEY_GEN, bound),
			 CKR_MECHANISM_INVALID);
}

static void unwrapping_refused(void **state)
{
	static const uint8_t junk[64];
	uint8_t kek[BLOB], blob[BLOB];

	(void)state;
	assert_int_equal(generate(KEK, 32, kek), CKR_OK);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC, (struct slice){ junk, 16 },
				     DEFAULTS, 32, blob),
			 CKR_WRAPPED_KEY_LEN_RANGE);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC, (struct slice){ junk, 15 },
				     DEFAULTS, 16, blob),
			 CKR_WRAPPED_KEY_LEN_RANGE);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC, (struct slice){ junk, 64 },
				     DEFAULTS, 32, blob),
			 CKR_WRAPPED_KEY_LEN_RANGE);
	assert_int_equal(crypt_single(EP11_ENCRYPT, CKM_AES_CBC, kek, junk, 32),
			 CKR_OK);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC_PAD, result(), DEFAULTS,
				     32, blob), CKR_WRAPPED_KEY_INVALID);
	assert_int_equal(generate(DEFAULTS, 32, kek), CKR_OK);
	assert_int_equal(unwrap_with(kek, CKM_AES_CBC, (struct slice){ junk, 32 },
				     DEFAULTS, 32, blob),
			 CKR_KEY_FUNCTION_NOT_PERMITTED);
}

static void usage_is_enforced(void **state)
{
	uint8_t blob[BLOB], block[16] = { 0 };

	(void)state;
	assert_int_equal(generate(XCP_BLOB_DECRYPT, 32, blob), CKR_OK);
	assert_int_equal(encrypt_block(blob), CKR_KEY_FUNCTION_NOT_PERMITTED);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_ECB, blob, block, 16),
			 CKR_OK);
	assert_int_equal(generate(XCP_BLOB_ENCRYPT, 32, blob), CKR_OK);
	assert_int_equal(encrypt_block(blob), CKR_OK);
	assert_int_equal(crypt_single(EP11_DECRYPT, CKM_AES_ECB, blob, block, 16),
			 CKR_KEY_FUNCTION_NOT_PERMITTED);
}

static uint32_t generate_as(const uint32_t *words, size_t count)
{
	uint8_t template[64];

	for (size_t i = 0; i < count; i++)
		ep11_put(template + 4 * i, words[i], 4);
	begin(EP11_GENERATE_KEY);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_u32(&x.cprb, 32);
	ep11_add_mechanism(&x.cprb, CKM_AES_KEY_GEN, NULL, 0);
	ep11_add_octets(&x.cprb, template, 4 * count);
	ep11_add_octets(&x.cprb, NULL, 0);
	return perform();
}

#define GENERATE_AS(...)						\
	generate_as((const uint32_t[]){ __VA_ARGS__ },			\
		    sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void templates(void **state)
{
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, CKA_VALUE_LEN, 32),
			 CKR_OK);
	assert_int_equal(GENERATE_AS(0x10010000, 0x20, 0, CKA_VALUE_LEN, 32),
			 CKR_OK);
	assert_int_equal(GENERATE_AS(0x10000000, 0, 0), CKR_TEMPLATE_INCOMPLETE);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 4, CKA_VALUE_LEN, 32),
			 CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(GENERATE_AS(0x10010000, 0x20, 0x20, CKA_VALUE_LEN, 32),
			 CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, CKA_VALUE_LEN, 33),
			 CKR_KEY_SIZE_RANGE);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, CKA_VALUE_LEN, 16),
			 CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, CKA_KEY_TYPE, 3),
			 CKR_TEMPLATE_INCONSISTENT);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, 0x11, 3),
			 CKR_ATTRIBUTE_TYPE_INVALID);
	assert_int_equal(GENERATE_AS(0x11010000, 0, 0, CKA_VALUE_LEN, 32),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(GENERATE_AS(0x10010001, 0, 0, CKA_VALUE_LEN, 32),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(GENERATE_AS(0x10010000, 0, 0, CKA_VALUE_LEN, 32, 0),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(generate(DEFAULTS, 33, blob), CKR_KEY_SIZE_RANGE);
	assert_int_equal(generate(DEFAULTS, 0, blob), CKR_KEY_SIZE_RANGE);
}

/* The PIN blob that zcrypt sends from a guest in secure execution. */
static void pin_blobs(void **state)
{
	uint8_t pin[56] = { 0 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		begin_api(6, EP11_GENERATE_KEY);
		ep11_add_u32(&x.cprb, 0);
		ep11_add_u32(&x.cprb, 32);
		ep11_add_mechanism(&x.cprb, CKM_AES_KEY_GEN, NULL, 0);
		ep11_add_template(&x.cprb, DEFAULTS, 32);
		pin[55] = i;
		ep11_add_octets(&x.cprb, pin, sizeof(pin));
		assert_int_equal(perform(), i ? CKR_PIN_INVALID : CKR_OK);
	}
}

static uint32_t call(unsigned int api, unsigned int function)
{
	begin_api(api, function);
	return perform();
}

static void unknown_functions(void **state)
{
	uint8_t blob[BLOB];

	(void)state;
	assert_int_equal(call(1, 1), CKR_FUNCTION_CANCELED);
	assert_int_equal(call(1, 41), CKR_FUNCTION_CANCELED);
	assert_int_equal(call(1, 44), CKR_FUNCTION_CANCELED);
	assert_int_equal(call(1, 0), CKR_IBM_API_MISMATCH);
	assert_int_equal(call(1, 45), CKR_IBM_API_MISMATCH);
	assert_int_equal(call(1, 0xffff), CKR_IBM_API_MISMATCH);
	assert_int_equal(call(0, EP11_GET_INFO), CKR_IBM_API_MISMATCH);
	assert_int_equal(call(7, EP11_GET_INFO), CKR_IBM_API_MISMATCH);
	domain.generation = 6;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_IBM_API_MISMATCH);
	domain.generation = 7;
	assert_int_equal(generate(DEFAULTS, 32, blob), CKR_OK);
}

static void protected_keys_need_their_api(void **state)
{
	(void)state;
	begin_api(1, EP11_GENERATE_KEY);
	ep11_add_u32(&x.cprb, 0);
	ep11_add_u32(&x.cprb, 32);
	ep11_add_mechanism(&x.cprb, CKM_AES_KEY_GEN, NULL, 0);
	ep11_add_template(&x.cprb, DEFAULTS, 32);
	ep11_add_octets(&x.cprb, NULL, 0);
	assert_int_equal(perform(), CKR_ATTRIBUTE_TYPE_INVALID);
}

static void too_many_arguments(void **state)
{
	(void)state;
	begin(EP11_GENERATE_RANDOM);
	ep11_add_u32(&x.cprb, 16);
	ep11_add_u32(&x.cprb, 16);
	assert_int_equal(perform(), CKR_ARGUMENTS_BAD);
	begin(EP11_GENERATE_RANDOM);
	ep11_add_octets(&x.cprb, iv, 3);
	assert_int_equal(perform(), CKR_ARGUMENTS_BAD);
	begin(EP11_GENERATE_RANDOM);
	ep11_add(&x.cprb, "\x02\x04\0\0\0\x10", 6);
	assert_int_equal(perform(), CKR_ARGUMENTS_BAD);
}

static void broken_control_blocks(void **state)
{
	static const struct {
		size_t offset;
		uint8_t value;
		enum type6_error error;
	} rows[] = {
		{ 32, 'Y', TYPE6_FORMAT_FIELD },
		{ CPRB_OFFSET + 1, 31, TYPE6_MALFORMED },
		{ CPRB_OFFSET + 2, 2, TYPE6_MALFORMED },
		{ CPRB_OFFSET + 7, '2', TYPE6_MALFORMED },
		{ CPRB_OFFSET + 15, 4, TYPE6_DOMAIN },
		{ CPRB_OFFSET + 28, 1, TYPE6_LENGTH },
		{ CPRB_OFFSET + 31, 0, TYPE6_LENGTH },
		{ PAYLOAD_OFFSET, 0x31, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET, 0x10, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET + 1, 0x80, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET + 1, 0x84, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET + 2, 0x01, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET + 5, 0x03, TYPE6_MALFORMED },
		{ PAYLOAD_OFFSET + 15, 4, TYPE6_DOMAIN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		begin(EP11_GENERATE_RANDOM);
		ep11_add_u32(&x.cprb, 16);
		enclose();
		x.request[rows[i].offset] = rows[i].value;
		send(x.length);
		is_refused(rows[i].error);
	}
}

/* Lengths of BER that DER does not have. */
static void indefinite_length(void **state)
{
	(void)state;
	begin(EP11_GENERATE_RANDOM);
	ep11_add_u32(&x.cprb, 16);
	enclose();
	memmove(x.request + PAYLOAD_OFFSET + 2, x.request + PAYLOAD_OFFSET + 4,
		x.length - PAYLOAD_OFFSET - 4);
	x.request[PAYLOAD_OFFSET + 1] = 0x80;
	x.length -= 2;
	ep11_put(x.request + 56, x.length - CPRB_OFFSET, 4);
	ep11_put(x.request + CPRB_OFFSET + 28, x.length - PAYLOAD_OFFSET, 4);
	send(x.length);
	is_refused(TYPE6_MALFORMED);
}

static void little_room(void **state)
{
	(void)state;
	for (uint32_t room = 0; room <= 32 + 22 + 4 + 16; room++) {
		begin(EP11_GENERATE_RANDOM);
		ep11_add_u32(&x.cprb, 16);
		x.room = room;
		enclose();
		send(x.length);
		if (room < 32 + 22)
			is_refused(TYPE6_TRUNCATED);
		else
			assert_int_equal(value_of_reply(),
					 room < 32 + 22 + 4 + 16 ?
					 CKR_IBM_TRANSPORT_LIMIT : CKR_OK);
	}
	begin(EP11_GENERATE_RANDOM);
	ep11_add_u32(&x.cprb, 16);
	x.room = 0xffffffff;
	assert_int_equal(perform(), CKR_OK);
}

/*
 * A return value that makes zcrypt take the queue offline would stop all users
 * of it.
 */
static void is_harmless(void)
{
	static const uint8_t known[] = {
		0x23, 0x24, 0x29, 0x40, 0x41, 0x8a, 0x8b, 0xa0
	};

	if (x.reply[1] == 0x82) {
		assert_int_equal(x.reply_length, 8);
		assert_non_null(memchr(known, x.reply[4], sizeof(known)));
	} else {
		assert_int_equal(x.reply[1], 0x86);
		assert_int_equal(x.reply[TYPE86_HEADER_SIZE + 2], 4);
		assert_int_equal(ep11_get(x.reply + 16) + TYPE86_HEADER_SIZE,
				 x.reply_length);
	}
}

/* Make a request of each function. */
static void make(unsigned int which, const uint8_t *kek, const uint8_t *blob)
{
	switch (which) {
	case 0:
		query(1, 0);
		break;
	case 1:
		draw(64);
		break;
	case 2:
		encrypt_block(blob);
		break;
	case 3:
		begin_cpacf_wrap(blob);
		perform();
		break;
	case 4:
		wrap_under(kek, CKM_AES_CBC_PAD, blob);
		break;
	default:
		unwrap_with(kek, CKM_AES_CBC_PAD, (struct slice){ iv, 16 },
			    DEFAULTS, 32, NULL);
	}
}

static void hostile_requests(void **state)
{
	uint8_t kek[BLOB], blob[BLOB], noise[4];

	(void)state;
	assert_int_equal(generate(KEK, 32, kek), CKR_OK);
	assert_int_equal(generate(DEFAULTS | XCP_BLOB_EXTRACTABLE, 32, blob),
			 CKR_OK);
	for (unsigned int which = 0; which < 6; which++) {
		make(which, kek, blob);
		for (size_t length = 0; length < x.length; length++) {
			send(length);
			is_harmless();
		}
		for (size_t i = 0; i < x.length * 16; i++) {
			size_t at = i % x.length;
			uint8_t was = x.request[at];

			seeded_bytes(noise, sizeof(noise));
			x.request[at] = noise[0];
			send(x.length - (noise[1] < 16 ? noise[2] % x.length : 0));
			is_harmless();
			x.request[at] = was;
		}
	}
}

static const char *missed(void)
{
	static char said[VERB_NAME_MAX + VERB_PARTS_MAX + 2];
	struct verb verb;

	enclose();
	if (!ep11.lacks_verb(x.request, x.length, &verb))
		return NULL;
	snprintf(said, sizeof(said), "%s: %s", verb.name, verb.parts);
	return said;
}

static void functions_that_are_not_served(void **state)
{
	(void)state;
	begin(22);
	assert_string_equal(missed(), "function 22: arguments");
	for (int i = 0; i < 40; i++)
		ep11_add_octets(&x.cprb, iv, i % 17);
	assert_string_equal(missed(),
			    "function 22: arguments 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0, 1, 2, 3, 4, 5, 6, 7");
	begin(0xffff);
	assert_string_equal(missed(), "function 65535: arguments");
	begin(EP11_GET_INFO);
	ep11_add_u32(&x.cprb, 1);
	ep11_add_u32(&x.cprb, 2);
	assert_string_equal(missed(),
			    "function 38, query 1.2: arguments 4, 4");
	begin(EP11_GENERATE_KEY);
	assert_null(missed());
}

static void commands_that_are_not_served(void **state)
{
	(void)state;
	begin(EP11_ADMIN);
	ep11_add_command(&x.cprb, 0x8b, domain.number, NULL, 0);
	ep11_administer(&x.cprb);
	assert_string_equal(missed(),
			    "administrative function 41, command 8b: arguments 26, 0");
	begin(EP11_ADMIN);
	ep11_add_command(&x.cprb, EP11_WK, domain.number, NULL, 0);
	ep11_administer(&x.cprb);
	assert_null(missed());
	begin(EP11_ADMIN);
	ep11_administer(&x.cprb);
	assert_non_null(missed());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(module_information, set_up),
		cmocka_unit_test_setup(unknown_queries, set_up),
		cmocka_unit_test_setup(description, set_up),
		cmocka_unit_test_setup(capabilities_are_counted, set_up),
		cmocka_unit_test_setup(no_curves_no_post_quantum, set_up),
		cmocka_unit_test_setup(control_points, set_up),
		cmocka_unit_test_setup(domain_information, set_up),
		cmocka_unit_test_setup(random_bytes, set_up),
		cmocka_unit_test_setup(known_answers, set_up),
		cmocka_unit_test_setup(any_length_with_padding, set_up),
		cmocka_unit_test_setup(wrong_data_lengths, set_up),
		cmocka_unit_test_setup(mechanisms, set_up),
		cmocka_unit_test_setup(blob_format, set_up),
		cmocka_unit_test_setup(blob_needs_its_wrapping_key, set_up),
		cmocka_unit_test_setup(without_wrapping_key, set_up),
		cmocka_unit_test_setup(forged_blobs, set_up),
		cmocka_unit_test_setup(blobs_of_other_lengths, set_up),
		cmocka_unit_test_setup(protected_keys, set_up),
		cmocka_unit_test_setup(protected_keys_refused, set_up),
		cmocka_unit_test_setup(wrapped_keys, set_up),
		cmocka_unit_test_setup(wrapping_refused, set_up),
		cmocka_unit_test_setup(unwrapping_refused, set_up),
		cmocka_unit_test_setup(usage_is_enforced, set_up),
		cmocka_unit_test_setup(templates, set_up),
		cmocka_unit_test_setup(pin_blobs, set_up),
		cmocka_unit_test_setup(unknown_functions, set_up),
		cmocka_unit_test_setup(protected_keys_need_their_api, set_up),
		cmocka_unit_test_setup(too_many_arguments, set_up),
		cmocka_unit_test_setup(broken_control_blocks, set_up),
		cmocka_unit_test_setup(functions_that_are_not_served, set_up),
		cmocka_unit_test_setup(commands_that_are_not_served, set_up),
		cmocka_unit_test_setup(indefinite_length, set_up),
		cmocka_unit_test_setup(little_room, set_up),
		cmocka_unit_test_setup(hostile_requests, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
