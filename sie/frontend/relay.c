// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop serves all descriptors. Whatever is waited for is only touched when
 * poll() said so; stdout and stderr, which belong to others too and so are not
 * made non-blocking, take as much as a pipe guarantees to take at once.
 */
#include "relay.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "report.h"
#include "terminal.h"

#define ESCAPE	('a' & 0x1f)

/* A guest that was told to end ends within this time, or is left behind. */
#define END_MS	10000

enum { HOST_IN, HOST_OUT, KEYS, SCREEN, SIGNALS, REQUEST, CHANGED, SOURCES };

/* @output: what the last frame brought and @to has not yet taken */
struct relay {
	struct channel *channel;
	struct vfio *vfio;
	int signals;
	bool has_keys, has_terminal, escaped;
	const uint8_t *output;
	size_t output_length;
	int to;
	bool ending, done;
	int status;
};

static sigset_t ending_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

bool relay_init(void)
{
	sigset_t set = ending_signals();

	signal(SIGPIPE, SIG_IGN);
	return !sigprocmask(SIG_BLOCK, &set, NULL) ||
	       report("signals cannot be blocked: %s", strerror(errno));
}

static void finish(struct relay *r, int status)
{
	r->done = true;
	if (!r->ending)
		r->status = status;
}

/* The host answers with EXIT; @status is what the front end makes of it. */
static void stop_guest(struct relay *r, int status)
{
	if (r->ending)
		return;
	r->ending = true;
	r->has_keys = false;
	r->output_length = 0;
	r->status = status;
	if (frame_has_room(&r->channel->writer))
		frame_put(&r->channel->writer, FRAME_STOP, NULL, 0);
	else
		r->done = true;
}

static void lose_host(struct relay *r)
{
	report("the connection to the host of the LPAR broke; the guest is ended");
	finish(r, 1);
}

static void take_frame(struct relay *r, const struct frame *frame)
{
	switch ((int)frame->type) {
	case FRAME_OUTPUT:
	case FRAME_MESSAGE:
		if (r->ending)
			break;
		r->to = frame->type == FRAME_OUTPUT ? STDOUT_FILENO : STDERR_FILENO;
		r->output = frame->payload;
		r->output_length = frame->length;
		break;
	case FRAME_REFUSED:
		report("%.*s", (int)frame->length, (const char *)frame->payload);
		finish(r, 1);
		break;
	case FRAME_EXIT:
		finish(r, frame->length ? frame->payload[0] : 1);
		break;
	default:
		lose_host(r);
	}
}

static void take_frames(struct relay *r)
{
	struct frame frame;
	int taken = 0;

	while (!r->done && !r->output_length &&
	       (taken = frame_take(&r->channel->reader, &frame)) > 0)
		take_frame(r, &frame);
	if (taken < 0)
		lose_host(r);
}

static void receive(struct relay *r)
{
	if (frame_fill(&r->channel->reader, r->channel->fd) <= 0)
		lose_host(r);
}

static void send_frames(struct relay *r)
{
	if (!frame_flush(&r->channel->writer, r->channel->fd))
		lose_host(r);
}

/* Nobody reads any more: the guest goes on unseen, as QEMU lets it. */
static void show(struct relay *r)
{
	size_t most = r->output_length < PIPE_BUF ? r->output_length : PIPE_BUF;
	ssize_t length = write(r->to, r->output, most);

	if (length < 0)
		length = errno == EAGAIN || errno == EINTR ? 0 : (ssize_t)r->output_length;
	r->output += length;
	r->output_length -= length;
}

/* Take C-a x and C-a C-a out of what was typed. Returns what is left of it. */
static size_t take_escapes(struct relay *r, uint8_t *keys, size_t length)
{
	size_t left = 0;

	for (size_t i = 0; i < length; i++) {
		bool was_escaped = r->escaped;

		r->escaped = !was_escaped && keys[i] == ESCAPE;
		if (r->escaped)
			continue;
		if (was_escaped && keys[i] == 'x') {
			report("terminated");
			stop_guest(r, 0);
		} else if (!was_escaped || keys[i] == ESCAPE) {
			keys[left++] = keys[i];
		}
	}
	return left;
}

