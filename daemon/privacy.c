// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "privacy.h"

bool privacy_begin(const char *program)
{
	const struct rlimit none = { 0, 0 };

	if (!prctl(PR_SET_DUMPABLE, 0) && !setrlimit(RLIMIT_CORE, &none))
		return true;
	fprintf(stderr, "%s: its memory cannot be kept private: %s\n", program,
		strerror(errno));
	return false;
}
