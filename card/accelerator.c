// SPDX-License-Identifier: GPL-2.0-only
#include "firmware.h"
#include "rsa.h"
#include "type50.h"

static enum type50_error error_of(enum rsa_error error)
{
	switch (error) {
	case RSA_OK:
		return TYPE50_OK;
	case RSA_EVEN:
		return TYPE50_EVEN_MODULUS;
	case RSA_MODULUS:
		return TYPE50_INVALID_KEY;
	case RSA_MESSAGE:
		return TYPE50_OPERAND;
	case RSA_FAILED:
		break;
	}
	return TYPE50_MACHINE_FAILURE;
}

static enum type50_error compute(const struct type50 *request, uint8_t *result)
{
	const struct rsa_crt key = {
		request->p, request->q, request->dp, request->dq, request->u,
	};

	if (request->crt)
		return error_of(rsa_exponentiate_crt(request->message, &key,
						     result, request->width));
	return error_of(rsa_exponentiate(request->message, request->exponent,
					 request->modulus, result,
					 request->width));
}

/* An accelerator has no keys of its own. */
static size_t answer(const struct domain *domain, const uint8_t *message,
		     size_t length, uint8_t *reply)
{
	struct type50 request;
	enum type50_error error;

	(void)domain;
	error = type50_parse(message, length, &request);
	if (!error)
		error = compute(&request, reply + TYPE80_HEADER_SIZE);
	if (error)
		return type80_error(reply, error);
	return type80_reply(reply, request.width);
}

/*
 * The counters of an accelerator, in their order: exponentiation and CRT with
 * up to 1024 and 2048 bits, then both with up to 4096.
 */
static int counter(const uint8_t *message, size_t length)
{
	struct type50 request;

	if (type50_parse(message, length, &request))
		return -1;
	if (request.width > 256)
		return request.crt ? 5 : 4;
	return (request.crt ? 2 : 0) + (request.width > 128);
}

const struct firmware accelerator = {
	.letter = 'A',
	.facilities = FIRMWARE_MEX4K | FIRMWARE_CRT4K | FIRMWARE_ACCEL |
		      FIRMWARE_APXA | FIRMWARE_FULL,
	.lacks_before_cex6 = FIRMWARE_APXA,
	.ml = FIRMWARE_ML,
	.ml_cex8 = FIRMWARE_ML,
	.depth = 8,
	.mode = 8,
	.counters = 6,
	.counter = counter,
	.reply_max = TYPE80_MAX,
	.answer = answer,
};
