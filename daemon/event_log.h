/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The event log writes what VMs do to the machine. The machine reports events
 * while it holds its lock, under which nothing may wait for a reader of the
 * log. Therefore an event is only recorded then, and the loop writes it.
 */
#ifndef DAEMON_EVENT_LOG_H
#define DAEMON_EVENT_LOG_H

#include <pthread.h>

#include "cex/cex.h"
#include "log.h"
#include "loop.h"

struct event_log {
	struct source source;		/* ready when an event was recorded */
	struct cex_machine *machine;
	pthread_mutex_t lock;
	struct cex_event events[LOG_PERIOD_LINES];
	unsigned int count;
	unsigned int left_out;		/* events beyond what the log takes */
};

/*
 * Start to log the events of @machine. Return 0, or -errno after the reason has
 * been logged.
 */
int event_log_open(struct event_log *log, struct loop *loop,
		  struct cex_machine *machine);

/* Log the events that were recorded, and stop. */
void event_log_close(struct event_log *log);

#endif /* DAEMON_EVENT_LOG_H */
