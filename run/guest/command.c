// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command and its streams. One loop serves everything, and blocks only in
 * poll(). A pump passes the bytes of one stream, and does not read while its
 * buffer is full.
 */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/protocol.h"
#include "run/pump.h"
#include "supervisor.h"

#define CHUNK	65536

/*
 * Input is sent by the host, which reports its length once it has seen the end.
 */
static struct pump input = { .from = -1, .to = -1, .chunk = CHUNK };
static struct pump output[2] = {
	{ .from = -1, .to = -1, .chunk = CHUNK }, { .from = -1, .to = -1, .chunk = CHUNK },
};
static uint64_t input_length = UINT64_MAX;
static int terminal = -1;
static pid_t command;
static bool dead;
static int status;

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/*
 * End the command's input. A terminal cannot be closed on one side; it gets the
 * character for the end of file instead.
 */
static void end_input(void)
{
	if (terminal >= 0 && input.to >= 0 && write(input.to, "\4", 1) < 0)
		dprintf(STDERR_FILENO, "supervisor: the terminal takes no end of input\n");
	close_end(&input.to);
}

static void serve_input(short readable, short writable)
{
	if (input.to < 0)
		return;
	if (pump_is_empty(&input) && readable)
		pump_in(&input);
	if (!pump_is_empty(&input) && (writable || readable) && !pump_out(&input))
		close_end(&input.to);
	if (pump_is_empty(&input) && input.passed >= input_length)
		end_input();
}

/*
 * Serve an output stream. After the command has ended, its pipes get no further
 * output.
 */
static void serve_output(struct pump *pump, short readable, short writable)
{
	if (pump_is_empty(pump) && pump->from >= 0 && (readable || dead)) {
		if (!pump_in(pump) || (dead && pump_is_empty(pump)))
			close_end(&pump->from);
	}
	if (!pump_is_empty(pump) && (writable || readable) && !pump_out(pump))
		power_off();
}

static void set_window(const struct frame *frame)
{
	const uint8_t *p = frame->payload;
	struct winsize size;

	if (frame->length != 4)
		return;
	size = (struct winsize){ .ws_row = p[0] << 8 | p[1], .ws_col = p[2] << 8 | p[3] };
	if (terminal >= 0)
		ioctl(terminal, TIOCSWINSZ, &size);
}

static void send_signal(const struct frame *frame)
{
	if (frame->length == 1 && command > 0 && !dead)
		kill(-command, frame->payload[0]);
	control_send(RUN_SIGNALLED, NULL, 0);
}

/*
 * Close an output stream that the host does not read any more. The command then
 * gets a SIGPIPE when it writes, as it would without a VM between.
 */
static void close_output(const struct frame *frame)
{
	struct pump *pump;

	if (frame->length != 1 || frame->payload[0] < 1 || frame->payload[0] > 2)
		return;
	pump = &output[frame->payload[0] - 1];
	pump->start = pump->end;
	close_end(&pump->from);
}

static void obey(const struct frame *frame)
{
	uint64_t number;

	if (frame->type == RUN_INPUT_END && frame->length == sizeof(number)) {
		memcpy(&number, frame->payload, sizeof(number));
		input_length = be64toh(number);
	} else if (frame->type == RUN_OUTPUT_CLOSED) {
		close_output(frame);
	} else if (frame->type == RUN_SIGNAL) {
		send_signal(frame);
	} else if (frame->type == RUN_WINDOW) {
		set_window(frame);
	}
}

static void obey_all(void)
{
	struct frame frame;

	control_fill();
	while (control_next(&frame))
		obey(&frame);
}

