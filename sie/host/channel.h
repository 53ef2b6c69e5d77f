/* SPDX-License-Identifier: GPL-2.0-only */
/* The host's end of the connection to the LPAR: see PROTOCOL. */
#ifndef HOST_CHANNEL_H
#define HOST_CHANNEL_H

#include <stdbool.h>

#include "sie/frame.h"

/* @in and @out do not block. */
struct channel {
	int in, out;
	struct frame_reader reader;
	struct frame_writer writer;
};

/* Make the channel of two descriptors, which may be one. */
void channel_open(struct channel *channel, int in, int out);

/*
 * Wait for a frame, @ms milliseconds at most. Returns false with errno: ETIMEDOUT,
 * EPROTO, ECONNRESET at the end of the connection.
 */
bool channel_receive(struct channel *channel, struct frame *frame, int ms);

/* Send a frame. The same errors. */
bool channel_send(struct channel *channel, enum frame_type type, const void *payload,
		  size_t length, int ms);

#endif /* HOST_CHANNEL_H */
