/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * which_device() finds the device that a word of the command line designates: a
 * name, a UUID, or the first digits of the UUID of a single device. It returns
 * the UUID, which the caller frees, or NULL after a message on @err.
 */
#ifndef APCTL_WHICH_H
#define APCTL_WHICH_H

#include <stdio.h>

#include "machine.h"

char *which_device(const struct machine *machine, const char *word, FILE *err);

#endif
