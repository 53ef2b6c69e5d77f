/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AES as CPACF's instructions compute it, for a run of whole blocks at a time.
 * The state between two runs is passed in and out. OpenSSL does the
 * computation.
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
 * @chain: CBC: the chaining value. XTS: the parameter that masks the first
 *	block, which cipher_xts_parameter() makes
 * @counters: CTR: a block for each block of the data; they are overwritten
 */
struct cipher {
	enum cipher_mode mode;
	bool decrypts;
	struct slice key;
	uint8_t chain[CIPHER_BLOCK];
	uint8_t *counters;
};

/*
 * Encrypt or decrypt @length bytes, which are whole blocks, in place. @cipher
 * is then ready for the blocks that follow. Return false if OpenSSL has no
 * memory.
 */
bool cipher_run(struct cipher *cipher, uint8_t *data, size_t length);

/*
 * Compute the XTS parameter of the first block of the data unit with @tweak.
 * Return false if OpenSSL has no memory.
 */
bool cipher_xts_parameter(struct slice key, const uint8_t tweak[CIPHER_BLOCK],
			  uint8_t parameter[CIPHER_BLOCK]);

#endif /* QEMU_CIPHER_H */
