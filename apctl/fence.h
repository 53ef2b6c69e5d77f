/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which device had a domain of a coprocessor last, and what is known of its
 * master keys since. They outlive the zeroizing of queues, so that the next
 * owner of the domain can use keys that they wrap. The host can look at them
 * only while it has the queue itself: `apctl reserve`, `release`, `apply` and
 * `doctor` look then. What they see is kept in a file of JSON.
 */
#ifndef APCTL_FENCE_H
#define APCTL_FENCE_H

#include "keys.h"

#define FENCE "/var/lib/apctl/keys"

struct fence;

struct fence *fence_load(const char *root);
void fence_free(struct fence *fence);
/* Returns 0, or -errno after a sentence to @err. */
int fence_save(struct fence *fence, FILE *err);

/*
 * Looks at the master keys of a queue that the host has, and returns what they
 * were when they were seen last, if that was otherwise; the caller frees it.
 */
char *fence_look(struct fence *fence, const struct machine *machine, unsigned int apqn);

/* The device has these queues from now on. */
void fence_given(struct fence *fence, const struct machine *machine, const char *uuid,
		 const char *name, const struct matrix *matrix);

/*
 * Tells on @err of each queue of @matrix that another device had and whose
 * master keys are, as far as is known, still the same. Returns how many.
 */
unsigned int fence_check(const struct fence *fence, const struct machine *machine,
			 const char *uuid, const char *name, const struct matrix *matrix,
			 FILE *err);

/*
 * Takes note of all active devices, whoever started them, with what
 * fence_check() says of each. Returns the sum.
 */
unsigned int fence_adopt(struct fence *fence, const struct machine *machine, FILE *err);

#endif
