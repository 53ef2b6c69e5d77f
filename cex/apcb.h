/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an APCB names: the queues of its adapters and domains, and the domains
 * that its VM controls.
 */
#ifndef CEX_APCB_H
#define CEX_APCB_H

#include "abi/ap.h"

/* Every queue, and control of every domain. */
extern const struct ap_apcb apcb_all;

/* Return whether @apcb names the queue @apqn. */
bool apcb_allows(const struct ap_apcb *apcb, uint16_t apqn);

/* Return whether there is a queue that both name. */
bool apcb_share_queues(const struct ap_apcb *apcb, const struct ap_apcb *other);

/*
 * apcb_and() removes from @apcb what @other does not name; apcb_or() adds to it
 * what @other names.
 */
void apcb_and(struct ap_apcb *apcb, const struct ap_apcb *other);
void apcb_or(struct ap_apcb *apcb, const struct ap_apcb *other);

#endif /* CEX_APCB_H */
