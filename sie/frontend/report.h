/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FRONTEND_REPORT_H
#define FRONTEND_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* Print a line to stderr, after the program's name. Return false. */
bool report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Write sentences to @text from now on, one after the other, or to stderr if
 * @text is NULL.
 */
void report_into(char *text, size_t size);

#endif /* FRONTEND_REPORT_H */
