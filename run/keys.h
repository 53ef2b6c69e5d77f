/* SPDX-License-Identifier: GPL-2.0-only */
/* Loading known master keys into the machine of a run. */
#ifndef RUN_KEYS_H
#define RUN_KEYS_H

#include <stdbool.h>

/*
 * Make keys current in all domains of the machine whose daemon has the control
 * socket @control, as @choice demands:
 *	NULL, "random"	the domains keep their keys
 *	"same"		the same keys in every run and in every domain
 *	a file		lines "KEY HEXADECIMAL", KEY being asym, aes, apka or
 *			wk; '#' begins a comment. Keys that it does not name
 *			stay as they are.
 * Return false after a complaint.
 */
bool keys_load(const char *control, const char *choice);

#endif /* RUN_KEYS_H */
