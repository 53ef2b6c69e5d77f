/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells whoever observes the machine (cex_observe()), if anybody, of what VMs
 * do to it. The caller holds the machine's lock.
 */
#ifndef CEX_OBSERVER_H
#define CEX_OBSERVER_H

#include "cex.h"

static inline void observer_tell(const struct cex_observer *observer,
				 const struct cex_event *event)
{
	if (observer && observer->tell)
		observer->tell(observer->context, event);
}

#endif /* CEX_OBSERVER_H */
