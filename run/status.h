/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit statuses of swcex run other than the command's own, and reports of
 * errors.
 */
#ifndef RUN_STATUS_H
#define RUN_STATUS_H

#include <stdbool.h>

#define STATUS_TIMEOUT	124
#define STATUS_OURS	125
#define STATUS_VM	255

/* Print a sentence after "swcex run: " on standard error. Return false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * Print a sentence likewise that is not about an error, unless @quiet is set.
 */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern bool quiet;

#endif /* RUN_STATUS_H */
