// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "privacy.h"

#ifndef MCL_ONFAULT
#define MCL_ONFAULT	4	/* not every mode of the C library has it */
#endif

bool privacy_begin(const char *program)
{
	const struct rlimit none = { 0, 0 };

	if (!prctl(PR_SET_DUMPABLE, 0) && !setrlimit(RLIMIT_CORE, &none))
		return true;
	fprintf(stderr, "%s: its memory cannot be kept private: %s\n", program,
		strerror(errno));
	return false;
}

/* Return whether no limit of locked memory applies, after trying to lift it. */
static bool may_lock_all(void)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (!setrlimit(RLIMIT_MEMLOCK, &none))
		return true;
	return !syscall(SYS_capget, &header, data) &&
	       data[0].effective & 1u << CAP_IPC_LOCK;
}

/*
 * With a finite limit, allocations would fail at that limit once everything is
 * locked. Only pages that are touched are locked: a thread's stack is much
 * larger than what the thread uses.
 */
int privacy_lock_all(void)
{
	if (!may_lock_all() ||
	    mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT))
		return -EPERM;
	return 0;
}

void privacy_lock(const void *bytes, size_t length)
{
	/* Memory that cannot be locked is used nevertheless. */
	(void)mlock(bytes, length);
}
