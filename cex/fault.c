// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "fault.h"

static const char *const names[FAULTS] = {
	[FAULT_BUSY] = "busy",
	[FAULT_FULL] = "full",
	[FAULT_RESET_ERROR] = "reset-error",
	[FAULT_REPLY_LOST] = "reply-lost",
	[FAULT_REPLY_TRUNCATED] = "reply-truncated",
	[FAULT_REPLY_TYPE] = "reply-type",
	[FAULT_REPLY_ID] = "reply-id",
};

bool fault_is_set(const struct faults *faults, enum fault fault)
{
	return faults->left[fault];
}

bool fault_strike(struct faults *faults, enum fault fault)
{
	uint64_t *left = &faults->left[fault];

	if (!*left)
		return false;
	if (*left != FAULT_ALWAYS)
		--*left;
	return true;
}

const char *fault_name(enum fault fault)
{
	return names[fault];
}

enum fault fault_find(const char *name)
{
	enum fault fault = 0;

	while (fault < FAULTS && strcmp(names[fault], name))
		fault++;
	return fault;
}
