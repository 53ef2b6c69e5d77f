// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "attachment.h"

#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "attachment_state.h"
#include "backlog.h"
#include "greeting.h"
#include "taking.h"
#include "watch.h"

/* Time between two attempts to find swcexd, in microseconds */
#define SEEK_OFTEN	20000
#define SEEK_SELDOM	500000

/* Time after which swcexd is told what the VM has taken, in milliseconds */
#define TICK		10

/*
 * @patience: how long an instruction waits for swcexd, in microseconds
 * @lock: held for a question with its answer, and for changes that follow from
 *	it
 * @changed: signalled when @state changes
 * @connection: the last connection, which only stay_attached() closes
 * @interrupts: the VM is interrupted, for which swcexd has to share memory with
 *	it
 * @why: unless attached, what keeps the VM from swcexd, for users
 * @backlog: of an LPAR, else NULL
 * @takes: an eventfd that tells stay_attached() to tick
 * @ticks: whether it ticks: it soon tells swcexd what the VM has taken
 * @has_taken: whether the VM has taken a reply since the last tick
 */
struct attachment {
	struct machine machine;
	const char *path;
	gint64 patience;
	GMutex lock;
	GCond changed;
	enum attachment_state state;
	struct link_attach attach;
	bool interrupts;
	int connection;
	char why[256];
	struct backlog *backlog;
	struct watch watch;
	struct taking taking;
	int takes;
	bool ticks;
	bool has_taken;
};

static bool ask(int sock, const struct ap_command *command, const void *in)
{
	struct iovec parts[] = {
		{ (void *)command, sizeof(*command) },
		{ (void *)in, command->length },
	};
	const struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };

	return TEMP_FAILURE_RETRY(sendmsg(sock, &packet, MSG_NOSIGNAL)) ==
	       (ssize_t)(sizeof(*command) + command->length);
}

static bool hear(int sock, struct ap_result *result, void *out)
{
	struct iovec parts[] = {
		{ result, sizeof(*result) },
		{ out, AP_MESSAGE_MAX },
	};
	struct msghdr packet = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t size = TEMP_FAILURE_RETRY(recvmsg(sock, &packet, 0));

	return size >= (ssize_t)sizeof(*result) &&
	       result->length == (size_t)size - sizeof(*result);
}

/* Give the answer of a machine that has no adapters and no guests. */
static void answer_empty(const struct ap_command *command,
			 struct ap_result *result, void *out)
{
	static const struct ap_qci nothing = {
		.flags = { AP_QCI_MACHINE },
		.na = AP_ADAPTERS - 1,
		.nd = AP_DOMAINS - 1,
	};

	memset(result, 0, sizeof(*result));
	if (command->op == AP_OP_QCI) {
		result->length = sizeof(nothing);
		memcpy(out, &nothing, sizeof(nothing));
		return;
	}
	result->status = AP_STATUS_OF_RC(AP_RC_Q_NOT_AVAIL);
	if (command->op > AP_OP_GUEST_CREATE)
		result->value = ENODEV;
}

static uint64_t now(void)
{
	return g_get_monotonic_time() * UINT64_C(1000);
}

/* Send one question and receive its answer. The caller holds the lock. */
static bool ask_and_hear(struct attachment *a, const struct ap_command *command,
		     const void *in, struct ap_result *result, void *out)
{
	struct ap_command said = *command;

	said.taken = a->taking.taken;
	errno = 0;
	if (!ask(a->connection, &said, in) || !hear(a->connection, result, out))
		return false;
	taking_said(&a->taking, now());
	return true;
}

/*
 * Take a reply from the shelf. The first one in a while has stay_attached()
 * tick.
 */
static bool take_reply(struct attachment *a, const struct ap_command *command,
		       uint64_t time, struct ap_result *result, void *out)
{
	if (!taking_answer(&a->taking, command, time, result, out))
		return false;
	a->has_taken |= a->taking.taken != 0;
	if (a->has_taken && !a->ticks)
		a->ticks = !eventfd_write(a->takes, 1);
	return true;
}

