// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcexd serves a machine's Crypto Express adapters to VMs. See swcexd(8).
 */
#include <argp.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bytes/container_of.h"
#include "bytes/number.h"
#include "capabilities.h"
#include "connection.h"
#include "control.h"
#include "event_log.h"
#include "log.h"
#include "machine_file.h"
#include "privacy.h"
#include "sandbox.h"

#define WORKERS_MAX	256
#define EXIT_USAGE	2

struct options {
	const char *machine;
	const char *socket;
	const char *guest_socket;
	const char *control;
	const char *state;
	const char *key;
	uint64_t workers;
};

/* Everything that swcexd has open. */
struct swcexd {
	struct source signals;
	struct loop loop;
	struct cex_machine *machine;
	struct event_log event_log;
	struct state_writer writer;
	struct connections connections;
	struct control control;
};

static void signal_ready(struct source *source)
{
	struct swcexd *swcexd = container_of(source, struct swcexd, signals);
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	log_line(LOG_INFO, "ends by signal: %s", strsignal(info.ssi_signo));
	loop_stop(&swcexd->loop);
}

/*
 * SIGPIPE is ignored: swcexd goes on when a reader of its standard output or
 * error has gone.
 */
static int signals_open(struct swcexd *swcexd)
{
	sigset_t set;
	int error;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	swcexd->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	swcexd->signals.ready = signal_ready;
	if (swcexd->signals.fd < 0) {
		error = -errno;
		log_line(LOG_ERROR, "signalfd: %s", strerror(-error));
		return error;
	}
	error = loop_add(&swcexd->loop, &swcexd->signals, EPOLLIN);
	if (error)
		close(swcexd->signals.fd);
	return error;
}

