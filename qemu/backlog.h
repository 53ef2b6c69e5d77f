/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an LPAR has done with its guests while swcexd was absent: their APCBs,
 * and that they have ended. On an IBM Z each of these is a write to storage,
 * which cannot fail, so swcexd is told when it is back.
 */
#ifndef QEMU_BACKLOG_H
#define QEMU_BACKLOG_H

#include <stdbool.h>

#include "abi/ap.h"

struct backlog;

/*
 * Return a new backlog, never NULL. It is never freed, because an attachment
 * has one for as long as QEMU runs.
 */
struct backlog *backlog_new(void);

/*
 * Store @command and its @in, in place of what was stored for the same guest.
 * Return false if the command is not of this kind, or if there are more guests
 * than swcexd has room for.
 */
bool backlog_keep(struct backlog *backlog, const struct ap_command *command, const void *in);

/*
 * Call @say for each stored command, in no particular order, and then forget
 * them. Return false, and forget nothing, if @say returned false once.
 */
bool backlog_say(struct backlog *backlog,
		 bool (*say)(void *opaque, const struct ap_command *command, const void *in),
		 void *opaque);

#endif /* QEMU_BACKLOG_H */
