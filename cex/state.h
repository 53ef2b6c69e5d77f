/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The part of a machine that outlives its process, as bytes. It consists of the
 * master keys of every domain; for each queue its last user, the VM that it
 * interrupts and whether a ZAPQ is in progress; the dirty handovers; what the
 * LPAR's profile lacks, and which adapters are out of operation; the LPAR and
 * its guests with their numbers, APCBs and holders; and the wrapping key of
 * CPACF. Requests, replies and faults are not part of it.
 *
 * The bytes are secret. Numbers are big endian:
 *
 *	32	wrapping key of CPACF
 *	8	the highest id of a VM
 *	32 32	adapters, and domains, that are not in the profile
 *	32 32	adapters that are deconfigured, and that are checkstopped
 *	4	number of queues; for each
 *	    2		length of its record, including these two bytes
 *	    2 5		APQN, type of its adapter
 *	    1		1 if a ZAPQ is in progress
 *	    8 8 8 8	user, heir, VM that it interrupts, dirty handovers
 *	    12 x	for each kind of master key and each of its registers
 *	      1 32	state, value
 *	1	1 if there is an LPAR; then
 *	    64		its holder
 *	4	number of guests; for each
 *	    8 8 96	id, number, APCB
 *	    1 64	0 before it is attached, 1 while it is, 2 afterwards;
 *			holder
 */
#ifndef CEX_STATE_H
#define CEX_STATE_H

#include "bytes/cursor.h"
#include "cex.h"

/*
 * The state of a machine as bytes. They are brought up to date when they are
 * asked for: the records of the queues that have changed since are copied anew.
 */
struct state;

/*
 * state_new() makes the state of @machine, which already has its adapters and
 * domains and, if it is to be loaded, was loaded. It returns NULL if there is
 * no memory. state_free() wipes and frees it; NULL is allowed.
 */
struct state *state_new(struct cex_machine *machine);
void state_free(struct state *state);

/*
 * Set @bytes to the state as a whole was at one moment, that of *@revision. The
 * bytes belong to @state and are valid until the next call. The machine's lock
 * is held for the queues of one adapter at a time. Return 0, or -EIO if OpenSSL
 * lacks random numbers.
 */
int state_snapshot(struct state *state, struct slice *bytes,
		   uint64_t *revision);

/*
 * Bring @machine to the state in @bytes. @machine has its adapters and domains
 * and has had no VM. For each record of a queue that the machine does not have,
 * or has with another type of adapter, @gone is called; the record is kept and
 * saved again. Return 0, -EINVAL if the bytes are not a state, or -ENOMEM.
 * After an error, the machine can only be freed.
 */
int state_load(struct cex_machine *machine, struct slice bytes,
	       void (*gone)(uint16_t apqn, const char *type));

/*
 * Return the attached VM that follows @vm, or the first one if @vm is NULL. The
 * LPAR is the last one; NULL follows it.
 */
struct cex_vm *state_next_vm(struct cex_machine *machine, struct cex_vm *vm);

#endif /* CEX_STATE_H */
