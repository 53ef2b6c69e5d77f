// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include "watch.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Return whether the memory cannot shrink; if it could, that could kill the VM.
 */
static bool is_fit(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat file;

	return seals >= 0 && seals & F_SEAL_SHRINK && !fstat(fd, &file) &&
	       file.st_size >= (off_t)sizeof(struct link_memory);
}

void watch_open(struct watch *watch, int fd)
{
	struct link_memory *memory = MAP_FAILED;

	if (is_fit(fd))
		memory = mmap(watch->place, sizeof(*memory), PROT_READ,
			      watch->place ? MAP_SHARED | MAP_FIXED : MAP_SHARED,
			      fd, 0);
	if (memory != MAP_FAILED) {
		watch->place = memory;
		watch->changes = &memory->changes;
	}
	close(fd);
}

void watch_close(struct watch *watch)
{
	watch->changes = NULL;
	memset(watch->poll, 0, sizeof(watch->poll));
}

static const struct poll *poll_of(const struct watch *watch, uint16_t apqn)
{
	return &watch->poll[apqn % AP_CHANGES];
}

static uint64_t count_of(const struct watch *watch, uint16_t apqn)
{
	return *AP_CHANGES_OF(watch->changes, apqn);
}

/*
 * Return whether the last answer is still valid. A message that was too long
 * for the machine was not answered with a status.
 */
static bool still_holds(const struct poll *poll,
			const struct ap_command *command, uint64_t now)
{
	return poll->time && poll->apqn == command->apqn &&
	       command->arg[0] <= poll->room &&
	       now - poll->time < WATCH_NANOSECONDS;
}

static bool is_poll(const struct watch *watch, const struct ap_command *command)
{
	return watch->changes && command->op == AP_OP_DQAP && command->arg[0];
}

bool watch_answer(const struct watch *watch, const struct ap_command *command,
		  uint64_t now, struct ap_result *result)
{
	const struct poll *poll = poll_of(watch, command->apqn);

	if (!is_poll(watch, command) || !still_holds(poll, command, now) ||
	    poll->count != count_of(watch, command->apqn))
		return false;
	*result = (struct ap_result){ .status = poll->status };
	return true;
}

void watch_before(struct watch *watch, const struct ap_command *command,
		  uint64_t now)
{
	if (!is_poll(watch, command))
		return;
	watch->poll[command->apqn % AP_CHANGES] = (struct poll){
		.apqn = command->apqn,
		.room = command->arg[0],
		.count = count_of(watch, command->apqn),
		.time = now,
	};
}

/*
 * Return the status that the next DQAP finds, according to the flags of this
 * one.
 */
static uint32_t next_status(const struct ap_result *result)
{
	if (!ap_took_last_reply(result))
		return result->status;
	return result->status | AP_STATUS_OF_RC(AP_RC_NO_PENDING_REPLY);
}

void watch_after(struct watch *watch, const struct ap_command *command,
		 const struct ap_result *result)
{
	struct poll *poll = &watch->poll[command->apqn % AP_CHANGES];

	if (!is_poll(watch, command))
		return;
	poll->status = next_status(result);
	if (result->check || AP_STATUS_RC(poll->status) != AP_RC_NO_PENDING_REPLY)
		poll->time = 0;
}
