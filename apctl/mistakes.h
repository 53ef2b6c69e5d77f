/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is wrong with a plan file: a sentence for each mistake, with its line.
 */
#ifndef APCTL_MISTAKES_H
#define APCTL_MISTAKES_H

#include <stdbool.h>
#include <stdio.h>

struct mistakes {
	const char *file;
	FILE *err;
	bool found;	/* there has been one */
};

void mistake(struct mistakes *mistakes, unsigned int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
