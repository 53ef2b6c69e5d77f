/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What apd tells its operator: one line each, on standard error.
 */
#ifndef LOG_H
#define LOG_H

#include <stdbool.h>

enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_INFO,
	LOG_DEBUG,
};

/* False: there is no level of that name. */
bool log_set_level(const char *name);

__attribute__((format(printf, 2, 3)))
void log_line(enum log_level level, const char *format, ...);

#endif /* LOG_H */
