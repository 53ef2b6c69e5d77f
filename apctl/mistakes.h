/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mistakes in a plan file. Each is reported as a message with its line.
 */
#ifndef APCTL_MISTAKES_H
#define APCTL_MISTAKES_H

#include <stdbool.h>
#include <stdio.h>

struct mistakes {
	const char *file;
	FILE *err;
	bool found;	/* a mistake has been reported */
};

void mistake(struct mistakes *mistakes, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
