/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said about a guest while it runs. */
#ifndef SESSION_H
#define SESSION_H

#include "sie/frame.h"
#include "guest.h"

/* The connection to the LPAR. */
struct channel {
	int in, out;
	struct frame_reader reader;
	struct frame_writer writer;
};

/*
 * Pass bytes between the LPAR and guest @name until the guest has ended, and tell
 * the LPAR its exit status. The guest is killed when the LPAR says so, breaks
 * the protocol or goes away.
 */
void session_run(struct channel *channel, struct guest *guest, const char *run,
		 const char *name);

#endif /* SESSION_H */
