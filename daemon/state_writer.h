/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Saves the state of a machine in a file (state.h, store.h), by a thread of its
 * own: nobody waits for the disk but the VM whose answer rests upon what is
 * being written. An answer is given when its revision is saved, so that what swcexd
 * has once answered survives it, however it ends.
 *
 * The file is written as a whole, so that a VM which changes something again and
 * again would have the disk write without end: what is written in a second is
 * limited, beyond what was not written before, and answers wait for that.
 *
 * When the file cannot be written, nothing is saved, and such answers are not
 * given to VMs; the writer tries again each second.
 */
#ifndef DAEMON_STATE_WRITER_H
#define DAEMON_STATE_WRITER_H

#include <pthread.h>

#include "cex/cex.h"
#include "allowance.h"
#include "loop.h"
#include "store.h"

#define STATE_WRITER_RATE	(INT64_C(32) << 20)	/* bytes in a second */
#define STATE_WRITER_MOST	(INT64_C(256) << 20)	/* and at once */

struct state_writer {
	struct source source;		/* ready when something was saved, or not */
	struct cex_machine *machine;
	struct state *state;
	struct store store;
	struct allowance allowance;	/* the thread's own */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	uint64_t wanted, saved;		/* revisions */
	uint64_t failed;		/* the last one that could not be saved, */
	int error;			/* and why */
	bool stopping;
	void (*tell)(void *context);
	void *context;
};

/*
 * Bring @machine to the state that is in the file @path, encrypted under the
 * key file @key, if there is one, and keep it there from now on. @tell is called
 * in the loop when more was saved, or could not be. Returns 0, or -errno when the
 * reason was logged.
 */
int state_writer_open(struct state_writer *writer, struct loop *loop,
		      struct cex_machine *machine, const char *path,
		      const char *key, void (*tell)(void *context), void *context);

/* Save the last changes, and end: from then on there is nothing to wait for. */
void state_writer_close(struct state_writer *writer);

/* Have @revision saved, soon. Without a writer (NULL) nothing is saved. */
void state_writer_request(struct state_writer *writer, uint64_t revision);

/* Whether @revision is saved. Without a writer there is nothing to wait for. */
bool state_writer_has(struct state_writer *writer, uint64_t revision);

/* Why @revision could not be saved so far, an errno value; 0: it is, or may be. */
int state_writer_error(struct state_writer *writer, uint64_t revision);

#endif /* DAEMON_STATE_WRITER_H */
