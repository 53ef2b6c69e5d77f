// SPDX-License-Identifier: GPL-2.0-only
#include "ap_bus.h"
#include "bus.h"

bool vfio_ap_bus_is_busy(struct ap_queue *aq)
{
	bool busy;

	spin_lock_bh(&aq->lock);
	busy = aq->dev_state == AP_DEV_STATE_OPERATING && aq->sm_state < AP_SM_STATE_IDLE;
	spin_unlock_bh(&aq->lock);
	return busy;
}

bool vfio_ap_bus_sees_away(struct ap_queue *aq)
{
	bool away;

	spin_lock_bh(&aq->lock);
	away = !aq->config || aq->chkstop || aq->dev_state == AP_DEV_STATE_ERROR;
	spin_unlock_bh(&aq->lock);
	return away;
}

/* The bus polls only queues that have a driver. */
void vfio_ap_bus_resume(struct ap_queue *aq)
{
	if (vfio_ap_bus_is_busy(aq))
		ap_queue_init_state(aq);
}
