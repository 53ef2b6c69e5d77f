// SPDX-License-Identifier: GPL-2.0-only
/*
 * swcex stat watches the queues of a machine that a swcexd serves. See
 * swcex-stat(1).
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bytes/number.h"
#include "ask.h"
#include "sample.h"
#include "subcommand.h"

#define INTERVAL_MAX	86400
#define TOP_OF_SCREEN	"\033[H\033[2J"

struct options {
	const char *control;
	uint64_t interval;
	uint64_t count;			/* 0 means without end */
	bool json;
};

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* Take a sample. Return false after writing the reason to standard error. */
static bool take_sample(struct sample *sample, const char *path)
{
	static char *const status[] = { "status", "json" };
	char *answer = ask_daemon("swcex stat", path, 2, status);
	bool understood;

	if (!answer)
		return false;
	understood = sample_read(sample, answer, now());
	if (!understood)
		fprintf(stderr, "swcex stat: %s: its answer is not that of a swcexd of this version\n",
			path);
	free(answer);
	return understood;
}

/* On a terminal, each sample replaces the previous one. */
static void separate(bool first)
{
	if (isatty(STDOUT_FILENO))
		fputs(TOP_OF_SCREEN, stdout);
	else if (!first)
		putchar('\n');
}

static bool show(const struct options *options, const struct sample *sample,
		 const struct sample *before)
{
	if (options->json) {
		sample_json(stdout, sample, before);
	} else {
		separate(!before->answer);
		sample_text(stdout, sample, before);
	}
	if (!fflush(stdout))
		return true;
	perror("swcex stat: standard output");
	return false;
}

static int watch(const struct options *options)
{
	struct sample sample, before = { 0 };
	bool well = true;

	for (uint64_t i = 0; well && (!options->count || i < options->count);
	     i++) {
		if (i)
			sleep(options->interval);
		well = take_sample(&sample, options->control);
		if (!well)
			break;
		well = show(options, &sample, &before);
		sample_free(&before);
		before = sample;
	}
	sample_free(&before);
	return well ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const struct argp_option table[] = {
	{ "control", 'c', "PATH", 0, "the control socket of the swcexd", 0 },
	{ "interval", 'i', "SECONDS", 0, "seconds between two samples (default: 1)", 0 },
	{ "count", 'n', "N", 0, "exit after N samples", 0 },
	{ "json", 'j', NULL, 0, "one line of JSON for each sample", 0 },
	{ 0 }
};

static error_t take(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'c':
		options->control = argument;
		return 0;
	case 'i':
		if (!decimal_parse(argument, &options->interval) ||
		    !options->interval || options->interval > INTERVAL_MAX)
			argp_error(state, "--interval takes a number of seconds from 1 to 86400");
		return 0;
	case 'n':
		if (!decimal_parse(argument, &options->count) || !options->count)
			argp_error(state, "--count takes a number from 1");
		return 0;
	case 'j':
		options->json = true;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s' belongs to no option", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = table,
	.parser = take,
	.doc = "Shows what the queues of a machine do, again and again.\v"
	       "Without --control, the socket is $SWCEX_CONTROL, or else "
	       "/run/swcexd/control.",
};

int swcex_stat(int argc, char **argv)
{
	struct options options = {
		.control = subcommand_control(),
		.interval = 1,
	};

	subcommand_parse("stat", &argp, argc, argv, &options);
	return watch(&options);
}
