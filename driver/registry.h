/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry records who has which queues. Others query and change the tables
 * of devices and queues, and the host's AP configuration, by these functions
 * only. Each of them is one step under tables.lock.
 */
#ifndef VFIO_AP_REGISTRY_H
#define VFIO_AP_REGISTRY_H

#include "clock.h"
#include "matrix.h"
#include "queue_state.h"

struct ap_config_info;
struct matrix_mdev;
struct queue;
struct refusal;

/* Return the largest ids that the machine can have, which are constant. */
unsigned int vfio_ap_registry_max_adapter(void);
unsigned int vfio_ap_registry_max_domain(void);

/* The host */

/*
 * Begin to zeroize what guests have left in queues that come back with the
 * configuration @info, which the AP bus is about to adopt. The host may be
 * their next user, who then finds them in reset.
 */
void vfio_ap_registry_zeroize_returned(const struct ap_config_info *info);
/*
 * Set the host's AP configuration to @info, unless the AP bus has reported a
 * later one meanwhile.
 */
void vfio_ap_registry_read_host(const struct ap_config_info *info);
/*
 * Set the host's AP configuration to @info, which the AP bus is adopting
 * (@scanning) or has adopted. Every guest is up to date when this returns, or a
 * second has passed.
 */
void vfio_ap_registry_set_host(const struct ap_config_info *info, bool scanning);
/*
 * Return whether the host must not have all of @wanted. Each obstacle is added
 * to @refusal. The caller holds ap_reservation_mutex.
 */
bool vfio_ap_registry_withholds(const struct matrix *wanted, struct refusal *refusal);

/* Mediated devices. Functions that change a device need m->lock, too. */

void vfio_ap_registry_list(struct matrix_mdev *m);
/* Remove @m from the registry. No refresh of it is requested from then on. */
void vfio_ap_registry_unlist(struct matrix_mdev *m);
/* Return a copy of a matrix of a device. */
struct matrix vfio_ap_registry_read(const struct matrix *of);
/*
 * Return what @m claims for its guest: the assigned matrix, or nothing while
 * the device is staged.
 */
struct matrix vfio_ap_registry_claimed(const struct matrix_mdev *m);
/*
 * Make @next the assigned matrix, and the device staged or @active; or name the
 * obstacles in m->refusal and return -EADDRNOTAVAIL, -EADDRINUSE or -ENODEV as
 * vfio_ap_assign() does. @reserved says that the refusal already names APQNs
 * that the host has reserved. The caller holds ap_reservation_mutex, so that
 * the host reserves nothing between the check and the claim.
 */
int vfio_ap_registry_claim(struct matrix_mdev *m, const struct matrix *next, bool active,
			   bool reserved);
/*
 * Set whether the guest controls its usage domains. That comes into force with
 * the next plan.
 */
void vfio_ap_registry_control_usage(struct matrix_mdev *m, bool control);
/* Let the assigned matrix come into force. */
void vfio_ap_registry_settle(struct matrix_mdev *m);
/*
 * Check each clean queue that the guest may get, and reset it again if it is
 * not idle.
 */
void vfio_ap_registry_recheck(struct matrix_mdev *m);
/*
 * Set m->apcb to what the guest is to have. If the guest runs, queues that
 * m->apcb did not contain before enter the guest.
 */
void vfio_ap_registry_plan(struct matrix_mdev *m);
/* Clear m->apcb. */
void vfio_ap_registry_clear(struct matrix_mdev *m);
/*
 * Begin to reset the queues that have left the guest, whose APCB in force has
 * changed from @before to m->apcb.
 */
void vfio_ap_registry_leave(struct matrix_mdev *m, const struct matrix *before);
/* Begin to reset @queues, which the guest has. */
void vfio_ap_registry_begin_reset(const struct matrix *queues);
/*
 * Return 0, or -EIO if one of @queues has not been reset. Another device may
 * have got some of them meanwhile.
 */
int vfio_ap_registry_reset_result(const struct matrix_mdev *m, const struct matrix *queues);
/*
 * Wait until no queue that is assigned to @m, or was in its guest, is being
 * reset. The time limit of resets bounds the wait. The caller holds no lock.
 */
void vfio_ap_registry_wait(const struct matrix_mdev *m);

/*
 * Return whether a queue that is assigned to @m and in no guest is being reset.
 * No guest can prolong that.
 */
bool vfio_ap_registry_is_pending(const struct matrix_mdev *m);

/* Queues */

/* All that may be of interest about a queue at one moment. */
struct queue_status {
	const void *owner;		/* device whose guest has it */
	bool assigned;
	enum queue_phase phase;
	u64 hwinfo;			/* see struct queue_state */
};

struct queue_status vfio_ap_registry_status(const struct queue *q);
/* Return how many bound queues have another condition than ready. */
unsigned int vfio_ap_registry_count_unready(void);

/*
 * Add a queue that has been bound, and begin its first reset. Return 0, -EBUSY
 * or -ENOMEM.
 */
int vfio_ap_registry_add(struct queue *q);
/*
 * Make the guest that uses the queue give it up, and wait for its reset. Return
 * false if the guest did not give it up in time. The queue then stays in the
 * registry until the guest does, and no guest gets the APQN before.
 */
bool vfio_ap_registry_reclaim(struct queue *q);
/*
 * Return whether a queue @apqn was unbound and is still in the APCB of its
 * guest.
 */
bool vfio_ap_registry_is_orphaned(unsigned int apqn);
/*
 * Try again to reset a queue that would be passed on tainted, and wait for
 * that.
 */
void vfio_ap_registry_reset_finally(struct queue *q);
/* Begin the last reset of all such queues at the same time. */
void vfio_ap_registry_reset_all_finally(void);
/* Remove the queue from the registry, and from what is shown. */
void vfio_ap_registry_remove(struct queue *q);
/*
 * Record what has to be known about the queue when it comes back. Its worker
 * has ended.
 */
void vfio_ap_registry_leave_behind(const struct queue *q);

/*
 * Return the queue @apqn with a reference if @m's guest has it, and NULL
 * otherwise.
 */
struct queue *vfio_ap_registry_get_owned(unsigned int apqn, const struct matrix_mdev *m);
/*
 * Return the first queue from *@apqn on that is or was in @m's guest and has
 * not been reset since, with a reference, and set *@apqn to its APQN. Return
 * NULL if there is none.
 */
struct queue *vfio_ap_registry_next_tenanted(const struct matrix_mdev *m, unsigned long *apqn);

/* Resets */

/*
 * Copy the state of @q to @state. Return how much of the time of its reset is
 * over.
 */
enum reset_time vfio_ap_registry_look(struct queue *q, struct queue_state *state);
/*
 * Set the state of @q to @next, which was derived from a copy, and *@before to
 * the phase that the queue was in. If the copy is stale, change nothing and
 * return false.
 */
bool vfio_ap_registry_commit(struct queue *q, const struct queue_state *next,
			     enum queue_phase *before);

#endif
