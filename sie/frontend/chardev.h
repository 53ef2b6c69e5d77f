/* SPDX-License-Identifier: GPL-2.0-only */
/* The places that a command line names for a console and for monitors. */
#ifndef FRONTEND_CHARDEV_H
#define FRONTEND_CHARDEV_H

#include <stdbool.h>

#include "parser.h"

/*
 * Process the argument of -chardev, -mon, -monitor, -qmp or -serial. Each
 * function returns false with a sentence in the parser if it refuses the
 * argument.
 */
bool chardev_take(struct parser *parser, const char *list);
bool chardev_take_mon(struct parser *parser, const char *list);
bool chardev_take_monitor(struct parser *parser, const char *list);
bool chardev_take_qmp(struct parser *parser, const char *list);
bool chardev_take_serial(struct parser *parser, const char *value);

/*
 * Process the argument of -object that describes a monitor for programs, which
 * libvirt gives instead of -mon to a QEMU that has such objects. Return false
 * as above.
 */
bool chardev_take_monitor_object(struct parser *parser, const char *text);

/*
 * Use the chardev @id, which was given before, for the console. Return false
 * with a sentence in the parser if it does not exist, or cannot be a console.
 */
bool chardev_take_console(struct parser *parser, const char *id);

#endif /* FRONTEND_CHARDEV_H */
