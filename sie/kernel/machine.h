/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LPAR calls of abi/lpar.h.
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

/*
 * Set @indicator, by an adapter interruption of subclass @isc, when a guest's AQIC
 * waits; NULL: let none wait. -EOPNOTSUPP: there are no adapter interruptions.
 */
int machine_listen(u8 isc, const u8 *indicator);

/*
 * Fetch general registers 0 to 2 of @guest, whose AQIC waits, into @gprs;
 * answer it with an AP queue status word.
 * -ENODATA: it does not wait.
 */
int machine_fetch_intercept(unsigned long guest, u64 *gprs);
int machine_answer_intercept(unsigned long guest, u32 status);

#endif /* SIE_MACHINE_H */
