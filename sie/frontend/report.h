/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>

/* Print a line to stderr, after the program's name. Returns false. */
bool report(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* REPORT_H */
