/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guests of an LPAR, which its LPAR calls create, change and destroy (the
 * operations GUEST_... of ap.h). A guest is named by its number. Functions that
 * return an int return 0, -ENOENT if there is no such guest, or an error that
 * their comment names.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_GUEST_H
#define CEX_GUEST_H

#include "vm.h"

/*
 * Create a guest and set @number to its random number. Return 0, -ENOSPC if
 * there can be no more guests, or -ENOMEM if memory or random numbers are
 * lacking.
 */
int guest_create(struct cex_machine *machine, uint64_t *number);

/*
 * Set the guest's APCB. The guest reaches every queue that the APCB names and
 * the profile has, which may be a dirty handover.
 */
int guest_set_apcb(struct cex_machine *machine, uint64_t number,
		   const struct ap_apcb *apcb);

/*
 * Destroy the guest: it has an empty APCB, its requests are dropped, and no
 * queue interrupts it. It is freed when it is detached, or at once if it is not
 * attached.
 */
int guest_destroy(struct cex_machine *machine, uint64_t number);

/*
 * Fetch the registers of the guest's AQIC, and answer it with @status. Both
 * return -ENODATA if no AQIC of the guest waits to be fetched or answered.
 */
int guest_fetch_intercept(struct cex_machine *machine, uint64_t number,
			  struct ap_intercept *registers);
int guest_answer_intercept(struct cex_machine *machine, uint64_t number,
			   uint32_t status);

/* Return the guest whose AQIC for @apqn the LPAR is carrying out, or NULL. */
struct cex_vm *guest_intercepted(const struct cex_machine *machine,
				 uint16_t apqn);

/*
 * Destroy all guests because their LPAR ends, and do not let AQICs wait for the
 * LPAR any more.
 */
void guest_destroy_all(struct cex_machine *machine);

#endif /* CEX_GUEST_H */
