/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The LPAR calls of abi/lpar.h.
 *
 * All functions return 0 or a negative errno: the answer of the machine,
 * -EOPNOTSUPP if it has no such call, or -EPROTO if lpar.h does not allow its
 * answer.
 */
#ifndef SIE_MACHINE_H
#define SIE_MACHINE_H

#include <linux/types.h>

int machine_query(unsigned long *version);
int machine_create_guest(unsigned long *guest);
int machine_destroy_guest(unsigned long guest);

/*
 * Set the masks of @guest. @masks are APM, AQM and ADM, 32 bytes each, one
 * after the other in physically contiguous storage. They are in force when this
 * returns 0.
 */
int machine_set_masks(unsigned long guest, const void *masks);

/*
 * Make the machine set @indicator, by an adapter interruption of subclass @isc,
 * when a guest's AQIC waits. If @indicator is NULL, the machine lets none wait.
 * Return -EOPNOTSUPP if there are no adapter interruptions.
 */
int machine_listen(u8 isc, const u8 *indicator);

/*
 * Fetch general registers 0 to 2 of @guest, whose AQIC waits, into @gprs, or
 * answer that with the AP queue status word @status. Return -ENODATA if no AQIC
 * of it waits.
 */
int machine_fetch_intercept(unsigned long guest, u64 *gprs);
int machine_answer_intercept(unsigned long guest, u32 status);

#endif /* SIE_MACHINE_H */
