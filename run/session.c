// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop serves everything, and waits in poll() alone. The command's streams are sockets of
 * their own: while nobody takes one of them, QEMU and the command wait, and the rest goes on.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "session.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "order.h"
#include "protocol.h"
#include "pump.h"
#include "sie/frame.h"
#include "status.h"
#include "terminal.h"

#define SECOND		(1000 * 1000)	/* in microseconds, the clock's unit */
#define SIGNAL_SECONDS	30	/* a VM that does not say within them that a signal was sent hangs */
#define GRACE_SECONDS	5	/* what a command has to end after --timeout */

struct session {
	struct vm *vm;
	struct console *console;
	GByteArray *order;
	const struct limits *limits;
	struct frame_reader reader;
	struct pump input, output[2];
	uint64_t expected[2];	/* bytes of output, known when the command has ended */
	bool started, exited, timed_out, over, input_told;
	bool *survived;
	int status;
	unsigned int signals;	/* sent and not confirmed */
	gint64 deadline, signal_deadline;	/* 0: none */
};

static const int served[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH, SIGCHLD,
};

/* nohup(1) and the like want it so. */
static bool is_ignored(int signal)
{
	struct sigaction action;

	return !sigaction(signal, NULL, &action) && action.sa_handler == SIG_IGN;
}

