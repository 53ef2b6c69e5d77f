// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop serves everything, and blocks only in poll(). The command's streams
 * have sockets of their own: if one of them is not read, QEMU and the command
 * wait, and the others continue.
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

#define SECOND		(1000 * 1000)	/* in microseconds, as the clock */
#define SIGNAL_SECONDS	30	/* to confirm a signal, or the VM hangs */
#define GRACE_SECONDS	5	/* time a command has to end after --timeout */

/* The descriptors of a session that are polled */
enum watched { CONTROL, CONSOLE, IN_READ, IN_WRITE, OUT_READ, OUT_WRITE, ERR_READ, ERR_WRITE, DOORS,
	      WATCHED = DOORS + VM_CONSOLE };

static const int served[] = {
	SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGTSTP, SIGCONT, SIGWINCH, SIGCHLD,
};

/* Return whether the caller ignores the signal, as nohup(1) demands. */
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
	for (int i = 0; i < 2; i++) {
		if (session->source[i])
			source_end(session->source[i]);
	}
}

/* End the session because the VM has failed. */
static void end_badly(struct session *session, int status)
{
	session->survived = false;
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

/*
 * Pass a signal to the command. Before the command has started, a signal that
 * ends programs ends the session.
 */
static void pass_signal(struct session *session, int signal)
{
	if (signal == SIGWINCH) {
		send_window(session);
	} else if (session->started) {
		send_signal(session, signal);
	} else if (signal != SIGCONT && signal != SIGTSTP) {
		end(session, 128 + signal);
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

/* Print a sentence from the VM. It is made printable, and one line. */
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
	if (session->source[0])
		complain("%s: %s", session->name, sentence);
	else
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

static void end_misunderstood(struct session *session)
{
	complain("what %s says is not understood, so its kernel or its memory is damaged", session->name);
	end_badly(session, STATUS_VM);
}

/*
 * Serve the control port. When the VM has ended, its last frames can still be
 * read.
 */
static void serve_control(struct session *session)
{
	ssize_t length = frame_fill(&session->reader, session->vm->fd[VM_CONTROL]);
	struct frame frame;
	int there = 0;

	while (!session->over && (there = frame_take(&session->reader, &frame)) > 0) {
		if (!obey(session, &frame))
			end_misunderstood(session);
	}
	if (there < 0)
		end_misunderstood(session);
	if (!length && !session->over && !session->exited) {
		complain("%s ended by itself", session->name);
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

static void close_output(struct session *session, int i)
{
	uint8_t stream = 1 + i;

	session->output[i].to = -1;
	order_frame(session->order, RUN_OUTPUT_CLOSED, &stream, 1);
}

/*
 * Pass output to the outlet at once. So the outlet has to have room before more
 * is read.
 */
static void say_output(struct session *session, int i)
{
	struct source *source = session->source[i];
	struct pump *output = &session->output[i];

	source_say(source, output->buffer + output->start, output->end - output->start);
	output->passed += output->end - output->start;
	output->start = output->end;
	if (source->outlet->fd < 0)
		close_output(session, i);
}

/*
 * Serve an output stream. If nobody reads it any more, further output is lost,
 * and nothing else.
 */
static void serve_output(struct session *session, int i, short readable, short writable)
{
	struct pump *output = &session->output[i];

	if (readable && !pump_in(output))
		output->from = -1;
	if (pump_is_empty(output) || !(readable || writable) || output->to < 0)
		return;
	if (session->source[i])
		say_output(session, i);
	else if (!pump_out(output))
		close_output(session, i);
}

/*
 * Discard the output of a stream that nobody reads, so that the command can
 * end.
 */
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
		complain("%s hangs: it took no signal for %d s", session->name, SIGNAL_SECONDS);
		end_badly(session, STATUS_VM);
	} else if (!session->deadline || now < session->deadline) {
		return;
	} else if (!session->started) {
		complain("the command has not begun in %s after %" G_GUINT64_FORMAT " s; --boot-timeout gives it more",
			 session->name, session->limits->boot);
		end_badly(session, STATUS_TIMEOUT);
	} else if (session->timed_out) {
		end(session, STATUS_TIMEOUT);
	} else {
		complain("the command has not ended in %s after %" G_GUINT64_FORMAT " s", session->name,
			 session->limits->run);
		session->timed_out = true;
		session->deadline = in_seconds(GRACE_SECONDS);
		send_signal(session, SIGTERM);
	}
}

/* Return the earlier of two times; 0 means never. */
static gint64 sooner(gint64 one, gint64 other)
{
	return !one || (other && other < one) ? other : one;
}

static void prepare_output(const struct session *session, int i, struct pollfd *fds)
{
	const struct pump *output = &session->output[i];
	const struct source *source = session->source[i];

	fds[0] = (struct pollfd){ pump_reads(output), POLLIN, 0 };
	if (source && !outlet_has_room(source->outlet))
		fds[0].fd = -1;
	fds[1] = (struct pollfd){ source ? -1 : pump_writes(output), POLLOUT, 0 };
}

/* Prepare the descriptors for poll(), which ignores those that are -1. */
static void prepare(const struct session *session, struct pollfd *fds)
{
	const struct pump *in = &session->input;
	const struct vm *vm = session->vm;

	for (int i = 0; i < WATCHED; i++)
		fds[i].fd = -1;
	fds[CONSOLE] = (struct pollfd){ session->console->fd, POLLIN, 0 };
	if (session->over)
		return;
	if (!session->exited)
		fds[CONTROL] = (struct pollfd){ vm->fd[VM_CONTROL], POLLIN | (session->order->len ? POLLOUT : 0), 0 };
	fds[IN_READ] = (struct pollfd){ session->started ? pump_reads(in) : -1, POLLIN, 0 };
	fds[IN_WRITE] = (struct pollfd){ pump_writes(in), POLLOUT, 0 };
	prepare_output(session, 0, fds + OUT_READ);
	prepare_output(session, 1, fds + ERR_READ);
	for (int i = 0; i < VM_CONSOLE; i++)
		fds[DOORS + i] = (struct pollfd){ vm->door[i], POLLIN, 0 };
}

static void attach(struct session *session)
{
	session->input.to = session->vm->fd[VM_STDIN];
	session->output[0].from = session->vm->fd[VM_STDOUT];
	session->output[1].from = session->vm->fd[VM_STDERR];
}

static void serve_doors(struct session *session, const struct pollfd *doors)
{
	for (int i = 0; i < VM_CONSOLE; i++) {
		if (doors[i].revents) {
			vm_admit(session->vm, i);
			attach(session);
		}
	}
}

static void serve_console(struct session *session, const struct pollfd *fd)
{
	if (fd->fd >= 0 && fd->revents && !console_serve(session->console))
		session->console->fd = -1;
}

static void serve(struct session *session, const struct pollfd *fds)
{
	serve_console(session, &fds[CONSOLE]);
	if (session->over)
		return;
	serve_doors(session, fds + DOORS);
	serve_input(session, fds[IN_READ].revents, fds[IN_WRITE].revents);
	serve_output(session, 0, fds[OUT_READ].revents, fds[OUT_WRITE].revents);
	serve_output(session, 1, fds[ERR_READ].revents, fds[ERR_WRITE].revents);
	discard(&session->output[0]);
	discard(&session->output[1]);
	if (fds[CONTROL].revents & (POLLIN | POLLHUP | POLLERR))
		serve_control(session);
	if (fds[CONTROL].revents & POLLOUT)
		flush_order(session);
	look_at_clock(session);
	if (session->exited && is_drained(session, 0) && is_drained(session, 1))
		end(session, session->timed_out ? STATUS_TIMEOUT : session->status);
}

void session_begin(struct session *session)
{
	session->survived = true;
	session->input.from = session->stream[0];
	session->input.chunk = sizeof(session->input.buffer);
	for (int i = 0; i < 2; i++) {
		session->output[i].to = session->stream[1 + i];
		session->output[i].chunk = PIPE_BUF;
	}
	attach(session);
	session->deadline = session->limits->boot ? in_seconds(session->limits->boot) : 0;
	if (session->stream[0] < 0)
		tell_input_end(session);
	send_window(session);
}

/* The state of the loop that serves sessions */
struct loop {
	struct session *const *sessions;
	int count;
	struct session *host;
	struct outlet *outlets;
	int signals;
	bool interrupted;	/* by a signal after all sessions were over */
};

static bool all_over(const struct loop *loop)
{
	for (int i = 0; i < loop->count; i++) {
		if (!loop->sessions[i]->over)
			return false;
	}
	return true;
}

static bool all_said(const struct loop *loop)
{
	return !loop->outlets || loop->interrupted ||
	       !(loop->outlets[0].waiting->len || loop->outlets[1].waiting->len);
}

static void reap(const struct loop *loop)
{
	struct vm *vm = loop->host ? loop->host->vm : loop->sessions[0]->vm;
	int how;

	if (vm->qemu > 0 && waitpid(vm->qemu, &how, WNOHANG) == vm->qemu)
		vm->qemu = 0;
}

static void pass_to_all(struct loop *loop, int signal)
{
	loop->interrupted = all_over(loop);
	for (int i = 0; i < loop->count; i++) {
		if (!loop->sessions[i]->over)
			pass_signal(loop->sessions[i], signal);
	}
	if (signal == SIGTSTP)
		raise(SIGSTOP);
}

static void serve_signals(struct loop *loop)
{
	struct signalfd_siginfo info;

	while (read(loop->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			reap(loop);
		else
			pass_to_all(loop, info.ssi_signo);
	}
}

/* Return the time limit of poll(), in milliseconds. */
static int patience(const struct loop *loop)
{
	gint64 first = 0, left;

	for (int i = 0; i < loop->count; i++) {
		if (!loop->sessions[i]->over)
			first = sooner(sooner(first, loop->sessions[i]->deadline),
				       loop->sessions[i]->signal_deadline);
	}
	if (!first)
		return -1;
	left = (first - g_get_monotonic_time()) / 1000 + 1;
	return CLAMP(left, 0, INT_MAX);
}

/*
 * End the sessions that depend on the host. Those whose command has ended
 * before only pass on the rest of its output, and continue.
 */
static void end_without_host(struct loop *loop)
{
	for (int i = 0; i < loop->count; i++) {
		if (!loop->sessions[i]->over && !loop->sessions[i]->exited)
			end_badly(loop->sessions[i], STATUS_OURS);
	}
}

static struct pollfd outlet_poll(const struct loop *loop, int i)
{
	const struct outlet *outlet = loop->outlets ? &loop->outlets[i] : NULL;

	return (struct pollfd){ outlet && outlet->waiting->len ? outlet->fd : -1, POLLOUT, 0 };
}

static void turn(struct loop *loop, struct pollfd *fds)
{
	struct pollfd *common = fds + loop->count * WATCHED, *host = common + 3;
	int all = loop->count * WATCHED + 3 + (loop->host ? WATCHED : 0);

	for (int i = 0; i < loop->count; i++)
		prepare(loop->sessions[i], fds + i * WATCHED);
	common[0] = (struct pollfd){ loop->signals, POLLIN, 0 };
	common[1] = outlet_poll(loop, 0);
	common[2] = outlet_poll(loop, 1);
	if (loop->host)
		prepare(loop->host, host);
	if (poll(fds, all, patience(loop)) < 0)
		return;
	if (common[0].revents)
		serve_signals(loop);
	for (int i = 0; i < loop->count; i++)
		serve(loop->sessions[i], fds + i * WATCHED);
	for (int i = 0; i < 2; i++) {
		if (common[1 + i].revents)
			outlet_out(&loop->outlets[i]);
	}
	if (loop->host)
		serve(loop->host, host);
	if (loop->host && loop->host->over)
		end_without_host(loop);
}

void sessions_serve(struct session *const *sessions, int count, struct session *host,
		    struct outlet *outlets, int signals)
{
	struct loop loop = { sessions, count, host, outlets, signals, false };
	g_autofree struct pollfd *fds = g_new0(struct pollfd, (count + 1) * WATCHED + 3);

	while (!all_over(&loop) || !all_said(&loop))
		turn(&loop, fds);
	terminal_give_back();
	for (int i = 0; i < count; i++)
		console_serve(sessions[i]->console);
}
