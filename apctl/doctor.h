/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Finds what commonly goes wrong. Returns an exit status: EXIT_REFUSED if
 * anything was found.
 */
#ifndef APCTL_DOCTOR_H
#define APCTL_DOCTOR_H

#include "context.h"

int doctor(struct context *context);

#endif
