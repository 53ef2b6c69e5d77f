/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session connects the run to one VM while that lives. It passes the
 * command's streams, signals and the size of the window, and watches the time
 * and the VM.
 */
#ifndef RUN_SESSION_H
#define RUN_SESSION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "console.h"
#include "outlet.h"
#include "pump.h"
#include "sie/frame.h"
#include "vm.h"

/*
 * @boot and @run are in seconds; 0 means no limit. @terminal says which of the
 * command's streams are a terminal. @begun is called when the command begins.
 */
struct limits {
	guint64 boot, run;
	int terminal;
	void (*begun)(void *data);
	void *data;
};

struct session {
	/*
	 * Set by the caller. @name is the VM's name in messages. @stream are
	 * the command's standard streams; -1 means an empty input, or discards
	 * the output. @source receives the output instead of @stream, unless it
	 * is NULL.
	 */
	const char *name;
	struct vm *vm;
	GByteArray *order;
	struct console *console;
	const struct limits *limits;
	int stream[3];
	struct source *source[2];

	/*
	 * The result. @status is the run's exit status. @survived is false if
	 * the VM ended by itself, hangs, or violates the protocol; the console
	 * is worth reading then.
	 */
	bool over, survived;
	int status;

	/* Private to the session. */
	struct frame_reader reader;
	struct pump input, output[2];
	uint64_t expected[2];	/* bytes of output, once exited */
	bool started, exited, timed_out;
	unsigned int signals;	/* number of those sent and not confirmed */
	gint64 deadline, signal_deadline;	/* 0: none */
};

/*
 * Block the signals that sessions serve, and return the descriptor that
 * receives them, for sessions_serve(). Return -1 after a complaint. This has to
 * be called before anything is created that would be left behind if a signal
 * killed this process.
 */
int session_signals(void);

/*
 * Begin the session: the time limit of the boot starts, and @order contains the
 * first messages to the VM.
 */
void session_begin(struct session *session);

/*
 * Serve @count sessions, none of which is over, until all are over. A session
 * is over when its command has ended, or for another reason, which is reported.
 * The output of consoles is read. @outlets are the two that the sources write
 * to, or NULL. @host, which may be NULL, is a session on which the others
 * depend. It gets no signals, and need not be over when this returns.
 */
void sessions_serve(struct session *const *sessions, int count, struct session *host,
		    struct outlet *outlets, int signals);

#endif /* RUN_SESSION_H */
