// SPDX-License-Identifier: GPL-2.0-only
#include "apcb.h"

#define ALL_ONES	{ .byte = { [0 ... 31] = 0xff } }

const struct ap_apcb apcb_all = {
	.apm = ALL_ONES,
	.aqm = ALL_ONES,
	.adm = ALL_ONES,
};

bool apcb_allows(const struct ap_apcb *apcb, uint16_t apqn)
{
	return ap_mask_test(&apcb->apm, AP_ADAPTER(apqn)) &&
	       ap_mask_test(&apcb->aqm, AP_DOMAIN(apqn));
}

static bool masks_meet(const struct ap_mask *mask, const struct ap_mask *other)
{
	for (unsigned int i = 0; i < sizeof(mask->byte); i++)
		if (mask->byte[i] & other->byte[i])
			return true;
	return false;
}

bool apcb_share_queues(const struct ap_apcb *apcb, const struct ap_apcb *other)
{
	return masks_meet(&apcb->apm, &other->apm) &&
	       masks_meet(&apcb->aqm, &other->aqm);
}

void apcb_and(struct ap_apcb *apcb, const struct ap_apcb *other)
{
	ap_mask_and(&apcb->apm, &other->apm);
	ap_mask_and(&apcb->aqm, &other->aqm);
	ap_mask_and(&apcb->adm, &other->adm);
}

static void mask_or(struct ap_mask *mask, const struct ap_mask *other)
{
	for (unsigned int i = 0; i < sizeof(mask->byte); i++)
		mask->byte[i] |= other->byte[i];
}

void apcb_or(struct ap_apcb *apcb, const struct ap_apcb *other)
{
	mask_or(&apcb->apm, &other->apm);
	mask_or(&apcb->aqm, &other->aqm);
	mask_or(&apcb->adm, &other->adm);
}
