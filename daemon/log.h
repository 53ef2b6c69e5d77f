/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What swcexd tells its operator: one line each, on standard error.
 */
#ifndef DAEMON_LOG_H
#define DAEMON_LOG_H

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

/*
 * The same for what a VM can cause as often as it likes: more than so many lines
 * in so many seconds are left out, and counted. For one thread only.
 */
#define LOG_PERIOD_SECONDS	10
#define LOG_PERIOD_LINES	100

__attribute__((format(printf, 2, 3)))
void log_vm(enum log_level level, const char *format, ...);

/* So many more that were not even made. */
void log_vm_left_out(unsigned int lines);

#endif /* DAEMON_LOG_H */
