/* SPDX-License-Identifier: GPL-2.0-only */
/* Options for each test, as they are before any is parsed. */
#ifndef TESTS_UNIT_RUN_OPTIONS_H
#define TESTS_UNIT_RUN_OPTIONS_H

#include "run/options.h"

static struct options options;

static int setup(void **state)
{
	(void)state;
	options_init(&options);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	options_free(&options);
	return 0;
}

#endif /* TESTS_UNIT_RUN_OPTIONS_H */
