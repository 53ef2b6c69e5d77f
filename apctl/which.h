/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds the device that a word of the command line means: a name, a UUID, or
 * the first digits of the UUID of one device only. Returns the UUID, which the
 * caller frees, or NULL after a sentence to @err.
 */
#ifndef APCTL_WHICH_H
#define APCTL_WHICH_H

#include <stdio.h>

#include "machine.h"

char *which_device(const struct machine *machine, const char *word, FILE *err);

#endif
