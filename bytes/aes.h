/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES-256 under a key that encrypts other keys, by OpenSSL.
 *
 * All functions return false, and leave nothing in @out, if a length is not
 * valid or OpenSSL is out of memory.
 */
#ifndef BYTES_AES_H
#define BYTES_AES_H

#include "cursor.h"

#define AES_KEK_LENGTH	32

static inline bool aes_key_length_is_valid(size_t length)
{
	return length == 16 || length == 24 || length == 32;
}

/*
 * Encrypt or decrypt in CBC mode, with an initial vector of zeros. Ciphertext
 * stealing (CS1) is used for an incomplete last block, so that 24 bytes remain
 * 24. There must be at least 16 bytes.
 */
bool aes_encrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
		 uint8_t *out);
bool aes_decrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice ciphertext,
		 uint8_t *out);

/*
 * Wrap or unwrap a key as in RFC 3394. Its length is a multiple of 8 bytes, and
 * a wrapped key is AES_WRAP_OVERHEAD bytes longer. aes_unwrap() also returns
 * false if the key was not wrapped under @kek.
 */
#define AES_WRAP_OVERHEAD	8

bool aes_wrap(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
	      uint8_t *out);
bool aes_unwrap(const uint8_t kek[AES_KEK_LENGTH], struct slice wrapped,
		uint8_t *out);

#endif /* BYTES_AES_H */
