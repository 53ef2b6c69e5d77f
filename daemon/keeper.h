/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps the state of a machine in a file (state.h, store.h), by a thread of its
 * own: nobody waits for the disk but the VM whose answer rests upon what is
 * being written. An answer is given when its revision is kept, so that what swcexd
 * has once answered survives it, however it ends.
 *
 * When the file cannot be written, nothing is kept, and such answers are not
 * given to VMs; the keeper tries again each second.
 */
#ifndef DAEMON_KEEPER_H
#define DAEMON_KEEPER_H

#include <pthread.h>

#include "cex/cex.h"
#include "loop.h"
#include "store.h"

struct keeper {
	struct source source;		/* ready when something was kept, or not */
	struct cex_machine *machine;
	struct state *state;
	struct store store;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	uint64_t wanted, kept;		/* revisions */
	uint64_t failed;		/* the last one that could not be kept, */
	int error;			/* and why */
	bool stopping;
	void (*tell)(void *context);
	void *context;
};

/*
 * Bring @machine to the state that is in the file @path, encrypted under the
 * key file @key, if there is one, and keep it there from now on. @tell is called
 * in the loop when more was kept, or could not be. False: the reason was logged.
 */
bool keeper_open(struct keeper *keeper, struct loop *loop,
		 struct cex_machine *machine, const char *path, const char *key,
		 void (*tell)(void *context), void *context);

/* Keep the last changes, and end: from then on there is nothing to wait for. */
void keeper_close(struct keeper *keeper);

/*
 * Whether @revision is kept; if not, it is going to be. Without a keeper (NULL)
 * there is nothing to wait for.
 */
bool keeper_has(struct keeper *keeper, uint64_t revision);

/* Why @revision could not be kept so far, an errno value; 0: it is, or may be. */
int keeper_error(struct keeper *keeper, uint64_t revision);

#endif /* DAEMON_KEEPER_H */
