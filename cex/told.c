// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "told.h"

bool told_add(struct told *told, const char *name)
{
	for (unsigned int i = 0; i < told->count; i++)
		if (!strcmp(told->names[i], name))
			return false;
	if (told->count == TOLD_MAX)
		return false;
	snprintf(told->names[told->count++], VERB_NAME_MAX, "%s", name);
	return true;
}
