/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A session is what a run has with one VM while it lives: it passes the command's streams,
 * signals and the window's size, and watches the clock and the VM.
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
 * In seconds; 0: no limit. @terminal: which of the command's streams are one. @begun is called
 * when the command begins.
 */
struct limits {
	guint64 boot, run;
	int terminal;
	void (*begun)(void *data);
	void *data;
};

struct session {
	/* What the caller says. @name is the VM's in sentences. @stream: the command's standard
	 * streams; -1: nothing, and nowhere. @source: where output goes instead, NULL: nowhere else. */
	const char *name;
	struct vm *vm;
	GByteArray *order;
	struct console *console;
	const struct limits *limits;
	int stream[3];
	struct source *source[2];

	/* What has come of it. @status is the run's exit status; @survived is false when the VM
	 * ended by itself, hangs, or is not to be understood: its console is worth reading then. */
	bool over, survived;
	int status;

	/* The session's own. */
	struct frame_reader reader;
	struct pump input, output[2];
	uint64_t expected[2];	/* bytes of output, known when the command has ended */
	bool started, exited, timed_out;
	unsigned int signals;	/* sent and not confirmed */
	gint64 deadline, signal_deadline;	/* 0: none */
};

/*
 * Block the signals that sessions serve; their receiver is a descriptor, which sessions_serve()
 * is given. Returns -1 after a complaint. Do this before there is anything that whom a signal kills
 * would leave behind.
 */
int session_signals(void);

/* The time for the boot begins; what @order has is what the VM is told first. */
void session_begin(struct session *session);

/*
 * Serve @count sessions, none of which is over, until all are, each because its command has ended
 * or because of something else, about which a sentence is said. Their consoles are fed. @outlets
 * are those that sources lead to, two, or NULL. @host, which may be NULL, is a session that the
 * others cannot do without; it gets no signals, and need not be over at the end.
 */
void sessions_serve(struct session *const *sessions, int count, struct session *host,
		    struct outlet *outlets, int signals);

#endif /* RUN_SESSION_H */