/*
 * Answer one question, from the shared memory or by swcexd. The caller holds the
 * lock.
 */
static bool converse(struct attachment *a, const struct ap_command *command,
		     const void *in, struct ap_result *result, void *out)
{
	uint64_t time = now();

	if (watch_answer(&a->watch, command, time, result))
		return true;
	watch_before(&a->watch, command, time);
	if (!take_reply(a, command, time, result, out) &&
	    !ask_and_hear(a, command, in, result, out))
		return false;
	watch_after(&a->watch, command, result);
	return true;
}

/* The caller holds the lock here and below, unless stated otherwise. */
static void __attribute__((format(printf, 2, 3)))
explain(struct attachment *a, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(a->why, sizeof(a->why), format, args);
	va_end(args);
}

static void happen(struct attachment *a, enum attachment_event event)
{
	enum attachment_state before = a->state;

	a->state = attachment_after(before, event);
	if (attachment_is_without(a->state) && !attachment_is_without(before))
		fprintf(stderr, "swcex.so: the VM goes on without adapters: %s\n",
			a->why);
	if (a->state != before)
		g_cond_broadcast(&a->changed);
}

/*
 * Wait until the VM is attached or refused, or the deadline has passed. Return
 * whether it is attached.
 */
static bool await_attachment(struct attachment *a, gint64 deadline)
{
	while (attachment_is_awaited(a->state))
		if (!g_cond_wait_until(&a->changed, &a->lock, deadline))
			happen(a, ATTACHMENT_WAITED);
	return a->state == ATTACHMENT_ATTACHED;
}

/*
 * Shut down a connection that has ended, or that is to end for the reason in
 * @errno. stay_attached() closes it.
 */
static void disconnect(struct attachment *a)
{
	bool silent = errno == EAGAIN;

	if (silent)
		explain(a, "link=%s: swcexd has not answered for %d seconds; should it hang, end it and start it again",
			a->path, GREETING_PATIENCE);
	else
		explain(a, "link=%s: swcexd has ended the connection; should it have ended, start it again",
			a->path);
	shutdown(a->connection, SHUT_RDWR);
	watch_close(&a->watch);
	taking_close(&a->taking);
	happen(a, silent ? ATTACHMENT_SILENT : ATTACHMENT_ENDED);
}

/*
 * Store the command if swcexd is to be told of it later. Return false if not. A
 * VM that swcexd has refused has no guests.
 */
static bool keep(struct attachment *a, const struct ap_command *command,
		 const void *in)
{
	return a->backlog && a->state != ATTACHMENT_REFUSED &&
	       backlog_keep(a->backlog, command, in);
}

/* Note that a reset has happened, even if swcexd is told later. */
static void expect_reset(struct attachment *a, const struct ap_command *command)
{
	if (command->op == AP_OP_RESET)
		a->attach.flags = LINK_RESET;
}

/* Note what another swcexd has to be told. */
static void remember(struct attachment *a, const struct ap_command *command,
		     const struct ap_result *result)
{
	if (command->op == AP_OP_RESET)
		a->attach.flags &= ~LINK_RESET;
	if (command->op != AP_OP_GUEST_LISTEN || result->value)
		return;
	a->attach.flags &= ~LINK_LISTENS;
	if (command->arg[0])
		a->attach.flags |= LINK_LISTENS;
}

/*
 * Treat a repeated command as successful if it was executed before its answer
 * was lost.
 */
static void accept_repetition(const struct ap_command *command,
			      struct ap_result *result)
{
	if (command->op == AP_OP_GUEST_DESTROY && result->value == ENOENT)
		result->value = 0;
}

