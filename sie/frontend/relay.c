// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop serves all descriptors. It uses a descriptor only after poll() has
 * reported it. stdout and stderr belong to other programs too and so are not
 * made non-blocking; at most as much is written to them as a pipe guarantees to
 * accept at once.
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

/*
 * Time limit for a guest that was told to end; after that, the front end ends
 * without it
 */
#define END_MS	10000

enum { HOST_IN, HOST_OUT, KEYS, SCREEN, PTY_OUT, PTY_OPENED, SIGNALS, REQUEST, CHANGED,
       HMP_CLIENT, HMP_IN, QMP_CLIENT, QMP_IN, SOURCES };

/* @output: what the last frame contains and @to has not yet accepted */
struct relay {
	struct relay_ends *ends;
	struct channel *channel;
	struct plug *plug;
	struct console *console;
	int signals;
	bool has_terminal, escaped;
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

/* Note that there is no guest any more. */
static void take_end_of_guest(struct relay *r, int status)
{
	r->done = true;
	if (!r->ending)
		r->status = status;
}

/*
 * Stop the guest, to which the host answers with EXIT. @status is the front
 * end's exit status.
 */
static void stop_guest(struct relay *r, int status)
{
	if (r->ending)
		return;
	r->ending = true;
	r->console->in = -1;
	r->output_length = 0;
	r->status = status;
	if (frame_has_room(&r->channel->writer))
		frame_put(&r->channel->writer, FRAME_STOP, NULL, 0);
	else
		r->done = true;
}

/* End the guest, because it does not outlive the connection. */
static void lose_host_and_guest(struct relay *r)
{
	report("the connection to the host of the LPAR broke; the guest is ended");
	take_end_of_guest(r, 1);
}

/*
 * Begin to write the output of a frame, which is completed before the next
 * frame is taken. If @to is -1, nobody reads it.
 */
static void begin_output(struct relay *r, const struct frame *frame, int to)
{
	if (r->ending || to < 0)
		return;
	r->to = to;
	r->output = frame->payload;
	r->output_length = frame->length;
}

static void show_console(struct relay *r, const struct frame *frame)
{
	if (!console_is_pty(r->console))
		begin_output(r, frame, r->console->out);
	else if (!r->ending)
		console_put(r->console, frame->payload, frame->length);
}

/* Send a frame to the host. take_frames() has checked that there is room. */
static void tell_host(struct relay *r, enum frame_type type, const char *text)
{
	frame_put(&r->channel->writer, type, text, strlen(text));
}

static void unplug(struct relay *r)
{
	tell_host(r, FRAME_DEVICE_GONE, r->plug->device.id);
	plug_close(r->plug);
}

static void plug_or_unplug(struct relay *r, const struct frame *frame)
{
	char reason[1024] = "", text[FRAME_MAX + 1], id[DEVICE_ID_MAX + 1];
	bool done;

	memcpy(text, frame->payload, frame->length);
	text[frame->length] = '\0';
	strcpy(id, r->plug->device.id);
	if (frame->type == FRAME_DEVICE_ADD) {
		done = plug_add(r->plug, text, reason, sizeof(reason));
		if (done)
			tell_host(r, FRAME_DEVICE_PLUGGED, r->plug->device.id);
	} else {
		done = plug_del(r->plug, text, reason, sizeof(reason));
		if (done)
			tell_host(r, FRAME_DEVICE_GONE, id);
	}
	tell_host(r, FRAME_DEVICE_DONE, done ? "" : reason);
}

static void take_frame(struct relay *r, const struct frame *frame)
{
	switch ((int)frame->type) {
	case FRAME_OUTPUT:
		show_console(r, frame);
		break;
	case FRAME_MESSAGE:
		begin_output(r, frame, STDERR_FILENO);
		break;
	case FRAME_HMP:
		begin_output(r, frame, r->ends->hmp.out);
		break;
	case FRAME_QMP:
		begin_output(r, frame, r->ends->qmp.out);
		break;
	case FRAME_DEVICE_ADD:
	case FRAME_DEVICE_DEL:
		plug_or_unplug(r, frame);
		break;
	case FRAME_RESET:
		if (vfio_is_open(&r->plug->vfio))
			vfio_reset(&r->plug->vfio);
		break;
	case FRAME_REFUSED:
		report("%.*s", (int)frame->length, (const char *)frame->payload);
		take_end_of_guest(r, 1);
		break;
	case FRAME_EXIT:
		take_end_of_guest(r, frame->length ? frame->payload[0] : 1);
		break;
	default:
		lose_host_and_guest(r);
	}
}

/*
 * Return whether there is room for the frames of one step. These are short, but
 * the room is counted in frames of any size.
 */
static bool has_room(const struct relay *r)
{
	return frame_room(&r->channel->writer) >= 2;
}

static void take_frames(struct relay *r)
{
	struct frame frame;
	int taken = 0;

	while (!r->done && !r->output_length && has_room(r) &&
	       (taken = frame_take(&r->channel->reader, &frame)) > 0)
		take_frame(r, &frame);
	if (taken < 0)
		lose_host_and_guest(r);
}

static void receive(struct relay *r)
{
	if (frame_fill(&r->channel->reader, r->channel->fd) <= 0)
		lose_host_and_guest(r);
}

static void send_frames(struct relay *r)
{
	if (!frame_flush(&r->channel->writer, r->channel->fd))
		lose_host_and_guest(r);
}

/*
 * Write output. If nobody reads it any more, the guest continues unseen, as
 * under QEMU.
 */
static void show(struct relay *r)
{
	size_t most = r->output_length < PIPE_BUF ? r->output_length : PIPE_BUF;
	ssize_t length = write(r->to, r->output, most);

	if (length < 0)
		length = errno == EAGAIN || errno == EINTR ? 0 : (ssize_t)r->output_length;
	r->output += length;
	r->output_length -= length;
}

/*
 * Process C-a x and C-a C-a in typed input, and return the length of the rest.
 */
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

/* Output continues after input has ended, as on stdout. */
static void leave_console(struct relay *r)
{
	if (console_is_pty(r->console))
		console_leave(r->console);
	else
		r->console->in = -1;
}

static void open_console(struct relay *r)
{
	console_take_opening(r->console);
}

static void show_at_pty(struct relay *r)
{
	console_flush(r->console);
}

static void pass_keys(struct relay *r)
{
	uint8_t keys[1024];
	ssize_t length = read(r->console->in, keys, sizeof(keys));

	if (length <= 0) {
		if (length == 0 || (errno != EAGAIN && errno != EINTR))
			leave_console(r);
		return;
	}
	if (r->has_terminal)
		length = take_escapes(r, keys, length);
	if (length)
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

/* Return whether the eventfd has counted anything, and reset it to 0. */
static bool has_counted(int event)
{
	uint64_t count;

	return read(event, &count, sizeof(count)) == sizeof(count);
}

/*
 * Unplug the device on request. The guest's kernel sees that its queues are
 * gone when it scans its AP bus.
 */
static void answer_request(struct relay *r)
{
	if (!has_counted(r->plug->vfio.request))
		return;
	report("vfio %s: the host asked for the device; it is unplugged, the guest goes on",
	       r->plug->vfio.name);
	unplug(r);
}

static void answer_change(struct relay *r)
{
	if (has_counted(r->plug->vfio.changed))
		frame_put(&r->channel->writer, FRAME_CHANGED, NULL, 0);
}

/* Tell the host that a client is connected, which it greets. */
static void begin_talk(struct relay *r, const struct port *port, enum frame_type type)
{
	if (port->in >= 0)
		frame_put(&r->channel->writer, type, NULL, 0);
}

static void accept_client(struct relay *r, struct port *port, enum frame_type type)
{
	if (port_accept(port))
		begin_talk(r, port, type);
}

static void accept_hmp(struct relay *r)
{
	accept_client(r, &r->ends->hmp, FRAME_HMP);
}

static void accept_qmp(struct relay *r)
{
	accept_client(r, &r->ends->qmp, FRAME_QMP);
}

static void pass_commands(struct relay *r, struct port *port, enum frame_type type)
{
	char bytes[1024];
	ssize_t length = read(port->in, bytes, sizeof(bytes));

	if (length > 0)
		frame_put(&r->channel->writer, type, bytes, length);
	else if (!length || (errno != EAGAIN && errno != EINTR))
		port_leave(port);
}

static void pass_hmp(struct relay *r)
{
	pass_commands(r, &r->ends->hmp, FRAME_HMP);
}

static void pass_qmp(struct relay *r)
{
	pass_commands(r, &r->ends->qmp, FRAME_QMP);
}

/* Every source that is served may put a frame. */
static void prepare(struct relay *r, struct pollfd fds[SOURCES])
{
	const struct relay_ends *ends = r->ends;
	bool waits = !r->output_length && has_room(r);
	const int sources[SOURCES] = {
		[HOST_IN] = waits ? r->channel->fd : -1,
		[HOST_OUT] = -1,
		[KEYS] = ends->console.in,
		[SCREEN] = -1,
		[PTY_OUT] = -1,
		[PTY_OPENED] = ends->console.opened,
		[SIGNALS] = r->signals,
		[REQUEST] = r->plug->vfio.request,
		[CHANGED] = r->plug->vfio.changed,
		[HMP_CLIENT] = ends->hmp.in < 0 ? ends->hmp.listener : -1,
		[HMP_IN] = ends->hmp.in,
		[QMP_CLIENT] = ends->qmp.in < 0 ? ends->qmp.listener : -1,
		[QMP_IN] = ends->qmp.in,
	};

	for (int i = 0; i < SOURCES; i++)
		fds[i] = (struct pollfd){ i == SIGNALS || has_room(r) ? sources[i] : -1, POLLIN, 0 };
	if (!frame_is_flushed(&r->channel->writer))
		fds[HOST_OUT] = (struct pollfd){ r->channel->fd, POLLOUT, 0 };
	if (console_is_pty(r->console) && console_has_more(r->console))
		fds[PTY_OUT] = (struct pollfd){ r->console->out, POLLOUT, 0 };
	if (r->output_length)
		fds[SCREEN] = (struct pollfd){ r->to, POLLOUT, 0 };
}

static void serve(struct relay *r, const struct pollfd fds[SOURCES])
{
	static void (*const answers[SOURCES])(struct relay *r) = {
		[HOST_IN] = receive,
		[HOST_OUT] = send_frames,
		[KEYS] = pass_keys,
		[SCREEN] = show,
		[PTY_OUT] = show_at_pty,
		[PTY_OPENED] = open_console,
		[SIGNALS] = answer_signal,
		[REQUEST] = answer_request,
		[CHANGED] = answer_change,
		[HMP_CLIENT] = accept_hmp,
		[HMP_IN] = pass_hmp,
		[QMP_CLIENT] = accept_qmp,
		[QMP_IN] = pass_qmp,
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
		take_end_of_guest(r, 1);
		return;
	}
	serve(r, fds);
	take_frames(r);
}

int relay_run(struct relay_ends *ends)
{
	sigset_t set = ending_signals();
	struct relay r = {
		.ends = ends,
		.channel = &ends->channel,
		.plug = &ends->plug,
		.console = &ends->console,
		.signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK),
		.has_terminal = ends->console.in == STDIN_FILENO && terminal_make_raw(),
	};

	if (r.signals < 0) {
		report("signals cannot be received: %s", strerror(errno));
		return 1;
	}
	begin_talk(&r, &ends->hmp, FRAME_HMP);
	begin_talk(&r, &ends->qmp, FRAME_QMP);
	while (!r.done)
		step(&r);
	close(r.signals);
	return r.status;
}
