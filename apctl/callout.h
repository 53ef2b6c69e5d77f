/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * callout() is what mdevctl(8) calls before and after it does something to a
 * device. It tells mdevctl, and thereby libvirt, what an active device has and
 * why the kernel has refused one, and changes active devices. It returns an exit
 * status of mdevctl's: 0, 1, or 2 for a device of another type.
 */
#ifndef APCTL_CALLOUT_H
#define APCTL_CALLOUT_H

#include "context.h"

int callout(struct context *context);

#endif
