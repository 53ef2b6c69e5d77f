// SPDX-License-Identifier: GPL-2.0-only
#include "backlog.h"

#include <glib.h>
#include <string.h>

#include "abi/lpar.h"
#include "cex/cex.h"

/* @said: stored commands by the guest's number */
struct backlog {
	GHashTable *said;
};

struct saying {
	struct ap_command command;
	uint8_t masks[LPAR_MASKS_SIZE];
};

struct backlog *backlog_new(void)
{
	struct backlog *backlog = g_new(struct backlog, 1);

	backlog->said = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	return backlog;
}

static bool can_wait(const struct ap_command *command)
{
	switch (command->op) {
	case AP_OP_GUEST_MASKS:
		return command->length == LPAR_MASKS_SIZE;
	case AP_OP_GUEST_DESTROY:
		return !command->length;
	default:
		return false;
	}
}

bool backlog_keep(struct backlog *backlog, const struct ap_command *command, const void *in)
{
	struct saying *saying;

	if (!can_wait(command) || (g_hash_table_size(backlog->said) >= CEX_GUESTS_MAX &&
				   !g_hash_table_contains(backlog->said, &command->arg[0])))
		return false;
	saying = g_new(struct saying, 1);
	saying->command = *command;
	memcpy(saying->masks, in, command->length);
	g_hash_table_replace(backlog->said, &saying->command.arg[0], saying);
	return true;
}

bool backlog_say(struct backlog *backlog,
		 bool (*say)(void *opaque, const struct ap_command *command, const void *in),
		 void *opaque)
{
	GHashTableIter at;
	gpointer value;

	g_hash_table_iter_init(&at, backlog->said);
	while (g_hash_table_iter_next(&at, NULL, &value)) {
		const struct saying *saying = value;

		if (!say(opaque, &saying->command, saying->masks))
			return false;
	}
	g_hash_table_remove_all(backlog->said);
	return true;
}
