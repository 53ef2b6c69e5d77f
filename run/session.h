/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A run while its VM lives: passes the command's streams, signals and the window's size, and
 * watches the clock and the VM.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <glib.h>
#include <stdbool.h>

#include "console.h"
#include "vm.h"

/*
 * In seconds; 0: no limit. @terminal: which of the command's streams are one. @begun is called
 * when the command begins.
 */
struct limits {
	guint64 boot, run;
	int terminal;
	void (*begun)(void *data);
	void *data;
};

/*
 * Block the signals that a session serves; their receiver is a descriptor, which
 * session_serve() is given. Returns -1 after a complaint. Do this before the VM is started.
 */
int session_signals(void);

/*
 * Tell the VM what is in @order, and serve it until its command has ended, or until something
 * else ends the run, about which a sentence is said. @console is fed. Returns the run's exit
 * status. @survived is false when the VM ended by itself, hangs, or is not to be understood:
 * its console is worth reading then.
 */
int session_serve(struct vm *vm, GByteArray *order, struct console *console, int signals,
		const struct limits *limits, bool *survived);

#endif /* RUN_SESSION_H */
