/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A VM's attachment to apd (adapters/link.h).
 *
 * vCPUs take turns; each waits for its answer, for a bounded time. When apd
 * does not answer, or is gone, the VM is told so once on stderr and lives on
 * with a machine that has no adapters: QCI shows an empty configuration,
 * every queue is "not available" (response code 01) and every LPAR call ends
 * with ENODEV. An operating system takes that for adapters that were removed
 * from its configuration, which is what happened.
 */
#ifndef ATTACHMENT_H
#define ATTACHMENT_H

#include "machine.h"

/*
 * Attach as the LPAR (@guest NULL) or as the guest *@guest to the apd that
 * listens on @path. NULL: a sentence in @reason.
 */
struct machine *attachment_open(const char *path, const uint64_t *guest,
				char *reason, size_t size);

#endif /* ATTACHMENT_H */
