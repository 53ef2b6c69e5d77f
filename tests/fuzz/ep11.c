// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to an EP11 coprocessor. The first byte of an input is 0 and a whole
 * message follows, or it is a function. Then the arguments of that follow. Each
 * begins with a byte that says which of these it is:
 *
 *	0	octets, as many as the next byte says
 *	1	a number, the next four bytes
 *	2	a blob of the domain; the second of the next three bytes is
 *		added to it at the place that the first one selects, and if the
 *		third is odd, the blob is authenticated after that
 *	3	a mechanism, whose number the next byte selects; 16 bytes
 *	4	a template, of one byte of Booleans and one of key length
 *	5	an administrative command; the next byte is its number, with
 *		0x80 that of a query; its parameter is as with 0 or, if the byte
 *		after that is odd, as with 2
 *	6	everything that follows, as it is
 *
 * Function 41 is sent as an administrative request for the domain.
 *
 * runs: 20000
 */
#include <openssl/hmac.h>

#include "card/domain.h"
#include "ep11/ckr.h"
#include "ep11/key.h"
#include "tests/ep11_request.h"
#include "coprocessor.h"
#include "tests/known_keys.h"

#define API		4
#define ARGUMENTS	12
#define MAC_SIZE	32
#define BLOB_OFFSET	(TYPE86_HEADER_SIZE + EP11_CPRB + 4 + 3 * 6 + 4)

static struct domain domain, fresh;
static uint8_t blob[EP11_BLOB];

static uint8_t *perform(struct ep11_request *request, size_t *reply_length)
{
	static uint8_t message[EP11_ENVELOPE + sizeof(request->bytes)];

	ep11_end(request);
	return ask(&ep11, &domain, message,
		   ep11_enclose(request, 4096, message), reply_length);
}

/* Make the blob of a key that may be used for everything. */
static void make_blob(void)
{
	static struct ep11_request request;
	size_t length;
	uint8_t *reply;

	ep11_begin(&request, API, EP11_GENERATE_KEY, domain.number);
	ep11_add_u32(&request, 0);
	ep11_add_u32(&request, 32);
	ep11_add_mechanism(&request, 0x1080, NULL, 0);
	ep11_add_template(&request, 0x20ec01, 32);
	ep11_add_octets(&request, NULL, 0);
	reply = perform(&request, &length);
	promised(length >= BLOB_OFFSET + EP11_BLOB);
	memcpy(blob, reply + BLOB_OFFSET, EP11_BLOB);
	free(reply);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	domain_init(&domain, AP_APQN(5, 0x47));
	domain.generation = 8;
	promised(known_keys(&domain));
	make_blob();
	fresh = domain;
	return 0;
}

/*
 * Do what the coprocessor does, with a key that is derived from the wrapping
 * key.
 */
static void authenticate(uint8_t *bytes)
{
	const uint8_t *wk = domain.keys[MASTER_KEY_WK][MASTER_KEY_CURRENT].value;
	static const char purpose[] = "EP11 blob MAC";
	uint8_t key[MAC_SIZE];

	promised(HMAC(EVP_sha256(), wk, MASTER_KEY_MAX, (const uint8_t *)purpose,
		      sizeof(purpose) - 1, key, NULL));
	promised(HMAC(EVP_sha256(), key, sizeof(key), bytes,
		      EP11_BLOB - MAC_SIZE, bytes + EP11_BLOB - MAC_SIZE, NULL));
}

static struct slice damaged_blob(struct cursor *c)
{
	static uint8_t damaged[EP11_BLOB];
	uint8_t at = cursor_u8(c);

	memcpy(damaged, blob, sizeof(damaged));
	damaged[at] ^= cursor_u8(c);
	if (cursor_u8(c) & 1)
		authenticate(damaged);
	return (struct slice){ damaged, sizeof(damaged) };
}

static void add_command(struct ep11_request *request, struct cursor *c)
{
	uint8_t number = cursor_u8(c);
	struct slice parameter = cursor_u8(c) & 1 ? damaged_blob(c) :
				 take_up_to(c, cursor_u8(c));

	ep11_add_command(request, (number & 0x80) << 9 | (number & 0x7f),
			 domain.number, parameter.at, parameter.length);
}

static void add_mechanism(struct ep11_request *request, struct cursor *c)
{
	static const uint32_t numbers[] = {
		0x1080, 0x1081, 0x1082, 0x1085, 0x80060001,
	};
	uint32_t number = numbers[cursor_u8(c) % 5];
	struct slice parameter = take_up_to(c, 16);

	ep11_add_mechanism(request, number, parameter.at, parameter.length);
}

static bool add_argument(struct ep11_request *request, struct cursor *c)
{
	uint8_t kind = cursor_u8(c);
	struct slice bytes;

	switch (kind) {
	case 0:
		bytes = take_up_to(c, cursor_u8(c));
		ep11_add_octets(request, bytes.at, bytes.length);
		return true;
	case 1:
		ep11_add_u32(request, cursor_u32(c));
		return true;
	case 2:
		bytes = damaged_blob(c);
		ep11_add_octets(request, bytes.at, bytes.length);
		return true;
	case 3:
		add_mechanism(request, c);
		return true;
	case 4:
		ep11_add_template(request, (uint32_t)cursor_u16(c) << 8 | 1,
				  cursor_u8(c));
		return true;
	case 5:
		add_command(request, c);
		return true;
	default:
		bytes = take_up_to(c, 1024);
		ep11_add(request, bytes.at, bytes.length);
		return false;
	}
}

static uint8_t *ask_function(uint8_t function, struct cursor *c, size_t *length)
{
	static struct ep11_request request;

	ep11_begin(&request, API, function, domain.number);
	request.bytes[5] = 0x20;	/* special */
	if (function == EP11_ADMIN)
		ep11_administer(&request);
	for (int i = 0; i < ARGUMENTS && cursor_left(c); i++)
		if (!add_argument(&request, c))
			break;
	return perform(&request, length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	uint8_t function = cursor_u8(&c);
	size_t length;
	uint8_t *reply;

	domain = fresh;
	if (function)
		reply = ask_function(function, &c, &length);
	else
		reply = ask(&ep11, &domain, cursor_rest(&c).at,
			    cursor_left(&c), &length);
	free(reply);
	return 0;
}
