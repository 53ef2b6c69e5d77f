/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine's side of a VM's shelf (abi/shelf.h), which has replies that the
 * VM takes without asking.
 *
 * A slot is free, or has an owner, whose reply is in it. When the reply is no
 * longer shown, for whatever reason, the slot is wiped at once, but it is free
 * only after the next command of the VM: until then, the VM may have taken the
 * reply and not said so. Nothing is read from the memory that the VM sees.
 *
 * The caller of every function holds the machine's lock.
 */
#ifndef CEX_SHELF_H
#define CEX_SHELF_H

#include <stdbool.h>
#include <stddef.h>

#include "abi/shelf.h"

#define SHELF_NONE	(-1)

/* What a line says, before it is written. */
struct shelf_line {
	struct shelf_head head;
	struct shelf_reply reply[SHELF_REPLIES];
};

/*
 * @shown: the memory that the VM sees, or NULL if nothing can be shown
 * @line: what was written there
 * @owner: of each slot; NULL if it is free or its owner is gone
 * @used: slots that are not free
 * @wiped: those of them that show nothing any more
 */
struct shelf {
	struct ap_shelf *shown;
	struct shelf_line line[SHELF_LINES];
	void *owner[SHELF_SLOTS];
	uint64_t used;
	uint64_t wiped;
};

/*
 * shelf_open() begins with an empty shelf in the memory @shown, which is zero or
 * was that of a shelf that is closed. shelf_close() withdraws all lines, and
 * forgets the memory; no slot may have an owner then.
 */
void shelf_open(struct shelf *shelf, struct ap_shelf *shown);
void shelf_close(struct shelf *shelf);

/*
 * Lay a reply of @owner, which is not NULL, into a free slot. Return the slot,
 * or SHELF_NONE if none is free or the reply is too long.
 */
int shelf_lay(struct shelf *shelf, void *owner, uint64_t psmid,
	      const void *reply, size_t length);

/* Return whether there are @count free slots. */
bool shelf_has_slots(const struct shelf *shelf, unsigned int count);

/*
 * Return whether the slot shows a reply of its owner. If not, its reply may have
 * been taken before it was wiped.
 */
bool shelf_shows(const struct shelf *shelf, int slot);

/*
 * shelf_has_line() returns whether @apqn has its line, or can get it.
 * shelf_write() writes the line of the queue that its head names.
 */
bool shelf_has_line(const struct shelf *shelf, uint16_t apqn);
void shelf_write(struct shelf *shelf, const struct shelf_line *line);

/*
 * Show nothing of the queue @apqn, or of any queue, from now on. The slots are
 * wiped, and their owners stay.
 */
void shelf_withdraw(struct shelf *shelf, uint16_t apqn);
void shelf_withdraw_all(struct shelf *shelf);

/*
 * Forget the owner of @slot, which is about to be freed, and withdraw its queue
 * @apqn.
 */
void shelf_disown(struct shelf *shelf, int slot, uint16_t apqn);

/*
 * Return the owner of the lowest slot in *@taken that has one, and remove that
 * slot and those below it from *@taken; return NULL if there is none. *@taken
 * is what a command of the VM said, which is not trusted.
 */
void *shelf_next_taken(const struct shelf *shelf, uint64_t *taken);

/*
 * Free slots that were wiped, because the VM has said all that it has taken.
 * Return the owner of the first of them that has one, which it is no longer, or
 * NULL if none is left.
 */
void *shelf_next_free(struct shelf *shelf);

#endif /* CEX_SHELF_H */
