/* SPDX-License-Identifier: GPL-2.0-only */
/* Reports about a VM that failed. */
#ifndef RUN_POSTMORTEM_H
#define RUN_POSTMORTEM_H

#include <stdbool.h>

#include "console.h"

/*
 * Print the messages of QEMU, which are in the file @log, and the console's
 * last lines. Copy the console's output, the file @text, to the cache, unless
 * @stays is set because the file is kept anyway.
 */
void postmortem_tell(const struct console *console, const char *text, bool stays, const char *log);

#endif /* RUN_POSTMORTEM_H */
