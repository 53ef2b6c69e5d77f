// SPDX-License-Identifier: GPL-2.0-only
#include <linux/workqueue.h>

#include "mdev.h"
#include "queue.h"
#include "requests.h"
#include "tables.h"

/*
 * Workers of resets wait for no hardware and no guest. A few of them do what many could, and
 * do not keep each other from tables.lock and the CPUs.
 */
#define RESET_WORKERS 8

static struct workqueue_struct *refresh_wq;
static struct workqueue_struct *reset_wq;

int vfio_ap_requests_setup(void)
{
	reset_wq = alloc_workqueue("vfio_ap_reset", WQ_UNBOUND, RESET_WORKERS);
	if (!reset_wq)
		return -ENOMEM;
	refresh_wq = alloc_workqueue("vfio_ap_refresh", WQ_UNBOUND, 0);
	if (!refresh_wq) {
		destroy_workqueue(reset_wq);
		return -ENOMEM;
	}
	return 0;
}

void vfio_ap_requests_cleanup(void)
{
	destroy_workqueue(refresh_wq);
	destroy_workqueue(reset_wq);
}

void vfio_ap_request_refresh(struct matrix_mdev *m)
{
	lockdep_assert_held(&vfio_ap_tables.lock);
	queue_work(refresh_wq, &m->refresh_work);
}

void vfio_ap_wait_for_refreshes(void)
{
	flush_workqueue(refresh_wq);
}

void vfio_ap_request_reset(struct queue *q, unsigned long delay)
{
	mod_delayed_work(reset_wq, &q->reset_work, delay);
}

void vfio_ap_request_look(struct queue *q, unsigned long delay)
{
	queue_delayed_work(reset_wq, &q->reset_work, delay);
}
