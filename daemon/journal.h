/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Has the log tell what VMs do to the machine. The machine tells it while its
 * lock is held, when nothing may wait for whoever reads the log: so it is noted,
 * and written by the loop.
 */
#ifndef DAEMON_JOURNAL_H
#define DAEMON_JOURNAL_H

#include <pthread.h>

#include "cex/cex.h"
#include "log.h"
#include "loop.h"

struct journal {
	struct source source;		/* ready when something was noted */
	struct cex_machine *machine;
	pthread_mutex_t lock;
	struct cex_event events[LOG_PERIOD_LINES];
	unsigned int count;
	unsigned int left_out;		/* more than the log would take */
};

/* False: the reason was logged. */
bool journal_open(struct journal *journal, struct loop *loop,
		  struct cex_machine *machine);

/* Log the rest, and end. */
void journal_close(struct journal *journal);

#endif /* DAEMON_JOURNAL_H */
