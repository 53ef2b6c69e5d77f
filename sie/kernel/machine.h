/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LPAR calls of adapters/lpar.h.
 *
 * All return 0 or a negative errno: what the machine answered, -EOPNOTSUPP if
 * it has no such call, -EPROTO if its answer is not one that lpar.h allows.
 */
#ifndef SIE_MACHINE_H
#define SIE_MACHINE_H

#include <linux/types.h>

int machine_query(unsigned long *version);
int machine_create_guest(unsigned long *guest);
int machine_destroy_guest(unsigned long guest);

/*
 * @masks: APM, AQM and ADM, 32 bytes each, one after the other in physically
 * contiguous storage. In force when this returns 0.
 */
int machine_set_masks(unsigned long guest, const void *masks);

#endif /* SIE_MACHINE_H */
