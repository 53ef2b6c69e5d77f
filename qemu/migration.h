/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Migration and snapshots of the VM. QEMU's state contains nothing of what the
 * adapters and this plugin hold: requests, replies, interruptions, master keys.
 * So migration and snapshots are refused.
 */
#ifndef QEMU_MIGRATION_H
#define QEMU_MIGRATION_H

#include <stdbool.h>

/*
 * Make QEMU refuse savevm and migrate with a sentence until it ends. Return
 * false if it will not, as with -only-migratable, or cannot.
 */
bool migration_block(void);

#endif /* QEMU_MIGRATION_H */
