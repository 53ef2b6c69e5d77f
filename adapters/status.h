/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine looks like at the moment: for people, and for scripts. The
 * JSON form is described in apd(8).
 */
#ifndef STATUS_H
#define STATUS_H

#include <stdio.h>

#include "cex.h"

void status_text(FILE *out, struct cex_machine *machine);
void status_json(FILE *out, struct cex_machine *machine);

#endif /* STATUS_H */
