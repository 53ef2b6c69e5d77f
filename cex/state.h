/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of a machine outlives its process, as bytes: the master keys of every
 * domain; who used each queue last, whom it interrupts, and whether a ZAPQ of it
 * is in progress; the dirty handovers; what the LPAR's profile lacks, and which adapters are out
 * of operation; the LPAR and its guests with their numbers, APCBs and holders;
 * the wrapping key of CPACF. Requests and replies do not, nor faults.
 *
 * The bytes are secret. Numbers are big endian:
 *
 *	32	wrapping key of CPACF
 *	8	the highest id of a VM
 *	32 32	adapters, and domains, that are not in the profile
 *	32 32	adapters that are deconfigured, and that are checkstopped
 *	4	how many queues there are; each
 *	    2		length of what is kept about it, these two bytes included
 *	    2 5		APQN, type of its adapter
 *	    1		1: a ZAPQ is in progress
 *	    8 8 8 8	user, heir, who is interrupted, dirty handovers
 *	    12 x	for each kind of master key and each of its registers
 *	      1 32	state, value
 *	1	1: there is an LPAR; then
 *	    64		its holder
 *	4	how many guests there are; each
 *	    8 8 96	id, number, APCB
 *	    1 64	1: attached, 2: not any more, 0: not yet; holder
 */
#ifndef CEX_STATE_H
#define CEX_STATE_H

#include "bytes/cursor.h"
#include "cex.h"

/*
 * The state of a machine as bytes, which are brought up to date when they are
 * wanted: what changed since is copied, queue by queue.
 */
struct state;

/*
 * For @machine, which has its adapters and domains, and was loaded if it is to be.
 * NULL: no memory. Freeing wipes it.
 */
struct state *state_new(struct cex_machine *machine);
void state_free(struct state *state);

/*
 * The bytes at *@revision, as they all were at one moment; good until the next
 * call. The machine's lock is held for the queues of one adapter at a time.
 * Returns 0, or -EIO: OpenSSL lacks random numbers.
 */
int state_save(struct state *state, struct slice *bytes, uint64_t *revision);

/*
 * Bring @machine, which has its adapters and domains and had no VM yet, to a
 * state. What is kept about a queue that it has not, or has with another type
 * of adapter, is told to @gone, and goes on being kept. Returns 0, -EINVAL (the
 * bytes are no state) or -ENOMEM; after an error, the machine is good for
 * nothing.
 */
int state_load(struct cex_machine *machine, struct slice bytes,
	       void (*gone)(uint16_t apqn, const char *type));

/*
 * The attached VMs, one after the other, the LPAR as the last; @vm is the one
 * before, and NULL at first.
 */
struct cex_vm *state_next_vm(struct cex_machine *machine, struct cex_vm *vm);

#endif /* CEX_STATE_H */
