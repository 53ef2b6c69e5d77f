/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Definitions for the parts that do not call the kernel (matrix, parse,
 * queue_state), both in the kernel and in the tests in user space.
 */
#ifndef VFIO_AP_PLAIN_H
#define VFIO_AP_PLAIN_H

#include <linux/types.h>

#ifdef __KERNEL__
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/string.h>
#else
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/types.h>
#endif

#endif
