// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EP11 coprocessor takes a request out of its envelope, has the function
 * answer it, and puts the reply into its envelope.
 *
 * A request for usage is for the domain of its queue. An administrative request
 * names the domain that it is for, and the machine decides who may send it.
 */
#include <stdio.h>

#include "asn1.h"
#include "card/firmware.h"
#include "card/verb.h"
#include "ep11.h"

#define FUNCTION_FIRST	1
#define FUNCTION_LAST	44	/* not all of them are served */

#define GET_XCP_INFO	38	/* for controlled domains, too */
#define ADMIN		41	/* for controlled domains only */

static ep11_function *const functions[FUNCTION_LAST + 1] = {
	[4] = ep11_generate_random,
	[19] = ep11_encrypt_single,
	[20] = ep11_decrypt_single,
	[21] = ep11_generate_key,
	[33] = ep11_wrap_key,
	[34] = ep11_unwrap_key,
	[GET_XCP_INFO] = ep11_get_xcp_info,
};

static bool is_function(const struct domain *domain,
			const struct ep11_cprb *request)
{
	return request->function >= FUNCTION_FIRST &&
	       request->function <= FUNCTION_LAST && request->api &&
	       request->api <= ep11_api(domain);
}

static enum ckr use(const struct domain *domain,
		    const struct ep11_cprb *request, struct builder *results)
{
	if (!is_function(domain, request))
		return CKR_IBM_API_MISMATCH;
	if (!functions[request->function])
		return CKR_FUNCTION_CANCELED;
	return functions[request->function](domain, request, results);
}

static enum ckr command(struct domain *domain, const struct ep11_cprb *request,
			struct builder *results)
{
	if (!is_function(domain, request))
		return CKR_IBM_API_MISMATCH;
	if (request->function == ADMIN)
		return ep11_admin(domain, request, results);
	if (request->function == GET_XCP_INFO)
		return ep11_get_xcp_info(domain, request, results);
	return CKR_FUNCTION_CANCELED;
}

/* A message and the reply to it. */
struct exchange {
	struct type6 envelope;
	struct ep11_cprb request;
	struct builder reply;
	size_t opened;
};

static enum type6_error take_message(struct exchange *x, const uint8_t *message,
				     size_t length)
{
	enum type6_error error;

	error = type6_parse(message, length, TYPE6_EP11, &x->envelope);
	if (!error && x->envelope.data.length)
		error = TYPE6_LENGTH;
	if (!error)
		error = ep11_cprb_parse(x->envelope.cprb, &x->request);
	return error;
}

static bool is_served(const struct ep11_cprb *request)
{
	struct cursor c = request->arguments;
	uint32_t number;

	if (request->function == GET_XCP_INFO) {
		number = asn1_u32(&c);
		return ep11_has_query(number, asn1_u32(&c));
	}
	if (request->administrative)
		return request->function == ADMIN &&
		       ep11_has_command(ep11_command_number(c));
	return request->function <= FUNCTION_LAST &&
	       functions[request->function];
}

static void name_verb(const struct ep11_cprb *request, struct verb *verb)
{
	struct cursor c = request->arguments;
	const char *what = request->administrative ?
			   "administrative function" : "function";
	uint32_t number;

	if (request->function == GET_XCP_INFO) {
		number = asn1_u32(&c);
		snprintf(verb->name, sizeof(verb->name), "%s %u, query %u.%u",
			 what, request->function, number, asn1_u32(&c));
	} else if (request->function == ADMIN) {
		snprintf(verb->name, sizeof(verb->name), "%s %u, command %x",
			 what, request->function, ep11_command_number(c));
	} else {
		snprintf(verb->name, sizeof(verb->name), "%s %u", what,
			 request->function);
	}
}

static void measure_arguments(struct cursor c, struct verb *verb)
{
	size_t used = snprintf(verb->parts, sizeof(verb->parts), "arguments");

	while (!cursor_at_end(&c) && !cursor_is_broken(&c) &&
	       used < sizeof(verb->parts) - sizeof(" 65535,"))
		used += snprintf(verb->parts + used,
				 sizeof(verb->parts) - used, "%s %zu",
				 used > sizeof("arguments") ? "," : "",
				 asn1_octets(&c).length);
}

