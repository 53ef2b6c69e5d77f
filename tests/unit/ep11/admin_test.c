// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include "ep11/admin.c"
#include "card/firmware.h"
#include "card/type6.h"

#include "tests/ep11_request.h"
#include "tests/known_keys.h"
#include "tests/unit/card/type86.h"
#include "tests/unit/seed.h"
#include "tests/unit/seeded.h"

#define HEAD	EP11_ENVELOPE
#define DOMAIN	0x47

static struct domain domain;

static struct {
	struct ep11_request cprb;
	uint8_t request[HEAD + sizeof(struct ep11_request)];
	size_t length;
	uint8_t reply[EP11_MESSAGE_MAX];
	size_t reply_length;
} x;

static int set_up(void **state)
{
	(void)state;
	domain_init(&domain, AP_APQN(5, DOMAIN));
	domain.generation = 8;
	return !known_keys(&domain);
}

static void begin(unsigned int function, uint32_t target)
{
	memset(&x, 0, sizeof(x));
	ep11_begin(&x.cprb, 1, function, target);
	ep11_administer(&x.cprb);
}

static void enclose(uint32_t room)
{
	ep11_end(&x.cprb);
	x.length = ep11_enclose(&x.cprb, room, x.request);
}

/*
 * Send exactly as many bytes as there are, with exactly the room for the reply
 * that is promised.
 */
static void send(struct domain *controlled)
{
	uint8_t *copy = malloc(x.length);
	uint8_t *out = malloc(ep11.reply_max);

	assert_non_null(copy);
	assert_non_null(out);
	memcpy(copy, x.request, x.length);
	ep11.prepare(copy, x.length);
	x.reply_length = ep11.administer(controlled, copy, x.length, out);
	assert_in_range(x.reply_length, 8, sizeof(x.reply));
	memcpy(x.reply, out, x.reply_length);
	free(copy);
	free(out);
}

static const uint8_t *payload(void)
{
	type86_ep11(x.reply, x.reply_length);
	return x.reply + TYPE86_HEADER_SIZE + EP11_CPRB;
}

/* Return the return value that is outside of the answer's block. */
static uint32_t outer(void)
{
	return ep11_get(payload() + 4 + 2 * 6 + 2);
}

static uint32_t perform(void)
{
	enclose(4096);
	seed_keep("ep11", x.request, x.length);
	send(&domain);
	return outer();
}

/* Send a command as clients do. Return the return value of its answer. */
static uint32_t command(uint32_t number, const void *parameter, size_t length)
{
	const uint8_t *p;

	begin(EP11_ADMIN, DOMAIN);
	ep11_add_command(&x.cprb, number, DOMAIN, parameter, length);
	assert_int_equal(perform(), CKR_OK);
	p = payload();
	assert_int_equal(ep11_get(p + 6) & 0xffff, EP11_ADMIN);
	assert_int_equal(ep11_get(p + 12), DOMAIN);
	/* The last element is the signature, which is empty. */
	assert_int_equal(ep11_get(x.reply + x.reply_length - 4), 0x04820000);
	if (p[EP11_ANSWER + 1] & 0x80)
		p += 2;
	assert_memory_equal(p + EP11_ANSWER_VALUE - 2, "\x04\x04", 2);
	return ep11_get(p + EP11_ANSWER_VALUE);
}

static void output_is(const void *bytes, size_t length)
{
	const uint8_t *p = payload();

	assert_int_equal(p[EP11_ANSWER_OUTPUT - 1], length);
	assert_memory_equal(p + EP11_ANSWER_OUTPUT, bytes, length);
}

static struct master_key *wk(enum master_key_register which)
{
	return &domain.keys[MASTER_KEY_WK][which];
}

static void shows(uint32_t query, enum master_key_register which)
{
	if (wk(which)->state == MASTER_KEY_EMPTY) {
		assert_int_equal(command(query, NULL, 0),
				 CKR_IBM_WK_NOT_INITIALIZED);
		output_is(NULL, 0);
	} else {
		assert_int_equal(command(query, NULL, 0), CKR_OK);
		output_is(wk(which)->pattern, MASTER_KEY_PATTERN);
	}
}

/*
 * The answer to a query is compared byte by byte, because clients decode it as
 * DER.
 */
