/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's attachment to swcexd (abi/link.h).
 *
 * vCPUs take turns; each waits for its answer. When the connection ends, the
 * instruction waits for swcexd to come back, and is repeated: to the operating
 * system it has taken long, and has found the queue reset. It waits ten
 * seconds at most, as it does for a swcexd that does not answer. Then a sentence
 * on stderr says so and why, and the VM lives on with a machine that has no adapters:
 * QCI shows an empty configuration, every queue is "not available" (response
 * code 01) and LPAR calls end with ENODEV. An operating system takes
 * that for adapters that were removed from its configuration, which is what
 * happened. It finds them there again when swcexd has come back later, and swcexd
 * learns then what became of the LPAR's guests and their APCBs meanwhile.
 */
#ifndef QEMU_ATTACHMENT_H
#define QEMU_ATTACHMENT_H

#include "machine.h"

/*
 * Attach as the LPAR (@guest NULL) or as the guest *@guest to the swcexd that
 * listens on @path. With @interrupts, never without memory that it shares
 * (machine.changes), by which a VM is interrupted. NULL: a sentence in @reason.
 */
struct machine *attachment_open(const char *path, const uint64_t *guest,
				bool interrupts, char *reason, size_t size);

#endif /* QEMU_ATTACHMENT_H */
