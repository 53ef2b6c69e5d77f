// SPDX-License-Identifier: GPL-2.0-only
#include <linux/atomic.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "mdev.h"
#include "queue.h"
#include "requests.h"
#include "tables.h"

/*
 * Workers of resets wait for no hardware and no guest. A few of them do as much
 * as many would, without competing for tables.lock and the CPUs.
 */
#define RESET_WORKERS 8

/* Time limit of the wait of the AP bus for guests. */
#define REFRESH_TIME HZ

static struct workqueue_struct *refresh_wq;
static atomic_t refreshes;	/* requested, not yet done */
static DECLARE_WAIT_QUEUE_HEAD(refreshes_done);
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
	atomic_inc(&refreshes);
	if (!queue_work(refresh_wq, &m->refresh_work))
		vfio_ap_refresh_done();
}

void vfio_ap_refresh_done(void)
{
	if (atomic_dec_and_test(&refreshes))
		wake_up_all(&refreshes_done);
}

void vfio_ap_wait_for_refreshes(void)
{
	wait_event_timeout(refreshes_done, !atomic_read(&refreshes), REFRESH_TIME);
}

void vfio_ap_request_reset(struct queue *q, unsigned long delay)
{
	mod_delayed_work(reset_wq, &q->reset_work, delay);
}

void vfio_ap_request_look(struct queue *q, unsigned long delay)
{
	queue_delayed_work(reset_wq, &q->reset_work, delay);
}
