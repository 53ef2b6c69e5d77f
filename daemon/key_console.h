/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key console: what a person does to the master keys of a domain.
 *
 *	show QUEUE			states and verification patterns
 *	load QUEUE KEY PART [more]	add a part to the new key; without more it
 *					is the last one
 *	set QUEUE KEY			the new key becomes current, that one old
 *	clear QUEUE KEY new|old
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
 * Execute @args, of which the last is followed by NULL. Returns NULL, and
 * has written "ok" and the answer, or why it could not. A key part is wiped
 * from @args.
 */
const char *key_console(struct cex_machine *machine, char **args, FILE *out);

/* Whether @args, before they are executed, are to change anything. */
bool key_console_changes(char *const *args);

#endif /* DAEMON_KEY_CONSOLE_H */