int session_signals(void)
{
	sigset_t set;
	int fd;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	for (size_t i = 0; i < G_N_ELEMENTS(served); i++) {
		if (served[i] != SIGHUP || !is_ignored(SIGHUP))
			sigaddset(&set, served[i]);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		complain("no descriptor for signals: %s", strerror(errno));
	return fd;
}

static gint64 in_seconds(guint64 seconds)
{
	return g_get_monotonic_time() + (gint64)seconds * SECOND;
}

static void end(struct session *session, int status)
{
	session->over = true;
	session->status = status;
}

/* The same for a VM that is not as it should be. */
static void end_badly(struct session *session, int status)
{
	*session->survived = false;
	end(session, status);
}

static void send_signal(struct session *session, int signal)
{
	uint8_t payload = signal;

	order_frame(session->order, RUN_SIGNAL, &payload, 1);
	if (!session->signals++)
		session->signal_deadline = in_seconds(SIGNAL_SECONDS);
}

static void send_window(struct session *session)
{
	uint8_t payload[4];

	if (terminal_window(payload))
		order_frame(session->order, RUN_WINDOW, payload, sizeof(payload));
}

/* Before there is a command, a signal that ends programs ends this one. */
static void pass_signal(struct session *session, int signal)
{
	if (signal == SIGWINCH) {
		send_window(session);
	} else if (signal == SIGTSTP) {
		if (session->started)
			send_signal(session, signal);
		raise(SIGSTOP);
	} else if (session->started) {
		send_signal(session, signal);
	} else if (signal != SIGCONT) {
		end(session, 128 + signal);
	}
}

static void serve_signals(struct session *session, int fd)
{
	struct signalfd_siginfo info;
	int how;

	while (read(fd, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo != SIGCHLD)
			pass_signal(session, info.ssi_signo);
		else if (waitpid(session->vm->qemu, &how, WNOHANG) == session->vm->qemu)
			session->vm->qemu = 0;
	}
}

static void start(struct session *session)
{
	session->started = true;
	session->deadline = session->limits->run ? in_seconds(session->limits->run) : 0;
	session->limits->begun(session->limits->data);
	if (session->limits->terminal & 1)
		terminal_take();
}

static bool take_exit(struct session *session, const struct frame *frame)
{
	uint64_t passed[2];

	if (frame->length != 1 + sizeof(passed))
		return false;
	memcpy(passed, frame->payload + 1, sizeof(passed));
	for (int i = 0; i < 2; i++)
		session->expected[i] = be64toh(passed[i]);
	session->status = frame->payload[0];
	session->exited = true;
	return true;
}

/* A sentence from the VM: printable, and one line. */
static bool take_refusal(struct session *session, const struct frame *frame)
{
	g_autofree char *sentence = NULL;

	if (frame->length < 2 || session->started)
		return false;
	sentence = g_strndup((const char *)frame->payload + 1, frame->length - 1);
	for (char *p = sentence; *p; p++) {
		if (g_ascii_iscntrl(*p))
			*p = '?';
	}
	complain("%s", sentence);
	if (frame->payload[0] == STATUS_OURS)
		end_badly(session, STATUS_OURS);
	else
		end(session, frame->payload[0]);
	return true;
}

static bool obey(struct session *session, const struct frame *frame)
{
	switch (frame->type) {
	case RUN_STARTED:
		if (session->started)
			return false;
		start(session);
		return true;
	case RUN_SIGNALLED:
		if (!session->signals)
			return false;
		session->signals--;
		session->signal_deadline = session->signals ? in_seconds(SIGNAL_SECONDS) : 0;
		return true;
	case RUN_REFUSED:
		return take_refusal(session, frame);
	case RUN_EXIT:
		return session->started && !session->exited && take_exit(session, frame);
	default:
		return false;
	}
}

/* When the VM ends, its last frames are still there to be read. */
static void serve_control(struct session *session)
{
	ssize_t length = frame_fill(&session->reader, session->vm->fd[VM_CONTROL]);
	struct frame frame;
	int there = 0;

	while (!session->over && (there = frame_take(&session->reader, &frame)) > 0) {
		if (obey(session, &frame))
			continue;
		complain("what the VM says is not understood, so its kernel or its memory is damaged");
		end_badly(session, STATUS_VM);
	}
	if (there < 0) {
		complain("what the VM says is not understood, so its kernel or its memory is damaged");
		end_badly(session, STATUS_VM);
	}
	if (!length && !session->over && !session->exited) {
		complain("the VM ended by itself");
		end_badly(session, STATUS_VM);
	}
}

static void flush_order(struct session *session)
{
	ssize_t length = send(session->vm->fd[VM_CONTROL], session->order->data, session->order->len,
			      MSG_NOSIGNAL);

	if (length > 0)
		g_byte_array_remove_range(session->order, 0, length);
}

static void tell_input_end(struct session *session)
{
	uint64_t length = htobe64(session->input.taken);

	session->input.from = -1;
	session->input_told = true;
	order_frame(session->order, RUN_INPUT_END, &length, sizeof(length));
}

static void serve_input(struct session *session, short readable, short writable)
{
	struct pump *input = &session->input;

	if (readable && !pump_in(input))
		tell_input_end(session);
	if (!pump_is_empty(input) && (readable || writable) && !pump_out(input))
		input->from = input->to = -1;
}

/* When nobody reads any more, what the command still says is lost, and nothing else. */
static void serve_output(struct session *session, int i, short readable, short writable)
{
	struct pump *output = &session->output[i];
	uint8_t stream = 1 + i;

	if (readable && !pump_in(output))
		output->from = -1;
	if (pump_is_empty(output) || !(readable || writable) || output->to < 0)
		return;
	if (!pump_out(output)) {
		output->to = -1;
		order_frame(session->order, RUN_OUTPUT_CLOSED, &stream, 1);
	}
}

/* A stream that nobody takes is read all the same, so that the command can end. */
static void discard(struct pump *output)
{
	if (output->to < 0) {
		output->passed += output->end - output->start;
		output->start = output->end;
	}
}

static bool is_drained(const struct session *session, int i)
{
	const struct pump *output = &session->output[i];

	return output->from < 0 ? pump_is_empty(output) : output->passed >= session->expected[i];
}

static void look_at_clock(struct session *session)
{
	gint64 now = g_get_monotonic_time();

	if (session->signal_deadline && now >= session->signal_deadline) {
		complain("the VM hangs: it took no signal for %d s", SIGNAL_SECONDS);
		end_badly(session, STATUS_VM);
	} else if (!session->deadline || now < session->deadline) {
		return;
	} else if (!session->started) {
		complain("the command has not begun after %" G_GUINT64_FORMAT " s; --boot-timeout gives it more",
			 session->limits->boot);
		end_badly(session, STATUS_TIMEOUT);
	} else if (session->timed_out) {
		end(session, STATUS_TIMEOUT);
	} else {
		complain("the command has not ended after %" G_GUINT64_FORMAT " s", session->limits->run);
		session->timed_out = true;
		session->deadline = in_seconds(GRACE_SECONDS);
		send_signal(session, SIGTERM);
	}
}

/* In milliseconds, for poll(). */
static int patience(const struct session *session)
{
	gint64 first = session->deadline, left;

	if (session->signal_deadline && (!first || session->signal_deadline < first))
		first = session->signal_deadline;
	if (!first)
		return -1;
	left = (first - g_get_monotonic_time()) / 1000 + 1;
	return CLAMP(left, 0, INT_MAX);
}

static void serve(struct session *session, int signals)
{
	struct pump *in = &session->input, *out = &session->output[0], *err = &session->output[1];
	struct pollfd fds[] = {
		{ session->exited ? -1 : session->vm->fd[VM_CONTROL], POLLIN | (session->order->len ? POLLOUT : 0), 0 },
		{ signals, POLLIN, 0 },
		{ session->console->fd, POLLIN, 0 },
		{ session->started ? pump_reads(in) : -1, POLLIN, 0 },
		{ pump_writes(in), POLLOUT, 0 },
		{ pump_reads(out), POLLIN, 0 },
		{ pump_writes(out), POLLOUT, 0 },
		{ pump_reads(err), POLLIN, 0 },
		{ pump_writes(err), POLLOUT, 0 },
	};

	if (poll(fds, G_N_ELEMENTS(fds), patience(session)) < 0)
		return;
	if (fds[1].revents)
		serve_signals(session, signals);
	if (fds[2].revents && !console_serve(session->console))
		session->console->fd = -1;
	serve_input(session, fds[3].revents, fds[4].revents);
	serve_output(session, 0, fds[5].revents, fds[6].revents);
	serve_output(session, 1, fds[7].revents, fds[8].revents);
	discard(out);
	discard(err);
	if (fds[0].revents & (POLLIN | POLLHUP | POLLERR))
		serve_control(session);
	if (fds[0].revents & POLLOUT)
		flush_order(session);
	look_at_clock(session);
	if (session->exited && is_drained(session, 0) && is_drained(session, 1))
		end(session, session->timed_out ? STATUS_TIMEOUT : session->status);
}

int session_serve(struct vm *vm, GByteArray *order, struct console *console, int signals,
		const struct limits *limits, bool *survived)
{
	struct session *session = g_new0(struct session, 1);
	int status;

	*survived = true;
	*session = (struct session){
		.vm = vm, .order = order, .console = console, .limits = limits, .survived = survived,
		.input = { .from = STDIN_FILENO, .to = vm->fd[VM_STDIN], .chunk = 65536 },
		.output = {
			{ .from = vm->fd[VM_STDOUT], .to = STDOUT_FILENO, .chunk = PIPE_BUF },
			{ .from = vm->fd[VM_STDERR], .to = STDERR_FILENO, .chunk = PIPE_BUF },
		},
		.deadline = limits->boot ? in_seconds(limits->boot) : 0,
	};
	send_window(session);
	while (!session->over)
		serve(session, signals);
	terminal_give_back();
	console_serve(console);
	status = session->status;
	g_free(session);
	return status;
}
