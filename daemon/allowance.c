// SPDX-License-Identifier: GPL-2.0-only
#include <sys/param.h>

#include "allowance.h"

#define SECOND	UINT64_C(1000000000)

struct allowance allowance_of(int64_t rate, int64_t most)
{
	return (struct allowance){ .rate = rate, .most = most, .left = most };
}

/*
 * Return the bytes earned since @when. They are never more than the bytes
 * missing, which also keeps the product from overflowing.
 */
static int64_t earned(const struct allowance *allowance, uint64_t now)
{
	uint64_t passed = now - allowance->when;
	uint64_t seconds = passed / SECOND;
	int64_t missing = allowance->most - allowance->left;

	if (seconds >= (uint64_t)(missing / allowance->rate) + 1)
		return missing;
	return MIN(missing, (int64_t)(seconds * allowance->rate +
				      passed % SECOND * allowance->rate /
				      SECOND));
}

uint64_t allowance_wait(struct allowance *allowance, uint64_t now)
{
	allowance->left += earned(allowance, now);
	allowance->when = now;
	if (allowance->left >= 0)
		return 0;
	return (uint64_t)(-allowance->left / allowance->rate) * SECOND +
	       (uint64_t)(-allowance->left % allowance->rate) * SECOND /
	       allowance->rate + 1;
}

void allowance_take(struct allowance *allowance, uint64_t bytes)
{
	allowance->left -= (int64_t)bytes;
}
