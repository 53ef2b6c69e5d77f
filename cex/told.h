/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verbs that the observer was already told that no coprocessor serves them.
 * Each is told once, and at most TOLD_MAX of them are, because a VM can make up
 * as many as it likes.
 */
#ifndef CEX_TOLD_H
#define CEX_TOLD_H

#include "card/verb.h"

#define TOLD_MAX	64

struct told {
	unsigned int count;
	char names[TOLD_MAX][VERB_NAME_MAX];
};

/*
 * Record @name. Return whether it is to be told: false if it was told before or
 * there is no room left.
 */
bool told_add(struct told *told, const char *name);

#endif /* CEX_TOLD_H */
