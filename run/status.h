/* SPDX-License-Identifier: GPL-2.0-only */
/* Exit statuses of swcex run beside the command's own, and how errors are told. */
#ifndef RUN_STATUS_H
#define RUN_STATUS_H

#include <stdbool.h>

#define STATUS_TIMEOUT	124
#define STATUS_OURS	125
#define STATUS_VM	255

/* Say a sentence on standard error, behind "swcex run: ". complain() returns false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same for what is no error, unless @quiet has been set. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
extern bool quiet;

#endif /* RUN_STATUS_H */
