/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How people are told of a verb that a coprocessor does not serve: by its name,
 * and by the lengths of the parts of the request, which show its layout.
 */
#ifndef CARD_VERB_H
#define CARD_VERB_H

#include "bytes/cursor.h"

#define VERB_NAME_MAX	64
#define VERB_PARTS_MAX	96

struct verb {
	char name[VERB_NAME_MAX];
	char parts[VERB_PARTS_MAX];
};

/*
 * Write @bytes as a string to @text, which has room for @room characters with
 * the NUL at the end. What does not fit is left out. A full stop stands for
 * each byte that cannot be printed.
 */
void verb_print(char *text, size_t room, struct slice bytes);

#endif /* CARD_VERB_H */
