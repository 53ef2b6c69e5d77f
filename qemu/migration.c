// SPDX-License-Identifier: GPL-2.0-only
#include "migration.h"

#include <stddef.h>

struct Error;

/*
 * QEMU's own functions, which are not part of its plugin interface. A QEMU that
 * was built without modules may not export them; they are NULL then.
 */
__attribute__((weak))
void error_setg_internal(struct Error **error, const char *file, int line,
			 const char *function, const char *format, ...);
__attribute__((weak))
int migrate_add_blocker(struct Error **reason, struct Error **error);

/*
 * QEMU stores the address of this pointer, and sets the pointer to NULL if it
 * does not accept the blocker.
 */
static struct Error *reason;

bool migration_block(void)
{
	if (!error_setg_internal || !migrate_add_blocker)
		return false;
	error_setg_internal(&reason, __FILE__, __LINE__, __func__,
			    "swcex.so: the state of adapters cannot be saved or "
			    "migrated; shut the VM down, and start it anew");
	return !migrate_add_blocker(&reason, NULL);
}