static void reap(int signals)
{
	struct signalfd_siginfo info;
	int how;
	pid_t pid;

	while (read(signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		dead = true;
		status = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
	}
}

/* Create the two ends of one of the command's streams; ours is non-blocking. */
static void make_stream(bool is_terminal, const char *slave, bool to_command, int *ours, int *its)
{
	int ends[2];

	if (is_terminal) {
		*ours = fcntl(terminal, F_DUPFD_CLOEXEC, 3);
		*its = open(slave, O_RDWR | O_NOCTTY | O_CLOEXEC);
	} else if (!pipe2(ends, O_CLOEXEC)) {
		*ours = ends[to_command];
		*its = ends[!to_command];
	} else {
		*ours = *its = -1;
	}
	if (*ours < 0 || *its < 0)
		fail(125, "no pipe or terminal for the command: %s", strerror(errno));
	fcntl(*ours, F_SETFL, O_NONBLOCK);
}

static const char *open_terminal(void)
{
	static char slave[64];

	terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (terminal < 0 || unlockpt(terminal) || ptsname_r(terminal, slave, sizeof(slave)))
		fail(125, "no terminal for the command: %s", strerror(errno));
	return slave;
}

/* Run the command in the child. Errors are reported by @why. */
static void become(const struct order *order, const int *stream, int why)
{
	int told[2] = { 0 };
	sigset_t none;

	setsid();
	umask(order->mask);
	for (int i = 0; i < 3; i++)
		dup2(stream[i], i);
	for (int i = 0; i < 3; i++) {
		if (order->terminal & 1 << i && !ioctl(i, TIOCSCTTY, 0))
			break;
	}
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	environ = order->environment;
	if (order->directory && chdir(order->directory)) {
		told[1] = 1;
	} else {
		execvp(order->argv[0], order->argv);
	}
	told[0] = errno;
	if (write(why, told, sizeof(told)) < 0)
		_exit(125);
	_exit(127);
}

static void explain(const struct order *order, const int *told)
{
	if (told[1])
		fail(125, "%s cannot be the command's directory: %s",
		     order->directory, strerror(told[0]));
	if (told[0] == ENOENT)
		fail(127, "%s: there is no such command in the VM", order->argv[0]);
	fail(126, "%s: cannot be executed in the VM: %s", order->argv[0], strerror(told[0]));
}

static void start(const struct order *order)
{
	static char *nothing[] = { NULL };
	const char *slave = order->terminal ? open_terminal() : NULL;
	int its[3], why[2], told[2];
	struct order own = *order;

	if (!own.environment)
		own.environment = nothing;
	make_stream(order->terminal & 1, slave, true, &input.to, &its[0]);
	make_stream(order->terminal & 2, slave, false, &output[0].from, &its[1]);
	make_stream(order->terminal & 4, slave, false, &output[1].from, &its[2]);
	if (pipe2(why, O_CLOEXEC))
		fail(125, "no pipe: %s", strerror(errno));
	/*
	 * The size of the window comes first, as programs ask for it when they
	 * start.
	 */
	obey_all();
	command = fork();
	if (command < 0)
		fail(125, "no process for the command: %s", strerror(errno));
	if (!command)
		become(&own, its, why[1]);
	close(why[1]);
	for (int i = 0; i < 3; i++)
		close(its[i]);
	if (read(why[0], told, sizeof(told)) == sizeof(told))
		explain(order, told);
	close(why[0]);
	control_send(RUN_STARTED, NULL, 0);
}

static bool is_over(void)
{
	return dead && output[0].from < 0 && output[1].from < 0 &&
	       pump_is_empty(&output[0]) && pump_is_empty(&output[1]);
}

/*
 * Return whether poll() must not wait: the command has ended, so its output
 * ends even if other processes hold its pipes open.
 */
static bool has_to_look(void)
{
	for (int i = 0; dead && i < 2; i++) {
		if (output[i].from >= 0 && pump_is_empty(&output[i]))
			return true;
	}
	return false;
}

static void serve(int signals)
{
	struct pollfd fds[] = {
		{ control_port, POLLIN, 0 },
		{ signals, POLLIN, 0 },
		{ input.to < 0 ? -1 : pump_reads(&input), POLLIN, 0 },
		{ pump_writes(&input), POLLOUT, 0 },
		{ pump_reads(&output[0]), POLLIN, 0 },
		{ pump_writes(&output[0]), POLLOUT, 0 },
		{ pump_reads(&output[1]), POLLIN, 0 },
		{ pump_writes(&output[1]), POLLOUT, 0 },
	};

	if (poll(fds, 8, has_to_look() ? 0 : -1) < 0)
		return;
	if (fds[0].revents)
		obey_all();
	if (fds[1].revents)
		reap(signals);
	serve_input(fds[2].revents, fds[3].revents);
	serve_output(&output[0], fds[4].revents, fds[5].revents);
	serve_output(&output[1], fds[6].revents, fds[7].revents);
}

/* Kill all processes, and write all files to disk. */
static void tidy(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
	sync();
	mount(NULL, "/", NULL, MS_REMOUNT | MS_RDONLY, NULL);
}

/*
 * Freeze the root under systemd, which would restart services that were killed.
 * Their further writes are blocked, so that a root on a disk is left as if it
 * were unmounted. Other kinds of roots cannot be frozen, and need not be.
 */
static void freeze(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	sync();
	ioctl(fd, FIFREEZE, 0);
}

static void tell_exit(void)
{
	uint8_t payload[17] = { status };
	uint64_t passed[2] = { htobe64(output[0].passed), htobe64(output[1].passed) };

	memcpy(payload + 1, passed, sizeof(passed));
	control_send(RUN_EXIT, payload, sizeof(payload));
}

void command_open(void)
{
	input.from = port_open(RUN_STDIN);
	output[0].to = port_open(RUN_STDOUT);
	output[1].to = port_open(RUN_STDERR);
}

void command_run(const struct order *order)
{
	sigset_t child;
	int signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	signals = signalfd(-1, &child, SFD_NONBLOCK | SFD_CLOEXEC);
	start(order);
	/*
	 * The host may have reported the end of the input before the command
	 * began.
	 */
	serve_input(0, 0);
	while (!is_over())
		serve(signals);
	if (getpid() == 1)
		tidy();
	else
		freeze();
	tell_exit();
}
