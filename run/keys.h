/* SPDX-License-Identifier: GPL-2.0-only */
/* Master keys of a run's machine that are known beforehand. */
#ifndef RUN_KEYS_H
#define RUN_KEYS_H

#include <stdbool.h>

/*
 * Make keys current in all domains of the machine whose daemon's control socket is @control:
 *	NULL, "random"	those that they have
 *	"same"		the same ones in every run, and in every domain
 *	a file		lines "KEY HEXADECIMAL", KEY being asym, aes, apka or wk; '#' begins
 *			a comment. Keys that it does not name stay as they are.
 * Returns false after a complaint.
 */
bool keys_load(const char *control, const char *choice);

#endif /* RUN_KEYS_H */
