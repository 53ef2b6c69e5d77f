/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's event loop: one thread that waits for descriptors.
 *
 * Events are taken from the kernel one at a time. Therefore a source may free
 * any other source, no event is delivered to a source that was freed, and a
 * busy descriptor queues behind the others each time it has been served.
 *
 * A loop may be a source of another loop. All sources in it together take one
 * turn in a round of the outer loop, however many they are.
 *
 * Functions that return int return 0, or -errno after they have logged the
 * reason.
 */
#ifndef DAEMON_LOOP_H
#define DAEMON_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * A source is embedded in the structure that owns the descriptor. @ready is
 * called in the loop when one of the awaited events has occurred.
 */
struct source {
	int fd;
	void (*ready)(struct source *source);
};

/* @source: the descriptor of the loop itself */
struct loop {
	struct source source;
	bool stopping;
};

int loop_open(struct loop *loop);
int loop_open_within(struct loop *loop, struct loop *outer);
void loop_close(struct loop *loop);

/*
 * loop_add() waits for @events (EPOLLIN, EPOLLOUT) of @source, which must
 * outlive that; loop_change() waits for other events instead.
 */
int loop_add(struct loop *loop, struct source *source, uint32_t events);
int loop_change(struct loop *loop, struct source *source, uint32_t events);

/* Stop waiting for events of @source. It need not have been added. */
void loop_remove(struct loop *loop, struct source *source);

/* Serve sources until loop_stop() is called or an error occurs. */
int loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif /* DAEMON_LOOP_H */
