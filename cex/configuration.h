/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the LPAR's profile gives to it, and which of it is configured: the
 * parts of a machine that change under running VMs.
 *
 * Taken out of the profile, an adapter or a domain is not there any more: QCI
 * does not show it, and its queues answer with response code 01, also to a
 * guest whose APCB names them. A deconfigured or checkstopped adapter is there
 * and out of operation. Either way its queues lose their requests and replies,
 * and keep their users.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_CONFIGURATION_H
#define CEX_CONFIGURATION_H

#include "vm.h"

/*
 * What the LPAR orders. Returns 0, -EALREADY (it is in that state), or -ENODEV
 * (it is not there).
 */
int configuration_set(struct cex_machine *machine, uint64_t adapter,
		      enum adapter_state state);

#endif /* CEX_CONFIGURATION_H */
