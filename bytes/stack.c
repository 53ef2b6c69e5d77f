// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <stdint.h>

#include "stack.h"

#define DEPTH	(64 * 1024)

__attribute__((noinline)) void stack_wipe(void)
{
	uint8_t below[DEPTH];

	OPENSSL_cleanse(below, sizeof(below));
}
