/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's event loop: one thread that waits for descriptors.
 *
 * Events are taken from the kernel one at a time. So a source may free any
 * other source, no event of a freed one is ever delivered, and a busy
 * descriptor stands behind the others each time it was served.
 *
 * A loop within another one is a source of that: all that is in it has one turn
 * in the other's round, however much there is.
 *
 * Functions that can fail return 0 or -errno, and have logged the reason.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* Embedded in what owns the descriptor. */
struct source {
	int fd;
	void (*ready)(struct source *source);
};

/* @source: the descriptor that its events are taken from */
struct loop {
	struct source source;
	bool stopping;
};

int loop_open(struct loop *loop);
int loop_open_within(struct loop *loop, struct loop *outer);
void loop_close(struct loop *loop);

/* Wait for EPOLLIN or EPOLLOUT in @events; or for others from now on. */
int loop_add(struct loop *loop, struct source *source, uint32_t events);
int loop_change(struct loop *loop, struct source *source, uint32_t events);

/* Wait for nothing of @source any more, if there was anything to wait for. */
void loop_remove(struct loop *loop, struct source *source);

/* Serve sources until loop_stop(). */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif /* DAEMON_LOOP_H */
