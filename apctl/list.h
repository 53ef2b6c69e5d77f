/* SPDX-License-Identifier: GPL-2.0-only */
/* list() prints a line for each mediated device. It returns an exit status. */
#ifndef APCTL_LIST_H
#define APCTL_LIST_H

#include "context.h"

int list(struct context *context);

#endif
