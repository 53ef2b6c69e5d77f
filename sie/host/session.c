// SPDX-License-Identifier: GPL-2.0-only
/*
 * One loop serves all descriptors, and none of them can block another: a source
 * is read only while there is room for its data.
 */
#define _GNU_SOURCE
#include "session.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "agent.h"

/* @input: bytes for the guest's console that QEMU has not yet read */
struct session {
	struct channel *channel;
	struct guest *guest;
	struct log *console;
	struct rescan *rescan;
	struct monitor *monitor;
	uint8_t input[FRAME_MAX];
	size_t input_sent, input_length;
	bool connected;
};

enum { FROM_LPAR, TO_LPAR, TO_GUEST, OUTPUT, MESSAGES, RESCAN, MONITOR, SOURCES };

static void close_once(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* End the guest, because it does not outlive the connection to the LPAR. */
static void lose_lpar_and_guest(struct session *s)
{
	s->connected = false;
	s->input_length = 0;
	guest_kill(s->guest);
}

static void take_frame(struct session *s, const struct frame *frame)
{
	switch ((int)frame->type) {
	case FRAME_INPUT:
		if (s->guest->in < 0)
			break;
		memcpy(s->input, frame->payload, frame->length);
		s->input_sent = 0;
		s->input_length = frame->length;
		break;
	case FRAME_STOP:
		guest_kill(s->guest);
		break;
	case FRAME_CHANGED:
		rescan_request(s->rescan);
		break;
	default:
		if (!monitor_take(s->monitor, frame))
			lose_lpar_and_guest(s);
	}
}

/* Return whether a frame of any type may be taken. */
static bool has_room(const struct session *s)
{
	return !s->input_length && monitor_has_room(s->monitor);
}

static void take_frames(struct session *s)
{
	struct frame frame;
	int taken = 0;

	while (s->connected && has_room(s) &&
	       (taken = frame_take(&s->channel->reader, &frame)) > 0)
		take_frame(s, &frame);
	if (taken < 0)
		lose_lpar_and_guest(s);
}

static void receive(struct session *s)
{
	ssize_t length = frame_fill(&s->channel->reader, s->channel->in);

	if (length == 0 || (length < 0 && errno != EAGAIN))
		lose_lpar_and_guest(s);
}

static void send_frames(struct session *s)
{
	if (!frame_flush(&s->channel->writer, s->channel->out))
		lose_lpar_and_guest(s);
}

/*
 * Pass input to the guest. A QEMU that does not read any more is about to end.
 */
static void pass_input(struct session *s)
{
	ssize_t length = write(s->guest->in, s->input + s->input_sent,
			       s->input_length - s->input_sent);

	if (length < 0 && errno == EAGAIN)
		return;
	if (length < 0)
		close_once(&s->guest->in);
	else
		s->input_sent += length;
	if (length < 0 || s->input_sent == s->input_length)
		s->input_length = 0;
}

static void pass_output(struct session *s, int *fd, enum frame_type type)
{
	uint8_t bytes[FRAME_MAX];
	ssize_t length = read(*fd, bytes, sizeof(bytes));

	if (length < 0 && errno == EAGAIN)
		return;
	if (length <= 0)
		close_once(fd);
	if (length > 0 && type == FRAME_OUTPUT)
		log_write(s->console, bytes, length);
	if (length > 0 && s->connected)
		frame_put(&s->channel->writer, type, bytes, length);
}

static void send_for_monitor(struct session *s)
{
	struct frame_writer *writer = &s->channel->writer;
	enum frame_type type;
	GBytes *payload;

	while ((frame_has_room(writer) || !s->connected) &&
	       monitor_next_frame(s->monitor, &type, &payload)) {
		if (type == FRAME_RESET)
			agent_cancel(s->rescan->run, s->rescan->name);
		if (s->connected)
			frame_put(writer, type, g_bytes_get_data(payload, NULL),
				  g_bytes_get_size(payload));
		g_bytes_unref(payload);
	}
}

static void prepare(struct session *s, struct pollfd fds[SOURCES])
{
	struct channel *channel = s->channel;
	bool room = frame_has_room(&channel->writer) || !s->connected;

	for (int i = 0; i < SOURCES; i++)
		fds[i] = (struct pollfd){ .fd = -1 };
	if (s->connected) {
		fds[FROM_LPAR].fd = channel->in;
		fds[FROM_LPAR].events = has_room(s) ? POLLIN : POLLRDHUP;
	}
	if (s->connected && !frame_is_flushed(&channel->writer)) {
		fds[TO_LPAR].fd = channel->out;
		fds[TO_LPAR].events = POLLOUT;
	}
	if (s->input_length) {
		fds[TO_GUEST].fd = s->guest->in;
		fds[TO_GUEST].events = POLLOUT;
	}
	monitor_prepare(s->monitor, &fds[MONITOR]);
	fds[RESCAN].fd = s->rescan->pidfd;
	fds[RESCAN].events = POLLIN;
	if (room) {
		fds[OUTPUT].fd = s->guest->out;
		fds[OUTPUT].events = POLLIN;
		fds[MESSAGES].fd = s->guest->err;
		fds[MESSAGES].events = POLLIN;
	}
}

static void serve(struct session *s, const struct pollfd fds[SOURCES])
{
	if (fds[OUTPUT].revents)
		pass_output(s, &s->guest->out, FRAME_OUTPUT);
	if (fds[MESSAGES].revents && frame_has_room(&s->channel->writer))
		pass_output(s, &s->guest->err, FRAME_MESSAGE);
	if (fds[TO_GUEST].revents)
		pass_input(s);
	if (fds[TO_LPAR].revents)
		send_frames(s);
	if (fds[MONITOR].revents)
		monitor_serve(s->monitor);
	if (fds[RESCAN].revents)
		rescan_take_end(s->rescan);
	if (fds[FROM_LPAR].revents & POLLIN)
		receive(s);
	else if (fds[FROM_LPAR].revents)
		lose_lpar_and_guest(s);
}

/* Serve the descriptors once. Return false if poll() fails. */
static bool step(struct session *s)
{
	struct pollfd fds[SOURCES];

	send_for_monitor(s);
	prepare(s, fds);
	if (poll(fds, SOURCES, -1) < 0)
		return errno == EINTR;
	serve(s, fds);
	take_frames(s);
	return true;
}

static bool is_running(const struct guest *guest)
{
	return guest->out >= 0 || guest->err >= 0;
}

void session_run(struct channel *channel, struct guest *guest, struct log *console,
		 struct rescan *rescan, struct monitor *monitor)
{
	struct session s = {
		.channel = channel,
		.guest = guest,
		.console = console,
		.rescan = rescan,
		.monitor = monitor,
		.connected = true,
	};
	bool able = true;
	uint8_t status;

	take_frames(&s);
	while (able && (is_running(guest) ||
			(s.connected && !frame_has_room(&channel->writer))))
		able = step(&s);
	if (!able)
		lose_lpar_and_guest(&s);
	rescan_stop(rescan);
	status = guest_wait(guest);
	if (s.connected)
		frame_put(&channel->writer, FRAME_EXIT, &status, 1);
	while (able && s.connected && !frame_is_flushed(&channel->writer))
		able = step(&s);
}
