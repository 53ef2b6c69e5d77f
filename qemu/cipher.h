/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES as CPACF's instructions do it, a run of whole blocks at a time: what goes
 * on from one run to the next is given in and out. By OpenSSL.
 */
#ifndef QEMU_CIPHER_H
#define QEMU_CIPHER_H

#include "bytes/cursor.h"

#define CIPHER_BLOCK	16

enum cipher_mode {
	CIPHER_ECB,
	CIPHER_CBC,
	CIPHER_CTR,
	CIPHER_XTS,
};

/*
 * @key: 16, 24 or 32 bytes
 * @chain: CBC: the chaining value. XTS: the parameter that the first block is
 *	masked with, which cipher_xts_parameter() makes
 * @counters: CTR: a block for each one of the data; they are overwritten
 */
struct cipher {
	enum cipher_mode mode;
	bool decrypts;
	struct slice key;
	uint8_t chain[CIPHER_BLOCK];
	uint8_t *counters;
};

/*
 * Encrypt or decrypt @length bytes, whole blocks, where they are; @cipher is
 * ready for those that follow. False when OpenSSL is out of memory.
 */
bool cipher_run(struct cipher *cipher, uint8_t *data, size_t length);

/* The XTS parameter of the first block of the data unit with @tweak. */
bool cipher_xts_parameter(struct slice key, const uint8_t tweak[CIPHER_BLOCK],
			  uint8_t parameter[CIPHER_BLOCK]);

#endif /* QEMU_CIPHER_H */
