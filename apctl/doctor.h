/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doctor() looks for common faults. It returns EXIT_REFUSED if it finds any or
 * cannot read the machine, else EXIT_DONE.
 */
#ifndef APCTL_DOCTOR_H
#define APCTL_DOCTOR_H

#include "context.h"

int doctor(struct context *context);

#endif
