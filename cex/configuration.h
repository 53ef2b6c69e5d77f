/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the LPAR's profile gives to it, and which adapters are configured: the
 * parts of a machine that change under running VMs.
 *
 * An adapter or a domain that is removed from the profile is not there any
 * more: QCI does not show it, and its queues answer with response code 01, also
 * to a guest whose APCB names them. An adapter that is deconfigured or
 * checkstopped is there and out of operation. Either way, its queues lose their
 * requests and replies and keep their users.
 *
 * The caller holds the machine's lock.
 */
#ifndef CEX_CONFIGURATION_H
#define CEX_CONFIGURATION_H

#include "vm.h"

/*
 * Bring @adapter to @state because the LPAR orders it. Return 0, -EALREADY if
 * the adapter is in that state, or -ENODEV if it is not in the profile.
 */
int configuration_set(struct cex_machine *machine, uint64_t adapter,
		      enum adapter_state state);

#endif /* CEX_CONFIGURATION_H */
