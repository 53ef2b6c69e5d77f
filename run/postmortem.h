/* SPDX-License-Identifier: GPL-2.0-only */
/* What is told of a VM that did not do what it should. */
#ifndef RUN_POSTMORTEM_H
#define RUN_POSTMORTEM_H

#include <stdbool.h>

#include "console.h"

/*
 * Print what its QEMU said, which is in the file @log, and the console's last lines. The console's
 * text, in the file @text, is kept in the cache, unless @stays says that the file itself stays.
 */
void postmortem_tell(const struct console *console, const char *text, bool stays, const char *log);

#endif /* RUN_POSTMORTEM_H */