static void an_answer(void **state)
{
	static const uint8_t expected[] =
		"\x04\x82\x00\x5e\x30\x5c"
		"\x04\x04\x00\x01\x00\x07"
		"\x04\x08\x00\x00\x00\x47\x00\x00\x00\x00"
		"\x04\x10" "9300000500000005"
		"\x04\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\x04\x04\x00\x00\x00\x00"
		"\x04\x20";
	const uint8_t *p;

	(void)state;
	assert_int_equal(command(EP11_WK, NULL, 0), CKR_OK);
	p = payload() + EP11_ANSWER - 4;
	assert_memory_equal(p, expected, sizeof(expected) - 1);
	assert_memory_equal(p + sizeof(expected) - 1,
			    wk(MASTER_KEY_CURRENT)->pattern, 32);
}

static void queries(void **state)
{
	static const uint8_t attributes[] = {
		0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0,
		0, 0, 0, 3, 0, 0, 0, 9, 0, 0, 0, 4, 0, 0, 0, 1,
		0, 0, 0, 5, 0, 0, 0, 15,
	};
	static const uint32_t nothing[] = {
		EP11_ADMINISTRATORS - 1, EP11_ADMINISTRATORS, EP11_RETAINED_KEYS,
	};

	(void)state;
	shows(EP11_WK, MASTER_KEY_CURRENT);
	shows(EP11_PENDING_WK, MASTER_KEY_NEW);
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		assert_int_equal(command(nothing[i], NULL, 0), CKR_OK);
		output_is(NULL, 0);
	}
	assert_int_equal(command(EP11_ATTRIBUTES, NULL, 0), CKR_OK);
	output_is(attributes, sizeof(attributes));
}

/* The module permits nothing, and says that it is active. */
static void module_attributes(void **state)
{
	static const uint8_t attributes[] = {
		0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0,
		0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 2, 1,
		0, 0, 0, 5, 0, 0, 0, 15,
	};

	(void)state;
	assert_int_equal(command(EP11_MODULE_ATTRIBUTES, NULL, 0), CKR_OK);
	output_is(attributes, sizeof(attributes));
}

static void control_points(void **state)
{
	uint8_t profile[EP11_PROFILE_SIZE];

	(void)state;
	ep11_profile(&domain, profile);
	for (uint32_t query = EP11_CONTROL_POINTS - 1;
	     query <= EP11_CONTROL_POINTS; query++) {
		assert_int_equal(command(query, NULL, 0), CKR_OK);
		output_is(profile, sizeof(profile));
	}
}

static void a_new_wrapping_key(void **state)
{
	struct master_key before = *wk(MASTER_KEY_CURRENT), drawn;

	(void)state;
	assert_int_equal(command(EP11_GENERATE_WK, NULL, 0), CKR_OK);
	drawn = *wk(MASTER_KEY_NEW);
	output_is(drawn.pattern, 32);
	assert_int_equal(drawn.state, MASTER_KEY_PARTIAL);
	shows(EP11_PENDING_WK, MASTER_KEY_NEW);
	assert_memory_equal(wk(MASTER_KEY_CURRENT), &before, sizeof(before));
	assert_int_equal(command(EP11_GENERATE_WK, NULL, 0),
			 CKR_FUNCTION_FAILED);
	assert_int_equal(command(EP11_FINALIZE_WK, drawn.pattern, 32),
			 CKR_FUNCTION_FAILED);

	assert_int_equal(command(EP11_COMMIT_WK, drawn.pattern, 32), CKR_OK);
	output_is(drawn.pattern, 32);
	assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_FULL);
	assert_memory_equal(wk(MASTER_KEY_NEW)->value, drawn.value, 32);
	assert_int_equal(command(EP11_COMMIT_WK, drawn.pattern, 32),
			 CKR_FUNCTION_FAILED);

	assert_int_equal(command(EP11_FINALIZE_WK, drawn.pattern, 32), CKR_OK);
	output_is(drawn.pattern, 32);
	assert_memory_equal(wk(MASTER_KEY_CURRENT)->value, drawn.value, 32);
	shows(EP11_WK, MASTER_KEY_CURRENT);
	shows(EP11_PENDING_WK, MASTER_KEY_NEW);
}

