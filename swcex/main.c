// SPDX-License-Identifier: GPL-2.0-only
/*
 * apstat: watches the queues of a machine that apd serves. apstat(1) describes
 * it.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bytes/number.h"
#include "ask.h"
#include "look.h"

#define VERSION		"0.1"
#define EXIT_USAGE	2
#define INTERVAL_MAX	86400
#define TOP_OF_SCREEN	"\033[H\033[2J"

static const char usage[] =
	"Usage: apstat [OPTIONS] PATH\n"
	"\n"
	"Shows what the queues of a machine do, again and again. PATH is the control\n"
	"socket of the apd that serves the machine.\n"
	"\n"
	"  -i, --interval SECONDS  from one look to the next (default: 1)\n"
	"  -n, --count N           end after N looks\n"
	"  -j, --json              one line of JSON for each look\n"
	"  -h, --help, --version\n";

struct options {
	const char *path;
	uint64_t interval;
	uint64_t count;			/* 0: without end */
	bool json;
};

static int usage_error(const char *what)
{
	fprintf(stderr, "apstat: %s; apstat --help tells more\n", what);
	return EXIT_USAGE;
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* False: the reason was told. */
static bool look_at(struct look *look, const char *path)
{
	static char *const status[] = { "status", "json" };
	char *answer = apd_ask("apstat", path, 2, status);
	bool understood;

	if (!answer)
		return false;
	understood = look_read(look, answer, now());
	if (!understood)
		fprintf(stderr, "apstat: %s: its answer is not that of an apd of this version\n",
			path);
	free(answer);
	return understood;
}

/* On a terminal each look takes the place of the one before. */
static void separate(bool first)
{
	if (isatty(STDOUT_FILENO))
		fputs(TOP_OF_SCREEN, stdout);
	else if (!first)
		putchar('\n');
}

static bool show(const struct options *options, const struct look *look,
		 const struct look *before)
{
	if (options->json) {
		look_json(stdout, look, before);
	} else {
		separate(!before->answer);
		look_text(stdout, look, before);
	}
	if (!fflush(stdout))
		return true;
	perror("apstat: standard output");
	return false;
}

static int watch(const struct options *options)
{
	struct look look, before = { 0 };
	bool well = true;

	for (uint64_t i = 0; well && (!options->count || i < options->count);
	     i++) {
		if (i)
			sleep(options->interval);
		well = look_at(&look, options->path);
		if (!well)
			break;
		well = show(options, &look, &before);
		look_free(&before);
		before = look;
	}
	look_free(&before);
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

enum { OPTION_VERSION = 256 };

static const struct option long_options[] = {
	{ "interval", required_argument, NULL, 'i' },
	{ "count", required_argument, NULL, 'n' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPTION_VERSION },
	{ NULL, 0, NULL, 0 }
};

/* NULL, or what is wrong with the option. */
static const char *take_option(struct options *options, int option)
{
	switch (option) {
	case 'i':
		if (decimal_parse(optarg, &options->interval) &&
		    options->interval && options->interval <= INTERVAL_MAX)
			return NULL;
		return "--interval takes a number of seconds from 1 to 86400";
	case 'n':
		if (decimal_parse(optarg, &options->count) && options->count)
			return NULL;
		return "--count takes a number from 1";
	case 'j':
		options->json = true;
		return NULL;
	default:
		return "that option is unknown or lacks its argument";
	}
}

int main(int argc, char **argv)
{
	struct options options = { .interval = 1 };
	const char *wrong = NULL;
	int option;

	while (!wrong && (option = getopt_long(argc, argv, "i:n:jh",
					       long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		}
		if (option == OPTION_VERSION) {
			puts("apstat " VERSION);
			return EXIT_SUCCESS;
		}
		wrong = take_option(&options, option);
	}
	if (wrong)
		return usage_error(wrong);
	if (argc - optind != 1)
		return usage_error("the control socket of an apd is wanted");
	options.path = argv[optind];
	return watch(&options);
}
