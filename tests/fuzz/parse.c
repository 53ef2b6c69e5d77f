// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is written to the attributes of a mediated device. The first byte
 * selects the parser, the second is the highest id.
 *
 * runs: 50000
 */
#include "fuzz.h"

#include "driver/matrix.c"
#include "driver/parse.c"

static void check_ids(const char *text, unsigned int max, bool assign)
{
	struct mask_edit edit, again;
	unsigned int id;
	int rc = vfio_ap_parse_ids(text, max, assign, &edit);

	promised(!rc || rc == -EINVAL || rc == -ERANGE || rc == -ENODEV);
	if (rc)
		return;
	mask_for_each(id, &edit.add)
		promised(id <= max && !mask_has(&edit.del, id));
	mask_for_each(id, &edit.del)
		promised(id <= max);
	/* A list without signs can also be removed, as the inverse. */
	if (strpbrk(text, "+-"))
		return;
	promised(!vfio_ap_parse_ids(text, max, !assign, &again));
	promised(!memcmp(&edit.add, &again.del, sizeof(edit.add)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct matrix m;
	char *text;

	if (size < 2)
		return 0;
	text = exact_string(data + 2, size - 2);
	if (data[0] & 1)
		check_ids(text, data[1], data[0] & 2);
	else
		promised(!vfio_ap_parse_config(text, &m) ||
			 vfio_ap_parse_config(text, &m) == -EINVAL);
	free(text);
	return 0;
}
