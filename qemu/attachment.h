/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's attachment to swcexd (abi/link.h).
 *
 * vCPUs take turns, and each waits for its answer. When the connection ends,
 * the instruction waits until swcexd is back, and is repeated. To the operating
 * system it has taken long, and the queue was reset. The instruction waits for
 * ten seconds at most, as it also does for a swcexd that does not answer. Then
 * a sentence on stderr says so and why, and the VM continues with a machine
 * that has no adapters: QCI shows an empty configuration, every queue is "not
 * available" (response code 01) and LPAR calls end with ENODEV. To an operating
 * system, these adapters were removed from its configuration, which is what
 * happened. It finds them again when swcexd is back later, and swcexd is then
 * told what has happened to the LPAR's guests and their APCBs meanwhile.
 */
#ifndef QEMU_ATTACHMENT_H
#define QEMU_ATTACHMENT_H

#include "machine.h"

/*
 * Attach as the LPAR (@guest is NULL) or as the guest *@guest to the swcexd
 * that listens on @path. With @interrupts, swcexd has to share memory
 * (machine.changes), by which the VM is interrupted, or attaching fails. Return
 * the machine, which is never freed, or NULL with a sentence in @reason.
 */
struct machine *attachment_open(const char *path, const uint64_t *guest,
				bool interrupts, char *reason, size_t size);

#endif /* QEMU_ATTACHMENT_H */