static void pass_keys(struct relay *r)
{
	uint8_t keys[1024];
	ssize_t length = read(STDIN_FILENO, keys, sizeof(keys));

	if (length <= 0) {
		r->has_keys = length < 0 && (errno == EAGAIN || errno == EINTR);
		return;
	}
	if (r->has_terminal)
		length = take_escapes(r, keys, length);
	if (length && frame_has_room(&r->channel->writer))
		frame_put(&r->channel->writer, FRAME_INPUT, keys, length);
}

static void answer_signal(struct relay *r)
{
	struct signalfd_siginfo info;

	if (read(r->signals, &info, sizeof(info)) != sizeof(info))
		return;
	report("terminating on signal %u from pid %u", info.ssi_signo, info.ssi_pid);
	stop_guest(r, 0);
}

/* Did the eventfd count anything? It counts from 0 again. */
static bool has_counted(int event)
{
	uint64_t count;

	return read(event, &count, sizeof(count)) == sizeof(count);
}

/* The guest's kernel sees that its queues are gone when it looks at its AP bus. */
static void answer_request(struct relay *r)
{
	if (!has_counted(r->vfio->request))
		return;
	report("vfio %s: the host asked for the device; it is unplugged, the guest goes on",
	       r->vfio->name);
	vfio_close(r->vfio);
}

static void answer_change(struct relay *r)
{
	if (has_counted(r->vfio->changed) && frame_has_room(&r->channel->writer))
		frame_put(&r->channel->writer, FRAME_CHANGED, NULL, 0);
}

static void prepare(struct relay *r, struct pollfd fds[SOURCES])
{
	bool room = frame_has_room(&r->channel->writer);
	bool wants_keys = r->has_keys && room;

	fds[HOST_IN] = (struct pollfd){ r->output_length ? -1 : r->channel->fd, POLLIN, 0 };
	fds[HOST_OUT] = (struct pollfd){
		frame_is_flushed(&r->channel->writer) ? -1 : r->channel->fd, POLLOUT, 0 };
	fds[KEYS] = (struct pollfd){ wants_keys ? STDIN_FILENO : -1, POLLIN, 0 };
	fds[SCREEN] = (struct pollfd){ r->output_length ? r->to : -1, POLLOUT, 0 };
	fds[SIGNALS] = (struct pollfd){ r->signals, POLLIN, 0 };
	fds[REQUEST] = (struct pollfd){ r->vfio->request, POLLIN, 0 };
	fds[CHANGED] = (struct pollfd){ room ? r->vfio->changed : -1, POLLIN, 0 };
}

static void serve(struct relay *r, const struct pollfd fds[SOURCES])
{
	static void (*const answers[SOURCES])(struct relay *r) = {
		[HOST_IN] = receive,
		[HOST_OUT] = send_frames,
		[KEYS] = pass_keys,
		[SCREEN] = show,
		[SIGNALS] = answer_signal,
		[REQUEST] = answer_request,
		[CHANGED] = answer_change,
	};

	for (int i = 0; i < SOURCES && !r->done; i++) {
		if (fds[i].revents)
			answers[i](r);
	}
}

static void step(struct relay *r)
{
	struct pollfd fds[SOURCES];
	int ready;

	prepare(r, fds);
	ready = poll(fds, SOURCES, r->ending ? END_MS : -1);
	if (ready < 0 && errno == EINTR)
		return;
	if (ready <= 0) {
		report("the host of the LPAR does not answer; the connection is closed");
		finish(r, 1);
		return;
	}
	serve(r, fds);
	take_frames(r);
}

int relay_run(struct channel *channel, struct vfio *vfio)
{
	sigset_t set = ending_signals();
	struct relay r = {
		.channel = channel,
		.vfio = vfio,
		.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		.has_keys = true,
		.has_terminal = terminal_make_raw(),
	};

	if (r.signals < 0) {
		report("signals cannot be received: %s", strerror(errno));
		return 1;
	}
	while (!r.done)
		step(&r);
	close(r.signals);
	return r.status;
}
