/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's event loop: one thread that waits for descriptors.
 *
 * Events are taken from the kernel one at a time. So a source may free any
 * other source, no event of a freed one is ever delivered, and a busy
 * descriptor stands behind the others each time it was served.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop {
	int epoll;
	bool stopping;
};

/* Embedded in what owns the descriptor. */
struct source {
	int fd;
	void (*ready)(struct source *source);
};

bool loop_open(struct loop *loop);
void loop_close(struct loop *loop);

/* Wait for EPOLLIN or EPOLLOUT in @events; or for others from now on. */
bool loop_add(struct loop *loop, struct source *source, uint32_t events);
bool loop_change(struct loop *loop, struct source *source, uint32_t events);

/* Until loop_stop(). False: the reason was logged. */
bool loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif /* DAEMON_LOOP_H */
