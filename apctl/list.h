/* SPDX-License-Identifier: GPL-2.0-only */
/* The mediated devices, a line for each. Returns an exit status. */
#ifndef APCTL_LIST_H
#define APCTL_LIST_H

#include "context.h"

int list(struct context *context);

#endif
