/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Polls that need not be sent: a DQAP finds no reply if the last one found
 * none, or took the last one, and the machine has counted no change of the
 * queue since (struct ap_changes in abi/ap.h).
 *
 * An answer is valid for WATCH_NANOSECONDS, so that a VM which only polls
 * notices when the machine is gone. The caller serializes calls.
 */
#ifndef QEMU_WATCH_H
#define QEMU_WATCH_H

#include "abi/link.h"

#define WATCH_NANOSECONDS	20000000

/*
 * @room, @status, @time: of the last poll that was sent; @count: just before it
 */
struct poll {
	uint16_t apqn;
	uint32_t status;
	uint64_t room;
	uint64_t count;
	uint64_t time;
};

/*
 * @changes is NULL if there is nothing to watch; every poll is sent then. Else it
 * is part of @place, which the VM only reads.
 */
struct watch {
	const struct ap_changes *changes;
	struct link_memory *place;
	struct poll poll[AP_CHANGES];
};

/* Watch the memory behind @fd if it is suitable. watch_open() closes @fd. */
void watch_open(struct watch *watch, int fd);

/*
 * Stop watching, and forget all answers. The memory stays mapped for others who
 * read it, and the next memory is mapped in its place.
 */
void watch_close(struct watch *watch);

/* Return whether @command need not be sent; @result is then its answer. */
bool watch_answer(const struct watch *watch, const struct ap_command *command,
		  uint64_t now, struct ap_result *result);

/* Note the count before @command is sent, and its answer afterwards. */
void watch_before(struct watch *watch, const struct ap_command *command,
		  uint64_t now);
void watch_after(struct watch *watch, const struct ap_command *command,
		 const struct ap_result *result);

#endif /* QEMU_WATCH_H */
