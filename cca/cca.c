// SPDX-License-Identifier: GPL-2.0-only
/*
 * The CCA coprocessor takes a request out of its envelope, has the sub-function
 * answer it, and puts the reply into its envelope.
 *
 * A request for usage (T2) is for the domain of its queue. An administrative
 * command names the domain that it is for, and the machine decides who may send
 * it. It either queries the facility or processes master keys.
 */
#include <stdio.h>
#include <string.h>

#include "card/firmware.h"
#include "card/verb.h"
#include "cca.h"

static const struct cca_function *const usage[] = {
	cca_rsa, cca_random, cca_facility, cca_ec, cca_aes, cca_cipher,
	cca_token_change, NULL,
};

static const struct cca_function *const administration[] = {
	cca_facility, NULL,
};

/*
 * Return whether @function of the request is a sub-function. @found is set to
 * its row, or to NULL if it has none with the rules of the request.
 */
static bool find(const struct cca_function *const *table,
		 const struct cprbx *request,
		 const struct cca_function **found)
{
	const struct cca_function *row;
	bool known = false;

	*found = NULL;
	for (; *table; table++)
		for (row = *table; row->rules; row++) {
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
	size_t offset = type86_data_offset(builder_length(&reply->cprb));

	if (builder_is_broken(&reply->cprb) || length > reply->data_room ||
	    length > reply->max - offset)
		return NULL;
	reply->data = length;
	return reply->message + offset;
}

static bool is_failure(uint32_t codes)
{
	return codes >> 16 >= 4;
}

/*
 * A reply always has three blocks, because zcrypt reads a length in the second.
 */
static void lay_failure(struct cca_reply *reply, size_t blocks)
{
	build_rewind(&reply->cprb, blocks);
	reply->data = 0;
	for (int i = 0; i < 3; i++)
		cprbx_lay_empty(&reply->cprb);
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

static bool is_served(const struct cprbx *request)
{
	const struct cca_function *function;

	if (!request->administrative)
		return find(usage, request, &function) && function;
	return request->function == CCA_MASTER_KEY_PROCESS ||
	       (find(administration, request, &function) && function);
}

/* A message and the reply to it. */
struct exchange {
	struct type6 envelope;
	struct cprbx request;
	struct cca_reply reply;
	size_t blocks;			/* where those of the reply begin */
};

static enum type6_error take_message(struct exchange *x, const uint8_t *message,
				     size_t length)
{
	enum type6_error error;

	error = type6_parse(message, length, TYPE6_CCA, &x->envelope);
	if (!error)
		error = cprbx_parse(x->envelope.cprb, &x->request);
	if (!error && x->envelope.function != x->request.function)
		error = TYPE6_MALFORMED;
	return error;
}

static bool lacks_verb(const uint8_t *message, size_t length, struct verb *verb)
{
	char function[2 + 1], rules[VERB_NAME_MAX - 8];
	struct exchange x;

	if (take_message(&x, message, length) || is_served(&x.request))
		return false;
	verb_print(function, sizeof(function), (struct slice){
		(const uint8_t[]){ x.request.function >> 8,
				   x.request.function }, 2 });
	verb_print(rules, sizeof(rules), x.request.rules);
	snprintf(verb->name, sizeof(verb->name), "%s '%s'", function, rules);
	snprintf(verb->parts, sizeof(verb->parts),
		 "user data %zu, keys %zu, data %zu",
		 x.request.user.length, x.request.keys.length,
		 x.envelope.data.length);
	return true;
}

static void open_reply(struct exchange *x, const struct domain *domain,
		       uint8_t *out)
{
	size_t max = coprocessor_message_max(domain->generation);

	x->reply = (struct cca_reply){
		.message = out,
		.cprb = builder_of(out + TYPE86_HEADER_SIZE,
				   smaller(x->envelope.cprb_room,
					   max - TYPE86_HEADER_SIZE)),
		.max = max,
		.data_room = x->envelope.data_room,
	};
	cprbx_open(&x->reply.cprb, &x->request);
	x->blocks = builder_length(&x->reply.cprb);
}

static size_t close_reply(struct exchange *x, enum cca_code code, uint8_t *out)
{
	struct cca_reply *reply = &x->reply;

	if (builder_is_broken(&reply->cprb))
		code = CCA_SIZE;
	if (is_failure(code))
		lay_failure(reply, x->blocks);
	cprbx_close(&reply->cprb, code, reply->data);
	if (builder_is_broken(&reply->cprb))
		return type82_error(out, TYPE6_TRUNCATED);
	return type86_reply(out, builder_length(&reply->cprb), reply->data);
}

static size_t call_function(struct exchange *x,
			    const struct cca_function *const *table,
			    const struct domain *domain, uint8_t *out)
{
	const struct cca_function *function;
	enum cca_code code = CCA_RULES;

	if (!find(table, &x->request, &function))
		return type82_error(out, TYPE6_FUNCTION);
	open_reply(x, domain, out);
	if (function)
		code = function->carry_out(domain, &x->request, &x->reply);
	return close_reply(x, code, out);
}

static size_t answer(const struct domain *domain, const uint8_t *message,
		     size_t length, uint8_t *out)
{
	struct exchange x;
	enum type6_error error = take_message(&x, message, length);

	if (!error && x.request.administrative)
		error = TYPE6_FILTERED;
	if (!error && x.request.domain != domain->number)
		error = TYPE6_DOMAIN;
	if (error)
		return type82_error(out, error);
	return call_function(&x, usage, domain, out);
}

static int target_domain(const uint8_t *message, size_t length)
{
	struct exchange x;

	if (take_message(&x, message, length) || !x.request.administrative)
		return -1;
	return x.request.domain;
}

static size_t administer(struct domain *domain, const uint8_t *message,
			 size_t length, uint8_t *out)
{
	struct exchange x;
	enum type6_error error = take_message(&x, message, length);
	enum cca_code code;

	if (!error && !domain)
		error = TYPE6_FILTERED;
	if (error)
		return type82_error(out, error);
	if (x.request.function != CCA_MASTER_KEY_PROCESS)
		return call_function(&x, administration, domain, out);
	open_reply(&x, domain, out);
	code = cca_master_key_process(domain, &x.request, &x.reply);
	return close_reply(&x, code, out);
}

/*
 * The first counter of a CCA coprocessor has all requests. The second has those
 * that generate RSA keys, which are not served.
 */
static int counter(const uint8_t *message, size_t length)
{
	(void)message;
	(void)length;
	return 0;
}

const struct firmware cca = {
	.letter = 'C',
	.facilities = FIRMWARE_APSC | FIRMWARE_CCA | FIRMWARE_APXA |
		      FIRMWARE_FULL,
	.lacks_before_cex6 = FIRMWARE_FULL,
	.special = true,
	.ml = FIRMWARE_ML,
	.ml_cex8 = FIRMWARE_ML_CEX8,
	.depth = 8,
	.mode = 9,
	.counters = 2,
	.counter = counter,
	.reply_max = CCA_REPLY_MAX,
	.lacks_verb = lacks_verb,
	.answer = answer,
	.target_domain = target_domain,
	.administer = administer,
};
