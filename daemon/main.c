// SPDX-License-Identifier: GPL-2.0-only
/*
 * apd: serves a machine's Crypto Express adapters to VMs. apd(8) describes it.
 */
#include <errno.h>
#include <getopt.h>
#include <openssl/crypto.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "bytes/number.h"
#include "swcex/ask.h"
#include "connection.h"
#include "control.h"
#include "journal.h"
#include "log.h"
#include "machine_file.h"

#define VERSION		"0.1"
#define WORKERS_MAX	256
#define EXIT_USAGE	2

static const char usage[] =
	"Usage: apd --machine FILE --socket PATH [--control PATH] [--state FILE --key FILE]\n"
	"           [--workers N] [--log-level LEVEL]\n"
	"       apd --check FILE\n"
	"       apd --ask PATH COMMAND [ARGUMENT...]\n"
	"\n"
	"Serves the Crypto Express adapters of a machine to VMs.\n"
	"\n"
	"  --machine FILE     the machine's adapters and domains, see apd.machine(5)\n"
	"  --socket PATH      the socket that VMs connect to\n"
	"  --control PATH     a socket for commands, see --ask\n"
	"  --state FILE       where the machine's state is kept, to go on after a restart\n"
	"  --key FILE         the secret that the state is encrypted under; made if need be\n"
	"  --workers N        threads that work on requests (default: one per processor)\n"
	"  --log-level LEVEL  error, warning, info (default) or debug\n"
	"  --check FILE       name every mistake in a machine file, and end\n"
	"  --ask PATH ...     give a command to the apd whose control socket is PATH;\n"
	"                     the command help lists the commands; a last word -\n"
	"                     stands for a line of standard input\n"
	"  --help, --version\n";

struct options {
	const char *machine;
	const char *socket;
	const char *control;
	const char *state;
	const char *key;
	const char *check;
	const char *ask;
	uint64_t workers;
};

/* apd, with everything that it has open. */
struct apd {
	struct source signals;
	struct loop loop;
	struct cex_machine *machine;
	struct journal journal;
	struct keeper keeper;
	struct connections connections;
	struct control control;
};

static int usage_error(const char *what)
{
	fprintf(stderr, "apd: %s; apd --help tells more\n", what);
	return EXIT_USAGE;
}

/* Master keys and parts of them are in no core file, and for no other process to read. */
static bool be_private(void)
{
	const struct rlimit none = { 0, 0 };

	if (!prctl(PR_SET_DUMPABLE, 0) && !setrlimit(RLIMIT_CORE, &none))
		return true;
	fprintf(stderr, "apd: its memory cannot be kept private: %s\n",
		strerror(errno));
	return false;
}

/* NULL when there are mistakes, which were told. */
static struct cex_machine *machine_from(const char *path, unsigned int workers)
{
	struct cex_machine *machine;
	unsigned int mistakes;
	FILE *file = fopen(path, "re");

	if (!file) {
		fprintf(stderr, "apd: %s: the machine file cannot be read: %s; apd.machine(5) tells how to write one\n",
			path, strerror(errno));
		return NULL;
	}
	machine = cex_machine_new(workers);
	if (!machine) {
		fprintf(stderr, "apd: cannot make a machine: %s\n",
			strerror(errno));
		fclose(file);
		return NULL;
	}
	mistakes = machine_file_read(file, path, machine, stderr);
	fclose(file);
	if (!mistakes)
		return machine;
	cex_machine_free(machine);
	return NULL;
}

static int check(const char *path)
{
	struct cex_machine *machine = machine_from(path, 1);

	if (!machine)
		return EXIT_FAILURE;
	cex_machine_free(machine);
	printf("%s: ok\n", path);
	return EXIT_SUCCESS;
}

static int print_answer(const char *path, int argc, char **argv)
{
	char *answer = apd_ask("apd", path, argc, argv);
	bool printed = answer && fputs(answer, stdout) >= 0 && !fflush(stdout);

	free(answer);
	return printed ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* One line of standard input, of which stdio keeps no copy; or false. */
static bool read_line(char *line, int size)
{
	setvbuf(stdin, NULL, _IONBF, 0);
	if (!fgets(line, size, stdin))
		return false;
	if (!strchr(line, '\n') && !feof(stdin))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return *line;
}

/* A last word "-" stands for what is not to be seen in the list of processes. */
static int ask(const char *path, int argc, char **argv)
{
	char line[CONTROL_LINE_MAX];
	int status = EXIT_FAILURE;

	if (strcmp(argv[argc - 1], "-"))
		return print_answer(path, argc, argv);
	argv[argc - 1] = line;
	if (read_line(line, sizeof(line)))
		status = print_answer(path, argc, argv);
	else
		fputs("apd: standard input has no line that - could stand for, or one that is too long\n",
		      stderr);
	OPENSSL_cleanse(line, sizeof(line));
	return status;
}

static void signal_ready(struct source *source)
{
	struct apd *apd = (struct apd *)source;
	struct signalfd_siginfo info;

	if (read(source->fd, &info, sizeof(info)) != sizeof(info))
		return;
	log_line(LOG_INFO, "ends by signal: %s", strsignal(info.ssi_signo));
	loop_stop(&apd->loop);
}

/* A reader of standard output or error that has gone is no reason to end. */
static bool signals_open(struct apd *apd)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigprocmask(SIG_BLOCK, &set, NULL);
	apd->signals.fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	apd->signals.ready = signal_ready;
	if (apd->signals.fd < 0) {
		log_line(LOG_ERROR, "signalfd: %s", strerror(errno));
		return false;
	}
	if (loop_add(&apd->loop, &apd->signals, EPOLLIN))
		return true;
	close(apd->signals.fd);
	return false;
}