/* Committing or finalizing a key needs its pattern. */
static void patterns(void **state)
{
	static const uint32_t steps[] = { EP11_COMMIT_WK, EP11_FINALIZE_WK };
	uint8_t pattern[33] = { 0 };

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(command(steps[i], pattern, 32),
				 CKR_IBM_WK_NOT_INITIALIZED);
	command(EP11_GENERATE_WK, NULL, 0);
	memcpy(pattern, wk(MASTER_KEY_NEW)->pattern, 32);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(command(steps[i], pattern, 31),
				 CKR_ARGUMENTS_BAD);
		assert_int_equal(command(steps[i], pattern, 33),
				 CKR_ARGUMENTS_BAD);
		pattern[31] ^= 1;
		assert_int_equal(command(steps[i], pattern, 32),
				 CKR_IBM_WKID_MISMATCH);
		pattern[31] ^= 1;
		assert_int_equal(command(steps[i], pattern, 32), CKR_OK);
	}
}

static void clearing(void **state)
{
	(void)state;
	command(EP11_GENERATE_WK, NULL, 0);
	assert_int_equal(command(EP11_CLEAR_PENDING_WK, NULL, 0), CKR_OK);
	assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_EMPTY);
	assert_int_equal(wk(MASTER_KEY_CURRENT)->state, MASTER_KEY_FULL);
	command(EP11_GENERATE_WK, NULL, 0);
	assert_int_equal(command(EP11_CLEAR_WK, NULL, 0), CKR_OK);
	assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_PARTIAL);
	assert_int_equal(wk(MASTER_KEY_CURRENT)->state, MASTER_KEY_EMPTY);
	/* If there is no current key, a new key is current at once. */
	assert_int_equal(command(EP11_GENERATE_WK, NULL, 0), CKR_OK);
	assert_int_equal(wk(MASTER_KEY_CURRENT)->state, MASTER_KEY_FULL);
	output_is(wk(MASTER_KEY_CURRENT)->pattern, 32);
	assert_int_equal(command(EP11_ZEROIZE, NULL, 0), CKR_OK);
	shows(EP11_WK, MASTER_KEY_CURRENT);
	shows(EP11_PENDING_WK, MASTER_KEY_NEW);
}

static void make_blob(const struct ep11_key *key, uint8_t blob[EP11_BLOB])
{
	uint8_t bytes[EP11_BLOB + 4];
	struct builder b = builder_of(bytes, sizeof(bytes));

	assert_int_equal(ep11_key_seal(&domain, key, &b), CKR_OK);
	memcpy(blob, bytes + 4, EP11_BLOB);
}

static void a_key_survives_its_wrapping_key(void **state)
{
	static const struct ep11_key key = {
		XCP_BLOB_ENCRYPT, 32, "a key of 32 bytes is in this bl"
	};
	uint8_t blob[EP11_BLOB], again[EP11_BLOB];
	const struct slice old = { blob, EP11_BLOB }, new = { again, EP11_BLOB };
	struct ep11_key opened = { 0 };

	(void)state;
	make_blob(&key, blob);
	command(EP11_GENERATE_WK, NULL, 0);
	assert_int_equal(command(EP11_REENCRYPT, blob, EP11_BLOB),
			 CKR_IBM_WK_NOT_INITIALIZED);
	command(EP11_COMMIT_WK, wk(MASTER_KEY_NEW)->pattern, 32);
	assert_int_equal(command(EP11_REENCRYPT, blob, EP11_BLOB), CKR_OK);
	memcpy(again, x.reply + x.reply_length - 4 - EP11_BLOB, EP11_BLOB);
	assert_int_equal(ep11_key_open(&domain, new, 0, &opened),
			 CKR_IBM_WKID_MISMATCH);
	command(EP11_FINALIZE_WK, wk(MASTER_KEY_NEW)->pattern, 32);
	assert_int_equal(ep11_key_open(&domain, new, 0, &opened), CKR_OK);
	assert_memory_equal(&opened, &key, sizeof(key));
	assert_int_equal(ep11_key_open(&domain, old, 0, &opened),
			 CKR_IBM_WKID_MISMATCH);
}

