/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FRONTEND_REPORT_H
#define FRONTEND_REPORT_H

#include <stdbool.h>
#include <stddef.h>

/* Print a line to stderr, after the program's name. Returns false. */
bool report(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on, write sentences into @text instead, one behind the other; NULL: no more. */
void report_into(char *text, size_t size);

#endif /* FRONTEND_REPORT_H */
