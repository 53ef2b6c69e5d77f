/* SPDX-License-Identifier: GPL-2.0-only */
/* RSA keys, and messages with what OpenSSL makes of them. */
#ifndef RSA_VECTOR_H
#define RSA_VECTOR_H

#define RSA_BYTES_MAX	512
#define RSA_MESSAGES	4

/*
 * Numbers are big endian and right-justified: @n, @d, @e and the messages in
 * @bytes, the rest, of the Chinese remainder theorem, in half of that, rounded
 * up. private key: cipher to plain; public key: plain to cipher.
 */
struct rsa_vector {
	unsigned int bits;
	unsigned int bytes;
	unsigned char n[RSA_BYTES_MAX];
	unsigned char e[RSA_BYTES_MAX];
	unsigned char d[RSA_BYTES_MAX];
	unsigned char p[RSA_BYTES_MAX / 2];
	unsigned char q[RSA_BYTES_MAX / 2];
	unsigned char dp[RSA_BYTES_MAX / 2];
	unsigned char dq[RSA_BYTES_MAX / 2];
	unsigned char u[RSA_BYTES_MAX / 2];	/* 1/q mod p */
	unsigned char plain[RSA_MESSAGES][RSA_BYTES_MAX];
	unsigned char cipher[RSA_MESSAGES][RSA_BYTES_MAX];
};

extern const struct rsa_vector rsa_vectors[];	/* ends with 0 bits */

#endif /* RSA_VECTOR_H */
