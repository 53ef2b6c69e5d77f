/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state writer saves the state of a machine in a file (cex/state.h,
 * store.h). It has its own thread, so that only a VM whose answer depends on
 * what is being written waits for the disk. An answer is sent when its revision
 * is saved; therefore whatever swcexd has answered survives swcexd, however
 * that ends.
 *
 * The file is written as a whole, so a VM that changes something again and
 * again would keep the disk busy. Therefore the rate of writing is limited,
 * after a burst that may use what was not written before, and answers wait for
 * that.
 *
 * While the file cannot be written, nothing is saved, and such answers are not
 * sent to VMs; the writer tries again every second.
 */
#ifndef DAEMON_STATE_WRITER_H
#define DAEMON_STATE_WRITER_H

#include <pthread.h>

#include "cex/cex.h"
#include "allowance.h"
#include "loop.h"
#include "store.h"

#define STATE_WRITER_RATE	(INT64_C(32) << 20)	/* bytes per second */
#define STATE_WRITER_MOST	(INT64_C(256) << 20)	/* bytes at once */

struct state_writer {
	struct source source;		/* ready after each attempt to save */
	struct cex_machine *machine;
	struct state *state;
	struct store store;
	struct allowance allowance;	/* used by the thread only */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	uint64_t wanted, saved;		/* revisions */
	uint64_t failed;		/* last revision that was not saved */
	int error;			/* why it was not, -errno */
	bool stopping;
	void (*tell)(void *context);
	void *context;
};

/*
 * Load the state in the file @path, encrypted under the key file @key, into
 * @machine if the file exists, and save the state there from then on. @tell is
 * called in the loop after each attempt to save. Return 0, or -errno after the
 * reason has been logged.
 */
int state_writer_open(struct state_writer *writer, struct loop *loop,
		      struct cex_machine *machine, const char *path,
		      const char *key, void (*tell)(void *context), void *context);

/*
 * Save the last changes and stop the thread. Every revision counts as saved
 * from then on.
 */
void state_writer_close(struct state_writer *writer);

/*
 * Request that @revision be saved. This does not wait. @writer may be NULL, in
 * which case nothing is saved.
 */
void state_writer_request(struct state_writer *writer, uint64_t revision);

/* Return whether @revision is saved, or @writer is NULL. */
bool state_writer_has(struct state_writer *writer, uint64_t revision);

/*
 * Return the -errno of the last attempt if it failed to save @revision; 0 if
 * @revision is saved or has not been tried.
 */
int state_writer_error(struct state_writer *writer, uint64_t revision);

#endif /* DAEMON_STATE_WRITER_H */
