// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "vm_name.h"

struct vm_name vm_name(uint64_t vm)
{
	struct vm_name name = { "lpar" };

	if (vm)
		snprintf(name.text, sizeof(name.text), "guest%" PRIu64, vm);
	return name;
}