static void foreign_blobs(void **state)
{
	static const struct ep11_key key = { .length = 16 };
	uint8_t blob[EP11_BLOB];

	(void)state;
	make_blob(&key, blob);
	command(EP11_GENERATE_WK, NULL, 0);
	command(EP11_COMMIT_WK, wk(MASTER_KEY_NEW)->pattern, 32);
	assert_int_equal(command(EP11_REENCRYPT, blob, EP11_BLOB - 1),
			 CKR_IBM_BLOB_ERROR);
	blob[200] ^= 1;
	assert_int_equal(command(EP11_REENCRYPT, blob, EP11_BLOB),
			 CKR_IBM_BLOB_ERROR);
	blob[32] ^= 1;
	assert_int_equal(command(EP11_REENCRYPT, blob, EP11_BLOB),
			 CKR_IBM_WKID_MISMATCH);
}

#define PUBLIC_KEY	294	/* bytes of the SubjectPublicKeyInfo */

/* The output of a command that has laid a public key */
static EVP_PKEY *public_key(void)
{
	const uint8_t *at = x.reply + x.reply_length - 4 - PUBLIC_KEY;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, PUBLIC_KEY);

	assert_non_null(key);
	assert_ptr_equal(at, x.reply + x.reply_length - 4);
	return key;
}

static EVP_PKEY *new_importer(void)
{
	assert_int_equal(command(EP11_GENERATE_IMPORTER, "\0\0\0", 4), CKR_OK);
	return public_key();
}

/* Add the information of a recipient of @length bytes of @part. */
static void add_recipient(struct ep11_request *r, EVP_PKEY *key,
			  const void *part, size_t length)
{
	static const uint8_t head[] = {
		0x30, 0x82, 0x01, 0x38, 2, 1, 2, 0x80, 32,
	}, algorithm[] = {
		0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0,
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(key, NULL);
	uint8_t encrypted[256], ski[32] = { 0 };
	size_t room = sizeof(encrypted);

	assert_int_equal(EVP_PKEY_encrypt_init(ctx), 1);
	assert_int_equal(EVP_PKEY_encrypt(ctx, encrypted, &room, part, length), 1);
	EVP_PKEY_CTX_free(ctx);
	ep11_add(r, head, sizeof(head));
	ep11_add(r, ski, sizeof(ski));
	ep11_add(r, algorithm, sizeof(algorithm));
	ep11_add_octets(r, encrypted, sizeof(encrypted));
}

/* Add a part that is in a block for @domain with the number of @function. */
static void add_part(struct ep11_request *r, EVP_PKEY *key, const void *part,
		     size_t length, uint32_t function, uint32_t number)
{
	struct ep11_request recipient = { 0 }, element = { .length = 4 };

	add_recipient(&recipient, key, part, length);
	ep11_add_u32(&element, 6 << 16 | function);
	ep11_add_u32(&element, number);
	ep11_add_command(&element, EP11_IMPORT_WK, number, recipient.bytes,
			 recipient.length);
	ep11_put(element.bytes, 0x30820000 | (element.length - 4), 4);
	ep11_add(r, element.bytes, element.length);
}

/* Import so many parts, each of which has another byte in each place. */
static uint32_t import_parts(EVP_PKEY *key, unsigned int count)
{
	struct ep11_request parts = { 0 };
	uint8_t part[32];

	for (unsigned int i = 0; i < count; i++) {
		memset(part, 1 << i, sizeof(part));
		add_part(&parts, key, part, sizeof(part), EP11_ADMIN, DOMAIN);
	}
	return command(EP11_IMPORT_WK, parts.bytes, parts.length);
}

static void a_key_in_parts(void **state)
{
	EVP_PKEY *key = new_importer();
	uint8_t sum[32];

	(void)state;
	assert_int_equal(EVP_PKEY_get_bits(key), 2048);
	for (unsigned int count = 2; count <= 3; count++) {
		assert_int_equal(import_parts(key, count), CKR_OK);
		memset(sum, (1 << count) - 1, sizeof(sum));
		assert_memory_equal(wk(MASTER_KEY_NEW)->value, sum, sizeof(sum));
		assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_PARTIAL);
		output_is(wk(MASTER_KEY_NEW)->pattern, 32);
		assert_int_equal(import_parts(key, count), CKR_FUNCTION_FAILED);
		assert_int_equal(command(EP11_CLEAR_PENDING_WK, NULL, 0), CKR_OK);
	}
	EVP_PKEY_free(key);
}

