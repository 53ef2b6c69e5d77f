/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a VM connects to swcexd and attaches, by the first packet of the link
 * (abi/link.h) and its answer. This can be repeated.
 */
#ifndef QEMU_GREETING_H
#define QEMU_GREETING_H

#include <stddef.h>

#include "abi/link.h"

/*
 * swcexd answers within microseconds, so an answer that takes longer will not
 * come.
 */
#define GREETING_PATIENCE	10	/* seconds */

enum greeting_outcome {
	GREETING_ATTACHED,
	GREETING_NOBODY,	/* no swcexd is there, or it does not answer */
	GREETING_NOT_YET,	/* its LPAR has to attach first */
	GREETING_BUSY,		/* its place is taken */
	GREETING_REFUSED,
};

/*
 * @socket: the socket to swcexd, if attached; sends and receives on it have the
 *	same time limit
 * @changes: the memory to watch, or -1
 * @reason: if not attached, a sentence for users
 */
struct greeting {
	int socket;
	int changes;
	char reason[256];
};

enum greeting_outcome greet(struct greeting *greeting, const char *path,
			    const struct link_attach *attach);

#endif /* QEMU_GREETING_H */
