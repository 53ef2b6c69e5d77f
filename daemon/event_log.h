/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Has the log tell what VMs do to the machine. The machine tells it while its
 * lock is held, when nothing may wait for whoever reads the log: so it is noted,
 * and written by the loop.
 */
#ifndef DAEMON_EVENT_LOG_H
#define DAEMON_EVENT_LOG_H

#include <pthread.h>

#include "cex/cex.h"
#include "log.h"
#include "loop.h"

struct event_log {
	struct source source;		/* ready when something was noted */
	struct cex_machine *machine;
	pthread_mutex_t lock;
	struct cex_event events[LOG_PERIOD_LINES];
	unsigned int count;
	unsigned int left_out;		/* more than the log would take */
};

/* Returns 0, or -errno when the reason was logged. */
int event_log_open(struct event_log *log, struct loop *loop,
		  struct cex_machine *machine);

/* Log the rest, and end. */
void event_log_close(struct event_log *log);

#endif /* DAEMON_EVENT_LOG_H */
