/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an LPAR has said about its guests while swcexd was gone: their APCBs, and
 * that they have ended. On an IBM Z either is a write to storage, which cannot
 * fail, so swcexd is told when it is back.
 */
#ifndef QEMU_BACKLOG_H
#define QEMU_BACKLOG_H

#include <stdbool.h>

#include "abi/ap.h"

struct backlog;

/* Never NULL, and never freed: an attachment has one, for as long as QEMU runs. */
struct backlog *backlog_new(void);

/*
 * Keep @command and its @in, in place of what was kept about the same guest.
 * False: it is not of that kind, or there are more guests than swcexd has room for.
 */
bool backlog_keep(struct backlog *backlog, const struct ap_command *command, const void *in);

/*
 * Say all of it by @say, in no order, and forget it. False: @say was false once,
 * and nothing is forgotten.
 */
bool backlog_say(struct backlog *backlog,
		 bool (*say)(void *opaque, const struct ap_command *command, const void *in),
		 void *opaque);

#endif /* QEMU_BACKLOG_H */
