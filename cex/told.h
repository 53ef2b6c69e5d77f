/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The verbs that no coprocessor serves and of which the observer was told. It
 * is told of each once, and of TOLD_MAX verbs at most, because a VM can make up
 * any number of them.
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
