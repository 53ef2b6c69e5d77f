/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who has what: the account of devices, queues and the host's AP configuration, which others
 * ask and change by these functions only. Each is one step, taken under tables.lock.
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

/* The largest ids that the machine can have; constant. */
unsigned int vfio_ap_registry_max_adapter(void);
unsigned int vfio_ap_registry_max_domain(void);

/* The host */

/*
 * The AP bus is going to take in @info. Begin to zeroize what a guest left in queues that come
 * back by it: they may be the host's, and whoever gets them then finds them in reset.
 */
void vfio_ap_registry_zeroize_returned(const struct ap_config_info *info);
/* @info is the host's AP configuration, unless the AP bus has told of a later one meanwhile. */
void vfio_ap_registry_read_host(const struct ap_config_info *info);
/*
 * The same, and the AP bus takes it in (@scanning) or has done so. Returns when every guest is
 * up to date.
 */
void vfio_ap_registry_set_host(const struct ap_config_info *info, bool scanning);
/*
 * Whether the host must not have all of @wanted; each obstacle is added to @refusal. Needs
 * ap_reservation_mutex.
 */
bool vfio_ap_registry_withholds(const struct matrix *wanted, struct refusal *refusal);

/* Mediated devices. What changes one needs m->lock, too. */

void vfio_ap_registry_list(struct matrix_mdev *m);
/* No refresh of @m is requested any more. */
void vfio_ap_registry_unlist(struct matrix_mdev *m);
/* A copy of a matrix of a device. */
struct matrix vfio_ap_registry_read(const struct matrix *of);
/* What @m claims for its guest: the assigned matrix, or nothing while it is staged. */
struct matrix vfio_ap_registry_claimed(const struct matrix_mdev *m);
/*
 * Make @next the assigned matrix and the device staged or @active, or refuse it in m->refusal
 * and return -EADDRNOTAVAIL, -EADDRINUSE or -ENODEV, see assign.h. @reserved: the refusal names
 * already what the host has of it. Needs ap_reservation_mutex, so that the host reserves nothing
 * between the check and the claim.
 */
int vfio_ap_registry_claim(struct matrix_mdev *m, const struct matrix *next, bool active,
			   bool reserved);
/* Whether the guest controls its usage domains; comes into force with the next plan. */
void vfio_ap_registry_control_usage(struct matrix_mdev *m, bool control);
/* What is assigned may come into force. */
void vfio_ap_registry_settle(struct matrix_mdev *m);
/* Look at each clean queue that the guest may get, and reset it again if it is not idle. */
void vfio_ap_registry_recheck(struct matrix_mdev *m);
/* Set m->apcb to what the guest is to have. What is new in it enters the guest if that runs. */
void vfio_ap_registry_plan(struct matrix_mdev *m);
/* Set m->apcb to nothing. */
void vfio_ap_registry_clear(struct matrix_mdev *m);
/* The guest's APCB in force has m->apcb instead of @before: begin to reset what left it. */
void vfio_ap_registry_leave(struct matrix_mdev *m, const struct matrix *before);
/* Begin to reset @queues, which the guest has. */
void vfio_ap_registry_begin_reset(const struct matrix *queues);
/* Returns 0, or -EIO if one of @queues is not reset. Others may have got some meanwhile. */
int vfio_ap_registry_reset_result(const struct matrix_mdev *m, const struct matrix *queues);
/*
 * Wait until no reset is under way of a queue that is assigned to @m or was in
 * its guest. Bounded by the deadline of the resets. No lock may be held.
 */
void vfio_ap_registry_wait(const struct matrix_mdev *m);

/* Queues */

/* What somebody could want to know of a queue in one look. */
struct queue_status {
	const void *owner;		/* who has it in its guest */
	bool assigned;
	enum queue_phase phase;
};

struct queue_status vfio_ap_registry_status(const struct queue *q);

/* The queue is bound: begin its first reset. Returns 0, -EBUSY or -ENOMEM. */
int vfio_ap_registry_add(struct queue *q);
/*
 * Have the guest that uses the queue give it up, and wait for its reset. Returns false if the
 * guest did not in time: then the queue is in the registry as what that guest still has, until
 * it has not, and no guest gets the APQN before.
 */
bool vfio_ap_registry_reclaim(struct queue *q);
/* Try once more to reset a queue that would be handed out tainted, and wait for it. */
void vfio_ap_registry_reset_finally(struct queue *q);
/* Begin to do so with all such queues at the same time. */
void vfio_ap_registry_reset_all_finally(void);
/* Nobody finds the queue any more, and what is shown of it goes. */
void vfio_ap_registry_remove(struct queue *q);
/* Remember of a queue whose worker has ended what has to be known when it comes back. */
void vfio_ap_registry_leave_behind(const struct queue *q);

/* The queue @apqn with a reference if @m's guest has it, else NULL. */
struct queue *vfio_ap_registry_get_owned(unsigned int apqn, const struct matrix_mdev *m);
/*
 * The first queue from *@apqn on that is or was in @m's guest and is not reset
 * since, with a reference; sets *@apqn. NULL if there is none.
 */
struct queue *vfio_ap_registry_next_tenanted(const struct matrix_mdev *m, unsigned long *apqn);

/* Resets */

/* Copy the state of @q to @state. Returns how much of the time of its reset is over. */
enum reset_time vfio_ap_registry_look(struct queue *q, struct queue_state *state);
/*
 * @next is the state of @q, worked out from a copy, unless that is stale: then nothing happens,
 * and it returns false. *@before is the phase that the queue was in.
 */
bool vfio_ap_registry_commit(struct queue *q, const struct queue_state *next,
			     enum queue_phase *before);

#endif
