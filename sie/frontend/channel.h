/* SPDX-License-Identifier: GPL-2.0-only */
/* The LPAR's end of the channel to its host: see PROTOCOL. */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "sie/frame.h"

struct channel {
	int fd;
	struct frame_reader reader;
	struct frame_writer writer;
};

/* Connect to the host. Report errors and return false. */
bool channel_open(struct channel *channel);

#endif /* CHANNEL_H */