static bool lacks_verb(const uint8_t *message, size_t length, struct verb *verb)
{
	struct exchange x;

	if (take_message(&x, message, length) || is_served(&x.request))
		return false;
	name_verb(&x.request, verb);
	measure_arguments(x.request.arguments, verb);
	return true;
}

static enum type6_error check_domain(const struct exchange *x,
				     const struct domain *domain)
{
	return x->request.target != domain->number ||
	       x->request.domain != domain->number ? TYPE6_DOMAIN : TYPE6_OK;
}

/* Begin a reply. Return false if there is no room even for a return value. */
static bool open_reply(struct exchange *x, const struct domain *domain,
		       uint8_t *out)
{
	size_t room = coprocessor_message_max(domain->generation) -
		      TYPE86_HEADER_SIZE;

	if (room > x->envelope.cprb_room)
		room = x->envelope.cprb_room;
	x->reply = builder_of(out + TYPE86_HEADER_SIZE, room);
	x->opened = ep11_cprb_open(&x->reply, &x->request);
	return !builder_is_broken(&x->reply);
}

static size_t close_reply(struct exchange *x, enum ckr ckr, uint8_t *out)
{
	if (!ckr && builder_is_broken(&x->reply))
		ckr = CKR_IBM_TRANSPORT_LIMIT;
	ep11_cprb_close(&x->reply, x->opened, ckr);
	if (builder_is_broken(&x->reply))
		return type82_error(out, TYPE6_TRUNCATED);
	return type86_reply(out, builder_length(&x->reply), 0);
}

/*
 * Return TYPE6_OK if the command may be carried out, and begin its reply.
 * Otherwise return the reason.
 */
static enum type6_error admit(struct exchange *x, const struct domain *domain, bool filtered,
			      uint8_t *out)
{
	enum type6_error error = filtered ? TYPE6_FILTERED : check_domain(x, domain);

	if (!error && !open_reply(x, domain, out))
		error = TYPE6_TRUNCATED;
	return error;
}

static size_t answer(const struct domain *domain, const uint8_t *message,
		     size_t length, uint8_t *out)
{
	struct exchange x;
	enum type6_error error = take_message(&x, message, length);

	if (!error)
		error = admit(&x, domain, x.request.administrative, out);
	if (error)
		return type82_error(out, error);
	return close_reply(&x, use(domain, &x.request, &x.reply), out);
}

static int target_domain(const uint8_t *message, size_t length)
{
	struct exchange x;

	if (take_message(&x, message, length) || !x.request.administrative)
		return -1;
	return x.request.target < AP_DOMAINS ? x.request.target : AP_DOMAINS;
}

static void prepare(const uint8_t *message, size_t length)
{
	struct exchange x;

	if (!take_message(&x, message, length) && x.request.administrative &&
	    x.request.function == ADMIN)
		ep11_admin_prepare(x.request.arguments);
}

static size_t administer(struct domain *domain, const uint8_t *message,
			 size_t length, uint8_t *out)
{
	struct exchange x;
	enum type6_error error = take_message(&x, message, length);

	if (!error)
		error = admit(&x, domain, !domain, out);
	if (error)
		return type82_error(out, error);
	return close_reply(&x, command(domain, &x.request, &x.reply), out);
}

/*
 * The counters of an EP11 coprocessor are slow and fast asymmetric functions,
 * symmetric functions in parts and as a whole, and generation of key pairs.
 * What is served is of the fourth kind, or of none, and counts there.
 */
static int counter(const uint8_t *message, size_t length)
{
	(void)message;
	(void)length;
	return 3;
}

const struct firmware ep11 = {
	.letter = 'P',
	.facilities = FIRMWARE_EP11 | FIRMWARE_APXA | FIRMWARE_FULL,
	.special = true,
	.ml = FIRMWARE_ML,
	.ml_cex8 = FIRMWARE_ML_CEX8,
	.depth = 8,
	.mode = 10,
	.counters = 5,
	.counter = counter,
	.reply_max = EP11_MESSAGE_MAX,
	.lacks_verb = lacks_verb,
	.answer = answer,
	.target_domain = target_domain,
	.prepare = prepare,
	.administer = administer,
};
