/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES-256 with a key that other keys are wrapped under, by OpenSSL.
 *
 * All functions return false, and leave nothing in @out, when a length does
 * not suit or OpenSSL is out of memory.
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
 * CBC with an initial vector of zeros. Of the last, incomplete block the
 * ciphertext is stolen (CS1), so that 24 bytes remain 24; at least 16 bytes.
 */
bool aes_encrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
		 uint8_t *out);
bool aes_decrypt(const uint8_t kek[AES_KEK_LENGTH], struct slice ciphertext,
		 uint8_t *out);

/*
 * Key wrap of RFC 3394: multiples of 8 bytes; wrapped, they are 8 longer.
 * aes_unwrap() is also false when the bytes were not wrapped under @kek.
 */
#define AES_WRAP_OVERHEAD	8

bool aes_wrap(const uint8_t kek[AES_KEK_LENGTH], struct slice plain,
	      uint8_t *out);
bool aes_unwrap(const uint8_t kek[AES_KEK_LENGTH], struct slice wrapped,
		uint8_t *out);

#endif /* BYTES_AES_H */
