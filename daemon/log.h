/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log: what swcexd tells its operator, line by line on standard error.
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

/*
 * Log only messages of the level @name and more severe ones. Return false if
 * there is no such level.
 */
bool log_set_level(const char *name);

__attribute__((format(printf, 2, 3)))
void log_line(enum log_level level, const char *format, ...);

/*
 * Log a message that a VM can cause as often as it likes. Beyond
 * LOG_PERIOD_LINES in LOG_PERIOD_SECONDS, such messages are dropped and
 * counted. Only one thread may call this.
 */
#define LOG_PERIOD_SECONDS	10
#define LOG_PERIOD_LINES	100

__attribute__((format(printf, 2, 3)))
void log_vm(enum log_level level, const char *format, ...);

/*
 * Add @lines that the caller has dropped itself to the count of dropped
 * messages.
 */
void log_vm_left_out(unsigned int lines);

#endif /* DAEMON_LOG_H */
