// SPDX-License-Identifier: GPL-2.0-only
/*
 * Machine files: what is not understood is reported, and what is reported is
 * counted.
 *
 * runs: 1000
 */
#include "daemon/machine_file.h"
#include "fuzz.h"

static unsigned int lines_of(const char *text)
{
	unsigned int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cex_machine *machine = cex_machine_new(1);
	FILE *file = fmemopen((void *)data, size, "r");
	char *told;
	size_t length;
	FILE *errors = open_memstream(&told, &length);

	promised(machine && errors);
	if (file) {
		unsigned int mistakes = machine_file_read(file, "m", machine,
							  errors);

		fflush(errors);
		promised(lines_of(told) == mistakes);
		fclose(file);
	}
	fclose(errors);
	free(told);
	cex_machine_free(machine);
	return 0;
}
