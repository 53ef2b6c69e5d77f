/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's end of the connection to the LPAR: see PROTOCOL. */
#ifndef HOST_CHANNEL_H
#define HOST_CHANNEL_H

#include <stdbool.h>

#include "sie/frame.h"

/* @in and @out are non-blocking. */
struct channel {
	int in, out;
	struct frame_reader reader;
	struct frame_writer writer;
};

/* Initialize the channel with two descriptors, which may be the same. */
void channel_open(struct channel *channel, int in, int out);

/*
 * Wait for a frame, for at most @ms milliseconds. Return false with errno set:
 * ETIMEDOUT, EPROTO, or ECONNRESET at the end of the connection.
 */
bool channel_receive(struct channel *channel, struct frame *frame, int ms);

/*
 * Send a frame within @ms milliseconds. The errors are those of
 * channel_receive().
 */
bool channel_send(struct channel *channel, enum frame_type type, const void *payload,
		  size_t length, int ms);

#endif /* HOST_CHANNEL_H */
