/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a VM connects to swcexd and attaches: the first packet of the link
 * (abi/link.h) and its answer. It can be repeated.
 */
#ifndef QEMU_GREETING_H
#define QEMU_GREETING_H

#include <stddef.h>

#include "abi/link.h"

/* swcexd answers in microseconds; what takes longer than this is not coming. */
#define GREETING_PATIENCE	10	/* seconds */

enum greeting_outcome {
	GREETING_ATTACHED,
	GREETING_NOBODY,	/* no swcexd is there, or it does not answer */
	GREETING_NOT_YET,	/* its LPAR has to come first */
	GREETING_BUSY,		/* its place is taken */
	GREETING_REFUSED,
};

/*
 * @socket: to swcexd, when attached; sending and receiving on it time out likewise
 * @changes: the memory to watch, or -1
 * @reason: otherwise, a sentence for people
 */
struct greeting {
	int socket;
	int changes;
	char reason[256];
};

enum greeting_outcome greet(struct greeting *greeting, const char *path,
			    const struct link_attach *attach);

#endif /* QEMU_GREETING_H */
