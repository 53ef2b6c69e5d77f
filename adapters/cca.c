// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CCA coprocessor: takes a request out of its envelope, has the
 * sub-function answer it, and puts the reply into its envelope.
 */
#include <string.h>

#include "cca.h"
#include "firmware.h"

static const struct cca_function *const tables[] = {
	cca_rsa, cca_random, cca_facility, cca_ec, cca_aes, cca_cipher,
};

/* Whether @function is a sub-function at all; @found is NULL by the rules. */
static bool find(const struct cprbx *request, const struct cca_function **found)
{
	const struct cca_function *row;
	bool known = false;

	*found = NULL;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (row = tables[i]; row->rules; row++) {
			if ((row->code[0] << 8 | row->code[1]) !=
			    request->function)
				continue;
			known = true;
			if (strlen(row->rules) == request->rules.length &&
			    !memcmp(row->rules, request->rules.at,
				    request->rules.length))
				*found = row;
		}
	return known;
}

uint8_t *cca_reply_data(struct cca_reply *reply, size_t length)
{
	size_t offset = type86_data_offset(reply->cprb.length) -
			TYPE86_HEADER_SIZE;

	if (reply->cprb.broken || length > reply->data_room ||
	    length > CCA_REPLY_MAX - TYPE86_HEADER_SIZE - offset)
		return NULL;
	reply->data = length;
	return reply->cprb.start + offset;
}

static bool is_failure(uint32_t codes)
{
	return codes >> 16 >= 4;
}

/* Every reply has three blocks: zcrypt reads a length in the second one. */
static void lay_failure(struct cca_reply *reply, size_t blocks)
{
	build_rewind(&reply->cprb, blocks);
	reply->data = 0;
	for (int i = 0; i < 3; i++)
		cprbx_lay_empty(&reply->cprb);
}

static enum type6_error answer(const struct domain *domain,
			       const struct cprbx *request,
			       struct cca_reply *reply)
{
	const struct cca_function *function;
	enum cca_code code = CCA_RULES;
	size_t blocks;

	if (!find(request, &function))
		return TYPE6_FUNCTION;
	cprbx_open(&reply->cprb, request);
	blocks = reply->cprb.length;
	if (function)
		code = function->run(domain, request, reply);
	if (reply->cprb.broken)
		code = CCA_SIZE;
	if (is_failure(code))
		lay_failure(reply, blocks);
	cprbx_close(&reply->cprb, code, reply->data);
	return reply->cprb.broken ? TYPE6_TRUNCATED : TYPE6_OK;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static enum type6_error parse(const struct domain *domain,
			      const uint8_t *message, size_t length,
			      struct type6 *envelope, struct cprbx *request)
{
	enum type6_error error;

	error = type6_parse(message, length, TYPE6_CCA, envelope);
	if (!error)
		error = cprbx_parse(envelope->cprb, request);
	if (error)
		return error;
	if (envelope->function != request->function)
		return TYPE6_MALFORMED;
	return request->domain == domain->number ? TYPE6_OK : TYPE6_DOMAIN;
}

static size_t work(const struct domain *domain, const uint8_t *message,
		   size_t length, uint8_t *out)
{
	struct type6 envelope;
	struct cprbx request;
	struct cca_reply reply = { 0 };
	enum type6_error error;

	error = parse(domain, message, length, &envelope, &request);
	if (error)
		return type82_error(out, error);
	reply.cprb = builder_of(out + TYPE86_HEADER_SIZE,
				smaller(envelope.cprb_room, CCA_REPLY_MAX -
					TYPE86_HEADER_SIZE));
	reply.data_room = envelope.data_room;
	error = answer(domain, &request, &reply);
	if (error)
		return type82_error(out, error);
	return type86_reply(out, reply.cprb.length, reply.data);
}

const struct firmware cca = {
	.letter = 'C',
	.facilities = FIRMWARE_APSC | FIRMWARE_CCA | FIRMWARE_APXA,
	.ml = 3,
	.depth = 8,
	.reply_max = CCA_REPLY_MAX,
	.work = work,
};
