/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which verbs an observer was told of that no coprocessor serves. Each is told
 * once, and only so many: VMs may invent as many as they like.
 */
#ifndef CEX_TOLD_H
#define CEX_TOLD_H

#include "card/verb.h"

#define TOLD_MAX	64

struct told {
	unsigned int count;
	char names[TOLD_MAX][VERB_NAME_MAX];
};

/* Note @name. False: it was told before, or there is no room left. */
bool told_add(struct told *told, const char *name);

#endif /* CEX_TOLD_H */
