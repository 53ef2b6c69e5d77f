/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Migration and snapshots of the VM. QEMU's state has none of what the adapters
 * and this plugin hold: requests, replies, interruptions, master keys. So they are
 * refused.
 */
#ifndef QEMU_MIGRATION_H
#define QEMU_MIGRATION_H

#include <stdbool.h>

/*
 * Have QEMU refuse savevm and migrate, with a sentence, until it ends. Returns
 * false if it will not, as with -only-migratable, or cannot.
 */
bool migration_block(void);

#endif /* QEMU_MIGRATION_H */