static int run(struct apd *apd, const char *path)
{
	printf("apd: serving %s\n", path);
	if (fflush(stdout)) {
		log_line(LOG_ERROR, "standard output: %s", strerror(errno));
		return EXIT_FAILURE;
	}
	return loop_run(&apd->loop) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void kept(void *context)
{
	struct apd *apd = context;

	connections_kept(&apd->connections);
	control_kept(&apd->control);
}

/* VMs are kept as they are; only then do their connections end. */
static int serve_sockets(struct apd *apd, const struct options *options,
			 struct keeper *keeper)
{
	int status = EXIT_FAILURE;
	bool open = connections_open(&apd->connections, &apd->loop,
				     apd->machine, keeper, options->socket);

	if (open && control_open(&apd->control, &apd->loop, apd->machine,
				 keeper, options->control))
		status = run(apd, options->socket);
	if (keeper)
		keeper_close(keeper);
	if (open) {
		control_close(&apd->control);
		connections_close(&apd->connections);
	}
	return status;
}

/* Each VM needs one. */
static void use_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static int serve(const struct options *options)
{
	int status = EXIT_FAILURE;
	struct apd apd;

	use_all_descriptors();
	apd.machine = machine_from(options->machine, options->workers);
	if (!apd.machine)
		return EXIT_FAILURE;
	if (!loop_open(&apd.loop))
		goto out_machine;
	if (!signals_open(&apd))
		goto out_loop;
	if (!journal_open(&apd.journal, &apd.loop, apd.machine))
		goto out_signals;
	if (!options->state)
		status = serve_sockets(&apd, options, NULL);
	else if (keeper_open(&apd.keeper, &apd.loop, apd.machine,
			     options->state, options->key, kept, &apd))
		status = serve_sockets(&apd, options, &apd.keeper);
	journal_close(&apd.journal);
out_signals:
	close(apd.signals.fd);
out_loop:
	loop_close(&apd.loop);
out_machine:
	cex_machine_free(apd.machine);
	return status;
}

enum { OPTION_MACHINE = 256, OPTION_SOCKET, OPTION_CONTROL, OPTION_STATE,
       OPTION_KEY, OPTION_WORKERS, OPTION_LOG_LEVEL, OPTION_CHECK, OPTION_ASK, OPTION_HELP,
       OPTION_VERSION };

static const struct option long_options[] = {
	{ "machine", required_argument, NULL, OPTION_MACHINE },
	{ "socket", required_argument, NULL, OPTION_SOCKET },
	{ "control", required_argument, NULL, OPTION_CONTROL },
	{ "state", required_argument, NULL, OPTION_STATE },
	{ "key", required_argument, NULL, OPTION_KEY },
	{ "workers", required_argument, NULL, OPTION_WORKERS },
	{ "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
	{ "check", required_argument, NULL, OPTION_CHECK },
	{ "ask", required_argument, NULL, OPTION_ASK },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 }
};

/* NULL, or what is wrong with the option. */
static const char *take_option(struct options *options, int option)
{
	switch (option) {
	case OPTION_MACHINE:
		options->machine = optarg;
		return NULL;
	case OPTION_SOCKET:
		options->socket = optarg;
		return NULL;
	case OPTION_CONTROL:
		options->control = optarg;
		return NULL;
	case OPTION_STATE:
		options->state = optarg;
		return NULL;
	case OPTION_KEY:
		options->key = optarg;
		return NULL;
	case OPTION_CHECK:
		options->check = optarg;
		return NULL;
	case OPTION_ASK:
		options->ask = optarg;
		return NULL;
	case OPTION_WORKERS:
		if (decimal_parse(optarg, &options->workers) &&
		    options->workers >= 1 && options->workers <= WORKERS_MAX)
			return NULL;
		return "--workers takes a number from 1 to 256";
	case OPTION_LOG_LEVEL:
		if (log_set_level(optarg))
			return NULL;
		return "--log-level takes error, warning, info or debug";
	default:
		return "that option is unknown or lacks its argument";
	}
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	const char *wrong = NULL;
	int option;

	if (!be_private())
		return EXIT_FAILURE;
	while (!wrong && (option = getopt_long(argc, argv, "+", long_options,
					       NULL)) != -1) {
		if (option == OPTION_HELP) {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
		if (option == OPTION_VERSION) {
			puts("apd " VERSION);
			return EXIT_SUCCESS;
		}
		wrong = take_option(&options, option);
	}
	if (wrong)
		return usage_error(wrong);
	if (options.ask)
		return optind < argc ? ask(options.ask, argc - optind,
					   argv + optind) :
				       usage_error("--ask wants a command");
	if (optind < argc)
		return usage_error("there are words that no option takes");
	if (options.check)
		return check(options.check);
	if (!options.machine || !options.socket)
		return usage_error("--machine and --socket are needed");
	if (!options.state != !options.key)
		return usage_error("--state and --key go together");
	return serve(&options);
}
