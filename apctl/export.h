/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * export_state() prints the present state in the formats of other programs. It
 * returns an exit status.
 */
#ifndef APCTL_EXPORT_H
#define APCTL_EXPORT_H

#include "context.h"

int export_state(struct context *context);

#endif
