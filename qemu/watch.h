/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Polls that need not be sent: a DQAP finds no reply, as the last one found none
 * or took the last one, as long as the machine has counted no change of the
 * queue (struct ap_changes in abi/ap.h).
 *
 * An answer serves for WATCH_NANOSECONDS, so that a VM which does nothing but
 * poll notices when the machine is gone. The caller serializes.
 */
#ifndef QEMU_WATCH_H
#define QEMU_WATCH_H

#include "abi/ap.h"

#define WATCH_NANOSECONDS	20000000

/* @room, @status, @time: of the last poll that was sent; @count: just before it */
struct poll {
	uint16_t apqn;
	uint32_t status;
	uint64_t room;
	uint64_t count;
	uint64_t time;
};

/* @changes is NULL when there is nothing to watch: then every poll is sent. */
struct watch {
	const struct ap_changes *changes;
	void *place;
	struct poll poll[AP_CHANGES];
};

/* Watch the memory behind @fd, which is closed, if it is fit for it. */
void watch_open(struct watch *watch, int fd);

/*
 * There is nothing to watch any more; all that was seen is forgotten. The
 * memory stays where it is, for others who look at it, and the next one takes
 * its place.
 */
void watch_close(struct watch *watch);

/* Whether @command need not be sent; @result is then its answer. */
bool watch_answer(const struct watch *watch, const struct ap_command *command,
		  uint64_t now, struct ap_result *result);

/* Take down the count, before @command is sent; then its answer. */
void watch_before(struct watch *watch, const struct ap_command *command,
		  uint64_t now);
void watch_after(struct watch *watch, const struct ap_command *command,
		 const struct ap_result *result);

#endif /* QEMU_WATCH_H */
