/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Modular exponentiation with secret operands, by OpenSSL.
 *
 * The time of an exponentiation does not depend on the value of a secret
 * exponent, only on its length. A CRT needs more than its two exponentiations:
 * the time of the reductions and of combining the halves can depend on the
 * primes and on the halves. OpenSSL offers nothing for these that promises
 * otherwise, and nothing is blinded. No copy of an operand is left behind.
 */
#ifndef CARD_RSA_H
#define CARD_RSA_H

#include "bytes/cursor.h"

enum rsa_error {
	RSA_OK,
	RSA_EVEN,		/* a modulus or a prime is even */
	RSA_MODULUS,		/* a modulus or a prime is 1 */
	RSA_MESSAGE,		/* the message is not below the modulus */
	RSA_FAILED,		/* out of memory */
};

/*
 * Both functions write the result to @result with leading zeros, @width bytes
 * in all. A result always fits if @width is the length of the modulus operand,
 * or the sum of the lengths of p and q.
 */
enum rsa_error rsa_exponentiate(struct slice message, struct slice exponent,
				struct slice modulus, uint8_t *result,
				size_t width);

/* p and q may be in any order and of any length. u is 1/q mod p. */
struct rsa_crt {
	struct slice p, q, dp, dq, u;
};

enum rsa_error rsa_exponentiate_crt(struct slice message,
				    const struct rsa_crt *key, uint8_t *result,
				    size_t width);

#endif /* CARD_RSA_H */
