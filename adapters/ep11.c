// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EP11 coprocessor: takes a request out of its envelope, has the function
 * answer it, and puts the reply into its envelope.
 */
#include "ep11.h"
#include "firmware.h"

#define FUNCTION_FIRST	1
#define FUNCTION_LAST	44	/* not all of them are served here */

static ep11_function *const functions[FUNCTION_LAST + 1] = {
	[4] = ep11_generate_random,
	[19] = ep11_encrypt_single,
	[20] = ep11_decrypt_single,
	[21] = ep11_generate_key,
	[33] = ep11_wrap_key,
	[34] = ep11_unwrap_key,
	[38] = ep11_get_xcp_info,
};

static enum ckr run(const struct domain *domain,
		    const struct ep11_cprb *request, struct builder *results)
{
	uint16_t function = request->function;
	enum ckr ckr;

	if (function < FUNCTION_FIRST || function > FUNCTION_LAST ||
	    !request->api || request->api > ep11_api(domain))
		return CKR_IBM_API_MISMATCH;
	if (!functions[function])
		return CKR_FUNCTION_NOT_SUPPORTED;
	ckr = functions[function](domain, request, results);
	if (!ckr && results->broken)
		return CKR_IBM_TRANSPORT_LIMIT;
	return ckr;
}

static enum type6_error parse(const struct domain *domain,
			      const uint8_t *message, size_t length,
			      struct type6 *envelope, struct ep11_cprb *request)
{
	enum type6_error error;

	error = type6_parse(message, length, TYPE6_EP11, envelope);
	if (!error && envelope->data.length)
		error = TYPE6_LENGTH;
	if (!error)
		error = ep11_cprb_parse(envelope->cprb, request);
	if (error)
		return error;
	if (request->target != domain->number ||
	    request->domain != domain->number)
		return TYPE6_DOMAIN;
	return TYPE6_OK;
}

static size_t work(const struct domain *domain, const uint8_t *message,
		   size_t length, uint8_t *out)
{
	size_t opened, room = EP11_MESSAGE_MAX - TYPE86_HEADER_SIZE;
	struct ep11_cprb request;
	struct type6 envelope;
	enum type6_error error;
	struct builder reply;

	error = parse(domain, message, length, &envelope, &request);
	if (error)
		return type82_error(out, error);
	if (room > envelope.cprb_room)
		room = envelope.cprb_room;
	reply = builder_of(out + TYPE86_HEADER_SIZE, room);
	opened = ep11_cprb_open(&reply, &request);
	if (!reply.broken)
		ep11_cprb_close(&reply, opened, run(domain, &request, &reply));
	if (reply.broken)
		return type82_error(out, TYPE6_TRUNCATED);
	return type86_reply(out, reply.length, 0);
}

const struct firmware ep11 = {
	.letter = 'P',
	.facilities = FIRMWARE_EP11 | FIRMWARE_APXA | FIRMWARE_FULL,
	.special = true,
	.ml = 3,
	.depth = 8,
	.reply_max = EP11_MESSAGE_MAX,
	.work = work,
};
