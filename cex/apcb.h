/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an APCB names: the queues of its adapters times its domains, and the
 * domains that its VM controls.
 */
#ifndef CEX_APCB_H
#define CEX_APCB_H

#include "abi/ap.h"

/* Every queue, and control of every domain. */
extern const struct ap_apcb apcb_all;

bool apcb_allows(const struct ap_apcb *apcb, uint16_t apqn);

/* Keep what @other names, too; or name what it names as well. */
void apcb_and(struct ap_apcb *apcb, const struct ap_apcb *other);
void apcb_or(struct ap_apcb *apcb, const struct ap_apcb *other);

#endif /* CEX_APCB_H */
