/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tell the observer of the machine, if there is one (cex_observe()), what a VM
 * did to it. The caller holds the machine's lock.
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