static int serve_until_signal(struct swcexd *swcexd, const char *path)
{
	printf("swcexd: serving %s\n", path);
	if (fflush(stdout)) {
		log_line(LOG_ERROR, "standard output: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	return loop_run(&swcexd->loop) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void saved(void *context)
{
	struct swcexd *swcexd = context;

	connections_saved(&swcexd->connections);
	control_saved(&swcexd->control);
}

/* The writer saves the VMs as they are before their connections are closed. */
static int serve_sockets(struct swcexd *swcexd, const struct options *options,
			 struct state_writer *writer)
{
	int status = EXIT_FAILURE;
	bool open = !connections_open(&swcexd->connections, &swcexd->loop,
				      swcexd->machine, writer, options->socket,
				      options->guest_socket);

	if (open && !control_open(&swcexd->control, &swcexd->loop,
				  swcexd->machine, writer, options->control) &&
	    !sandbox_confine_calls())
		status = serve_until_signal(swcexd, options->socket);
	if (writer)
		state_writer_close(writer);
	if (open) {
		control_close(&swcexd->control);
		connections_close(&swcexd->connections);
	}
	return status;
}

/* Raise the limit of descriptors, as each VM needs one. */
static void use_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/*
 * This comes before any thread is created, as only threads that are created
 * later are confined.
 */
static int confine_process(const struct options *options)
{
	const struct sandbox_files files = {
		.machine = options->machine,
		.state = options->state,
		.key = options->key,
		.sockets = { options->socket, options->guest_socket,
			     options->control },
	};

	if (privacy_lock_all())
		log_line(LOG_INFO, "master keys may be written to swap space: the limit of locked memory is finite; see swcexd(8)");
	return sandbox_confine_files(&files);
}

static int serve(const struct options *options)
{
	int status = EXIT_FAILURE;
	struct swcexd swcexd;

	use_all_descriptors();
	if (confine_process(options))
		return EXIT_FAILURE;
	swcexd.machine = machine_file_load("swcexd", options->machine,
					options->workers);
	if (!swcexd.machine)
		return EXIT_FAILURE;
	if (loop_open(&swcexd.loop))
		goto out_machine;
	if (signals_open(&swcexd))
		goto out_loop;
	if (event_log_open(&swcexd.event_log, &swcexd.loop, swcexd.machine))
		goto out_signals;
	if (!options->state)
		status = serve_sockets(&swcexd, options, NULL);
	else if (!state_writer_open(&swcexd.writer, &swcexd.loop,
				    swcexd.machine, options->state,
				    options->key, saved, &swcexd))
		status = serve_sockets(&swcexd, options, &swcexd.writer);
	event_log_close(&swcexd.event_log);
out_signals:
	close(swcexd.signals.fd);
out_loop:
	loop_close(&swcexd.loop);
out_machine:
	cex_machine_free(swcexd.machine);
	return status;
}

enum { OPTION_MACHINE = 256, OPTION_SOCKET, OPTION_GUEST_SOCKET,
       OPTION_CONTROL, OPTION_STATE, OPTION_KEY, OPTION_WORKERS, OPTION_LOG_LEVEL,
       OPTION_PRINT_CAPABILITIES };

static const struct argp_option table[] = {
	{ "machine", OPTION_MACHINE, "FILE", 0,
	  "the machine's adapters and domains, see swcexd.machine(5)", 0 },
	{ "socket", OPTION_SOCKET, "PATH", 0, "the socket that VMs connect to", 0 },
	{ "guest-socket", OPTION_GUEST_SOCKET, "PATH", 0,
	  "the socket that guests connect to; that of --socket is then the LPAR's", 0 },
	{ "control", OPTION_CONTROL, "PATH", 0,
	  "the socket for commands of `swcex ctl`", 0 },
	{ "state", OPTION_STATE, "FILE", 0,
	  "the file in which the machine's state outlives a restart", 0 },
	{ "key", OPTION_KEY, "FILE", 0,
	  "the secret that the state is encrypted under; created if there is none", 0 },
	{ "workers", OPTION_WORKERS, "N", 0,
	  "threads that process requests (default: one per processor)", 0 },
	{ "log-level", OPTION_LOG_LEVEL, "LEVEL", 0,
	  "error, warning, info (default) or debug", 0 },
	{ "print-capabilities", OPTION_PRINT_CAPABILITIES, NULL, 0,
	  "print what this program can do, as JSON, and end", 0 },
	{ 0 }
};

/* Check for options that are missing, and for those that need each other. */
static void check_options(const struct options *options,
			  struct argp_state *state)
{
	if (!options->machine || !options->socket)
		argp_error(state, "--machine and --socket are needed");
	if (!options->state != !options->key)
		argp_error(state, "--state and --key go together");
}

static error_t take(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case OPTION_MACHINE:
		options->machine = argument;
		return 0;
	case OPTION_SOCKET:
		options->socket = argument;
		return 0;
	case OPTION_GUEST_SOCKET:
		options->guest_socket = argument;
		return 0;
	case OPTION_CONTROL:
		options->control = argument;
		return 0;
	case OPTION_STATE:
		options->state = argument;
		return 0;
	case OPTION_KEY:
		options->key = argument;
		return 0;
	case OPTION_WORKERS:
		if (!decimal_parse(argument, &options->workers) ||
		    options->workers < 1 || options->workers > WORKERS_MAX)
			argp_error(state, "--workers takes a number from 1 to 256");
		return 0;
	case OPTION_LOG_LEVEL:
		if (!log_set_level(argument))
			argp_error(state, "--log-level takes error, warning, info or debug");
		return 0;
	case OPTION_PRINT_CAPABILITIES:
		exit(capabilities_print(VERSION, table) ? EXIT_FAILURE : EXIT_SUCCESS);
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' belongs to no option", argument);
		return 0;
	case ARGP_KEY_END:
		check_options(options, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = table,
	.parser = take,
	.doc = "Serves the Crypto Express adapters of a machine to VMs.",
};

int main(int argc, char **argv)
{
	struct options options = { 0 };

	if (!privacy_begin("swcexd"))
		return EXIT_FAILURE;
	argp_program_version = "swcexd " VERSION;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	return serve(&options);
}
