/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key console: how a person manages the master keys of a domain.
 *
 *	show QUEUE			states and verification patterns
 *	load QUEUE KEY PART [more]	add a part to the new key, which is the last
 *					part unless "more" follows
 *	set QUEUE KEY			make the new key the current one, and that
 *					the old one
 *	clear QUEUE KEY new|old		empty a register
 *
 * KEY is asym, aes or apka in a CCA coprocessor, wk in an EP11 coprocessor.
 * PART is as long as the key, in hexadecimal.
 */
#ifndef DAEMON_KEY_CONSOLE_H
#define DAEMON_KEY_CONSOLE_H

#include <stdio.h>

#include "cex/cex.h"

#define KEY_CONSOLE_ARGS	5

/*
 * Execute the command in @args, which ends with NULL. Return NULL after "ok"
 * and the answer have been written to @out, or else a sentence that says why
 * not. All of @args is wiped, as it may contain a key part.
 */
const char *key_console(struct cex_machine *machine, char **args, FILE *out);

/*
 * Return whether the command in @args, which has not been executed, is one that
 * changes master keys.
 */
bool key_console_may_change(char *const *args);

#endif /* DAEMON_KEY_CONSOLE_H */