static void attachment_execute(struct machine *machine,
			       const struct ap_command *command, const void *in,
			       struct ap_result *result, void *out)
{
	struct attachment *a = container_of(machine, struct attachment, machine);
	gint64 deadline = g_get_monotonic_time() + a->patience;
	bool answered = false, repeated = false, kept = false;

	g_mutex_lock(&a->lock);
	expect_reset(a, command);
	while (!answered && await_attachment(a, deadline)) {
		answered = converse(a, command, in, result, out);
		if (answered && repeated)
			accept_repetition(command, result);
		if (!answered)
			disconnect(a);
		repeated = true;
	}
	if (answered)
		remember(a, command, result);
	else
		kept = keep(a, command, in);
	g_mutex_unlock(&a->lock);
	if (kept)
		memset(result, 0, sizeof(*result));
	else if (!answered)
		answer_empty(command, result, out);
}

/*
 * Use the connection of @greeting. Return false, and close it, if swcexd shares
 * no memory and the VM needs it for interruptions.
 */
static bool take(struct attachment *a, const struct greeting *greeting)
{
	if (greeting->changes >= 0)
		watch_open(&a->watch, greeting->changes);
	if (a->interrupts && !a->watch.changes) {
		explain(a, "link=%s: swcexd shares no memory with this VM, which it needs for interruptions; see swcexd's log, or give interrupts=off",
			a->path);
		close(greeting->socket);
		return false;
	}
	if (a->watch.changes) {
		taking_open(&a->taking, &a->watch.place->shelf);
		taking_said(&a->taking, now());
	}
	a->connection = greeting->socket;
	happen(a, ATTACHMENT_FOUND);
	return true;
}

static bool say(void *opaque, const struct ap_command *command, const void *in)
{
	g_autofree uint8_t *out = g_malloc(AP_MESSAGE_MAX);
	struct ap_result result;

	/* A guest that swcexd does not know has nothing to lose. */
	return converse(opaque, command, in, &result, out);
}

/*
 * Use the connection of @greeting after an earlier one was lost. Return false
 * if VM and swcexd have to greet again, for instance because @said is no longer
 * true.
 */
static bool take_again(struct attachment *a, const struct greeting *greeting,
		       const struct link_attach *said)
{
	if (said->flags != a->attach.flags) {
		close(greeting->socket);
		if (greeting->changes >= 0)
			close(greeting->changes);
		return false;
	}
	if (!take(a, greeting))
		return false;
	a->attach.flags &= ~LINK_RESET;
	fprintf(stderr, "swcex.so: attached to swcexd again\n");
	if (a->backlog && !backlog_say(a->backlog, say, a))
		disconnect(a);
	return true;
}

/*
 * This and the functions below are called without the lock. Return true if
 * swcexd was found, or has refused the VM. If swcexd says that the VM's place
 * is taken, an earlier connection of this same VM may have it, whose end swcexd
 * has not seen yet.
 */
static bool find_swcexd(struct attachment *a)
{
	enum greeting_outcome outcome;
	struct greeting greeting;
	struct link_attach said;
	bool found = false;

	g_mutex_lock(&a->lock);
	said = a->attach;
	g_mutex_unlock(&a->lock);
	outcome = greet(&greeting, a->path, &said);
	g_mutex_lock(&a->lock);
	if (outcome == GREETING_ATTACHED)
		found = take_again(a, &greeting, &said);
	else
		explain(a, "%s", greeting.reason);
	if (outcome == GREETING_REFUSED) {
		happen(a, ATTACHMENT_DISMISSED);
		found = true;
	}
	g_mutex_unlock(&a->lock);
	return found;
}

/*
 * Tell swcexd what the VM has taken and not said with another command since the
 * last tick. Ticking ends when nothing was taken.
 */
static void tick(struct attachment *a)
{
	const struct ap_command command = { .op = AP_OP_TAKEN };
	g_autofree uint8_t *out = g_malloc(AP_MESSAGE_MAX);
	struct ap_result result;

	g_mutex_lock(&a->lock);
	if (a->state == ATTACHMENT_ATTACHED && a->taking.taken &&
	    !ask_and_hear(a, &command, NULL, &result, out))
		disconnect(a);
	a->ticks = a->has_taken;
	a->has_taken = false;
	g_mutex_unlock(&a->lock);
}