/* The public key of the importer that known_keys() gives to the domain */
static EVP_PKEY *known_importer(void)
{
	BIGNUM *p = BN_bin2bn(domain.importer.p, sizeof(domain.importer.p), NULL);
	BIGNUM *q = BN_bin2bn(domain.importer.q, sizeof(domain.importer.q), NULL);
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	BN_CTX *bn = BN_CTX_new();
	EVP_PKEY *key = NULL;
	OSSL_PARAM *params;

	assert_int_equal(BN_mul(p, p, q, bn), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(build, "n", p), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_ulong(build, "e", 65537), 1);
	params = OSSL_PARAM_BLD_to_param(build);
	assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
	assert_int_equal(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY,
					   params), 1);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	EVP_PKEY_CTX_free(ctx);
	BN_CTX_free(bn);
	BN_free(p);
	BN_free(q);
	return key;
}

/* This is of use to the fuzz test, whose domain has the same importer. */
static void parts_for_a_known_importer(void **state)
{
	EVP_PKEY *key = known_importer();

	(void)state;
	assert_int_equal(import_parts(key, 2), CKR_OK);
	EVP_PKEY_free(key);
}

static void importers(void **state)
{
	EVP_PKEY *first = new_importer(), *second = new_importer();

	(void)state;
	assert_int_equal(import_parts(second, 2), CKR_OK);
	assert_int_equal(command(EP11_CLEAR_PENDING_WK, NULL, 0), CKR_OK);
	assert_int_not_equal(import_parts(first, 2), CKR_OK);
	assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_EMPTY);
	assert_int_equal(command(EP11_GENERATE_IMPORTER, "\0\0\0\1", 4),
			 CKR_FUNCTION_CANCELED);
	assert_int_equal(command(EP11_GENERATE_IMPORTER, "\0\0", 3),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(import_parts(second, 2), CKR_OK);
	assert_int_equal(command(EP11_ZEROIZE, NULL, 0), CKR_OK);
	assert_int_equal(import_parts(second, 2), CKR_FUNCTION_FAILED);
	EVP_PKEY_free(second);
	EVP_PKEY_free(first);
}

/* Import one good part and another one, whose length and address are given. */
static uint32_t import_with(EVP_PKEY *key, size_t length, uint32_t function,
			    uint32_t number)
{
	struct ep11_request parts = { 0 };
	uint8_t part[32] = { 1 };

	add_part(&parts, key, part, sizeof(part), EP11_ADMIN, DOMAIN);
	add_part(&parts, key, part, length, function, number);
	return command(EP11_IMPORT_WK, parts.bytes, parts.length);
}

