/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * locked() runs @act with the machine as it is under the lock of lock.h, so that
 * the machine does not change before @act ends. It returns the exit status of
 * @act, or EXIT_REFUSED after a message.
 */
#ifndef APCTL_LOCKED_H
#define APCTL_LOCKED_H

#include "context.h"
#include "machine.h"

int locked(struct context *context, void *arg,
	   int (*act)(struct context *context, const struct machine *machine, void *arg));

#endif
