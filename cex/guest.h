/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The guests of an LPAR, as its LPAR calls make, change and end them: the
 * operations GUEST_... of ap.h. A guest is named by its number. Functions
 * return 0, or -ENOENT when there is no such guest, and what else they name.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_GUEST_H
#define CEX_GUEST_H

#include "vm.h"

/* -ENOSPC: there can be no more. -ENOMEM: no memory, or no random numbers. */
int guest_create(struct cex_machine *machine, uint64_t *number);

/* What the guest comes to reach, it has reached in the sense of dirty handovers. */
int guest_set_apcb(struct cex_machine *machine, uint64_t number,
		   const struct ap_apcb *apcb);

int guest_destroy(struct cex_machine *machine, uint64_t number);

/* -ENODATA: none of its AQICs waits to be fetched, or answered. */
int guest_fetch_intercept(struct cex_machine *machine, uint64_t number,
			  struct ap_intercept *registers);
int guest_answer_intercept(struct cex_machine *machine, uint64_t number,
			   uint32_t status);

/* The guest whose AQIC for @apqn the LPAR is carrying out, or NULL. */
struct cex_vm *guest_intercepted(const struct cex_machine *machine,
				 uint16_t apqn);

/* Destroy all of them, whose LPAR ends; nobody listens for their AQICs. */
void guest_destroy_all(struct cex_machine *machine);

#endif /* CEX_GUEST_H */