static void parts_refused(void **state)
{
	EVP_PKEY *key = new_importer();

	(void)state;
	assert_int_equal(import_parts(key, 0), CKR_FUNCTION_CANCELED);
	assert_int_equal(import_parts(key, 1), CKR_FUNCTION_CANCELED);
	assert_int_equal(import_parts(key, 4), CKR_ARGUMENTS_BAD);
	assert_int_equal(import_with(key, 31, EP11_ADMIN, DOMAIN),
			 CKR_ENCRYPTED_DATA_INVALID);
	assert_int_equal(import_with(key, 32, EP11_GET_INFO, DOMAIN),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(import_with(key, 32, EP11_ADMIN, DOMAIN + 1),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(command(EP11_IMPORT_WK, "\x30\x00", 2),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(wk(MASTER_KEY_NEW)->state, MASTER_KEY_EMPTY);
	EVP_PKEY_free(key);
}

/* Whatever is damaged, a pending key is made of two whole parts, or not at all. */
static void damaged_parts(void **state)
{
	EVP_PKEY *key = new_importer();
	struct ep11_request parts = { 0 };
	uint8_t part[32] = { 1 };

	(void)state;
	add_part(&parts, key, part, sizeof(part), EP11_ADMIN, DOMAIN);
	part[0] = 2;
	add_part(&parts, key, part, sizeof(part), EP11_ADMIN, DOMAIN);
	for (size_t i = 0; i < parts.length; i += 1 + seeded_below(7)) {
		uint8_t byte = parts.bytes[i];

		seeded_bytes(&parts.bytes[i], 1);
		command(EP11_IMPORT_WK, parts.bytes, parts.length);
		command(EP11_IMPORT_WK, parts.bytes, i);
		command(EP11_CLEAR_PENDING_WK, NULL, 0);
		parts.bytes[i] = byte;
	}
	assert_int_equal(command(EP11_IMPORT_WK, parts.bytes, parts.length),
			 CKR_OK);
	EVP_PKEY_free(key);
}

static void unknown_commands(void **state)
{
	static const uint32_t off[] = {
		1, 2, 8, 11, 15, 17, 29, 39, 0x10003, 0x1000b, 0x10013,
	};
	static const uint32_t none[] = {
		0, 40, 0xffff, 0x10000, 0x10014, 0x20001, 0xffffffff,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(off) / sizeof(off[0]); i++)
		assert_int_equal(command(off[i], NULL, 0),
				 CKR_FUNCTION_CANCELED);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		assert_int_equal(command(none[i], NULL, 0),
				 CKR_FUNCTION_NOT_SUPPORTED);
	assert_int_equal(command(EP11_ZEROIZE, "x", 1), CKR_ARGUMENTS_BAD);
	assert_int_equal(wk(MASTER_KEY_CURRENT)->state, MASTER_KEY_FULL);
}

static uint32_t call(unsigned int api, unsigned int function)
{
	begin(function, DOMAIN);
	ep11_put(x.cprb.bytes + EP11_CPRB + 6, api << 16 | function, 4);
	return perform();
}

static void functions(void **state)
{
	(void)state;
	begin(EP11_GET_INFO, DOMAIN);
	ep11_add_u32(&x.cprb, 3);
	ep11_add_u32(&x.cprb, 0);
	assert_int_equal(perform(), CKR_OK);
	assert_int_equal(call(1, EP11_GENERATE_RANDOM), CKR_FUNCTION_CANCELED);
	assert_int_equal(call(1, EP11_ADMIN), CKR_ARGUMENTS_BAD);
	assert_int_equal(call(7, EP11_ADMIN), CKR_IBM_API_MISMATCH);
	assert_int_equal(call(1, 0), CKR_IBM_API_MISMATCH);
}

static uint8_t error_of(struct domain *controlled)
{
	enclose(4096);
	send(controlled);
	assert_int_equal(x.reply_length, 8);
	assert_int_equal(x.reply[1], 0x82);
	return x.reply[4];
}

static void begin_zeroize(uint32_t target, uint32_t for_domain)
{
	begin(EP11_ADMIN, target);
	ep11_add_command(&x.cprb, EP11_ZEROIZE, for_domain, NULL, 0);
}

static void who_is_addressed(void **state)
{
	static const uint32_t absent[] = {
		0x100, 0x100 | DOMAIN, 0x10000 | DOMAIN, 0x80000000,
	};

	(void)state;
	begin_zeroize(DOMAIN, DOMAIN);
	enclose(4096);
	assert_int_equal(ep11.target_domain(x.request, x.length), DOMAIN);
	assert_int_equal(error_of(NULL), TYPE6_FILTERED);
	assert_int_equal(ep11.answer(&domain, x.request, x.length, x.reply), 8);
	assert_int_equal(x.reply[4], TYPE6_FILTERED);

	begin_zeroize(0, DOMAIN);
	enclose(4096);
	assert_int_equal(ep11.target_domain(x.request, x.length), 0);
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		begin_zeroize(absent[i], DOMAIN);
		enclose(4096);
		assert_int_equal(ep11.target_domain(x.request, x.length),
				 AP_DOMAINS);
	}

	/* The payload names another domain than the control block. */
	begin_zeroize(DOMAIN, DOMAIN);
	x.cprb.bytes[EP11_CPRB + 4 + 6 + 5] = 4;
	assert_int_equal(error_of(&domain), TYPE6_DOMAIN);

	/* The command names another domain. */
	begin_zeroize(DOMAIN, 4);
	assert_int_equal(perform(), CKR_ARGUMENTS_BAD);

	/* The request is not administrative. */
	begin_zeroize(DOMAIN, DOMAIN);
	x.cprb.bytes[5] = 0;
	enclose(4096);
	assert_int_equal(ep11.target_domain(x.request, x.length), -1);
	assert_int_equal(wk(MASTER_KEY_CURRENT)->state, MASTER_KEY_FULL);
}

/* Send a block with these fields. Its other fields are valid. */
static uint32_t addressed(const char *module, size_t module_length,
			  size_t counter_length, uint32_t instance)
{
	struct ep11_request block = { .length = 4 };

	ep11_add_u32(&block, EP11_WK);
	ep11_add_number(&block, 0x0408, 2);
	ep11_add_number(&block, DOMAIN, 4);
	ep11_add_number(&block, instance, 4);
	ep11_add_octets(&block, module, module_length);
	ep11_add_octets(&block, "0123456789abcdefg", counter_length);
	ep11_add_octets(&block, NULL, 0);
	ep11_put(block.bytes, 0x30820000 | (block.length - 4), 4);
	begin(EP11_ADMIN, DOMAIN);
	ep11_add_octets(&x.cprb, block.bytes, block.length);
	ep11_add_octets(&x.cprb, "signature", 9);
	return perform();
}

static void blocks(void **state)
{
	(void)state;
	assert_int_equal(addressed("9300000500000005", 16, 16, 0), CKR_OK);
	assert_int_equal(addressed("9300000600000006", 16, 16, 0),
			 CKR_ARGUMENTS_BAD);
	assert_int_equal(addressed("93000005", 8, 16, 0), CKR_ARGUMENTS_BAD);
	assert_int_equal(addressed("", 0, 17, 0), CKR_ARGUMENTS_BAD);
	assert_int_equal(addressed("", 0, 15, 0), CKR_ARGUMENTS_BAD);
	assert_int_equal(addressed("", 0, 0, 1), CKR_ARGUMENTS_BAD);
	assert_int_equal(addressed("", 0, 0, 0), CKR_OK);
}

static void little_room(void **state)
{
	(void)state;
	for (uint32_t room = 0; room < 600; room++) {
		begin_zeroize(DOMAIN, DOMAIN);
		enclose(room);
		send(&domain);
		if (wk(MASTER_KEY_CURRENT)->state == MASTER_KEY_EMPTY) {
			assert_int_equal(outer(), CKR_OK);
			return;
		}
		if (room < 32 + 22)
			assert_int_equal(x.reply[4], TYPE6_TRUNCATED);
		else
			assert_int_equal(outer(), CKR_IBM_TRANSPORT_LIMIT);
	}
	fail();
}

static void damaged_blocks(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		struct domain controlled = domain;

		begin_zeroize(DOMAIN, DOMAIN);
		enclose(4096);
		for (unsigned int n = 1 + seeded_below(4); n; n--)
			seeded_bytes(x.request + HEAD + EP11_CPRB +
				     seeded_below(x.cprb.length - EP11_CPRB), 1);
		if (!seeded_below(4))
			x.length = HEAD + seeded_below(x.cprb.length);
		send(&controlled);
		assert_true(x.reply[1] == 0x82 || x.reply[1] == 0x86);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(an_answer, set_up),
		cmocka_unit_test_setup(queries, set_up),
		cmocka_unit_test_setup(module_attributes, set_up),
		cmocka_unit_test_setup(control_points, set_up),
		cmocka_unit_test_setup(a_new_wrapping_key, set_up),
		cmocka_unit_test_setup(patterns, set_up),
		cmocka_unit_test_setup(clearing, set_up),
		cmocka_unit_test_setup(a_key_survives_its_wrapping_key, set_up),
		cmocka_unit_test_setup(foreign_blobs, set_up),
		cmocka_unit_test_setup(a_key_in_parts, set_up),
		cmocka_unit_test_setup(parts_for_a_known_importer, set_up),
		cmocka_unit_test_setup(importers, set_up),
		cmocka_unit_test_setup(parts_refused, set_up),
		cmocka_unit_test_setup(damaged_parts, set_up),
		cmocka_unit_test_setup(unknown_commands, set_up),
		cmocka_unit_test_setup(functions, set_up),
		cmocka_unit_test_setup(who_is_addressed, set_up),
		cmocka_unit_test_setup(blocks, set_up),
		cmocka_unit_test_setup(little_room, set_up),
		cmocka_unit_test_setup(damaged_blocks, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
