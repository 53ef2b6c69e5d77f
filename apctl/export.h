/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The present state in the forms of other programs. Returns an exit status.
 */
#ifndef APCTL_EXPORT_H
#define APCTL_EXPORT_H

#include "context.h"

int export_state(struct context *context);

#endif
