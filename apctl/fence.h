/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A record of the device that had each domain of a coprocessor last, and of the
 * master keys that the domain has had since. Master keys are not cleared when
 * queues are zeroized, so the next owner of the domain can use secure keys that
 * they wrap. The host can read their verification patterns only while it has
 * the queue itself. `apctl reserve`, `release`, `apply` and `doctor` do so, and
 * the results are stored in a JSON file.
 */
#ifndef APCTL_FENCE_H
#define APCTL_FENCE_H

#include "keys.h"

#define FENCE "/var/lib/apctl/keys"

struct fence;

struct fence *fence_load(const char *root);
void fence_free(struct fence *fence);
/* Write the record. Return 0, or -errno after a message on @err. */
int fence_save(struct fence *fence, FILE *err);

/*
 * Record the master keys of a queue of the host. If they differ from those
 * recorded before, return the former ones, which the caller frees; else return
 * NULL.
 */
char *fence_record(struct fence *fence, const struct machine *machine, unsigned int apqn);

/* Record that the device @uuid has the queues of @matrix from now on. */
void fence_given(struct fence *fence, const struct machine *machine, const char *uuid,
		 const char *name, const struct matrix *matrix);

/*
 * Report on @err each queue of @matrix that another device had, and whose
 * master keys are not known to have changed. Return the number of these queues.
 */
unsigned int fence_check(const struct fence *fence, const struct machine *machine,
			 const char *uuid, const char *name, const struct matrix *matrix,
			 FILE *err);

/*
 * Record all active devices, whatever started them, and report each as
 * fence_check() does. Return the number of all queues reported.
 */
unsigned int fence_adopt(struct fence *fence, const struct machine *machine, FILE *err);

#endif