static bool ticks(struct attachment *a)
{
	bool ticks;

	g_mutex_lock(&a->lock);
	ticks = a->ticks;
	g_mutex_unlock(&a->lock);
	return ticks;
}

static void wait_for_end(struct attachment *a)
{
	struct pollfd fds[] = {
		{ .fd = a->connection, .events = POLLRDHUP },
		{ .fd = a->takes, .events = POLLIN },
	};
	eventfd_t count;

	while (!fds[0].revents) {
		bool ticking = ticks(a);
		int ready = poll(fds, 2, ticking ? TICK : -1);

		if (ready < 0)
			fds[0].revents = 0;
		if (ready > 0 && fds[1].revents)
			eventfd_read(a->takes, &count);
		if (!ready)
			tick(a);
	}
}

static void notice_end(struct attachment *a)
{
	g_mutex_lock(&a->lock);
	errno = 0;
	if (a->state == ATTACHMENT_ATTACHED)
		disconnect(a);
	g_mutex_unlock(&a->lock);
}

static enum attachment_state state_of(struct attachment *a)
{
	enum attachment_state state;

	g_mutex_lock(&a->lock);
	state = a->state;
	g_mutex_unlock(&a->lock);
	return state;
}

static gulong pause_of(struct attachment *a)
{
	return state_of(a) == ATTACHMENT_SEEKING ? SEEK_OFTEN : SEEK_SELDOM;
}

/* This thread keeps the VM attached until swcexd refuses it. */
static gpointer stay_attached(gpointer opaque)
{
	struct attachment *a = opaque;

	do {
		wait_for_end(a);
		notice_end(a);
		close(a->connection);
		while (!find_swcexd(a))
			g_usleep(pause_of(a));
	} while (state_of(a) != ATTACHMENT_REFUSED);
	return NULL;
}

/* Block all signals in the thread, because they are for QEMU. */
static void start_thread(struct attachment *a)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	g_thread_unref(g_thread_new("ap-link", stay_attached, a));
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static struct attachment *attachment_new(const char *path, const struct link_attach *attach,
					 bool interrupts)
{
	struct attachment *a = g_new0(struct attachment, 1);

	a->machine.execute = attachment_execute;
	a->path = path;
	a->patience = GREETING_PATIENCE * G_USEC_PER_SEC;
	a->attach = *attach;
	a->interrupts = interrupts;
	a->takes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	g_mutex_init(&a->lock);
	g_cond_init(&a->changed);
	return a;
}

static void attachment_free(struct attachment *a)
{
	g_cond_clear(&a->changed);
	g_mutex_clear(&a->lock);
	close(a->takes);
	g_free(a);
}

struct machine *attachment_open(const char *path, const uint64_t *guest,
				bool interrupts, char *reason, size_t size)
{
	const struct link_attach attach = {
		.magic = LINK_MAGIC,
		.version = LINK_VERSION,
		.role = guest ? LINK_GUEST : LINK_LPAR,
		.guest = guest ? *guest : 0,
	};
	struct greeting greeting;
	struct attachment *a;

	if (greet(&greeting, path, &attach) != GREETING_ATTACHED) {
		g_strlcpy(reason, greeting.reason, size);
		return NULL;
	}
	a = attachment_new(path, &attach, interrupts);
	if (!take(a, &greeting)) {
		g_strlcpy(reason, a->why, size);
		attachment_free(a);
		return NULL;
	}
	a->machine.is_lpar = a->machine.configures = !guest;
	a->machine.is_guest = guest;
	a->machine.changes = a->watch.changes;
	if (!guest)
		a->backlog = backlog_new();
	start_thread(a);
	return &a->machine;
}
