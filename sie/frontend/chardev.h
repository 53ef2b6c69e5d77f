/* SPDX-License-Identifier: GPL-2.0-only */
/* The places that a command line names for a console and for monitors. */
#ifndef FRONTEND_CHARDEV_H
#define FRONTEND_CHARDEV_H

#include <stdbool.h>

#include "parser.h"

/*
 * Take the argument of -chardev, -mon, -monitor, -qmp and -serial. Each returns false with a
 * sentence in the parser.
 */
bool chardev_take(struct parser *parser, const char *list);
bool chardev_take_mon(struct parser *parser, const char *list);
bool chardev_take_monitor(struct parser *parser, const char *list);
bool chardev_take_qmp(struct parser *parser, const char *list);
bool chardev_take_serial(struct parser *parser, const char *value);

/* The console is at the chardev @id, which was given before. Returns as those do. */
bool chardev_take_console(struct parser *parser, const char *id);

#endif /* FRONTEND_CHARDEV_H */
