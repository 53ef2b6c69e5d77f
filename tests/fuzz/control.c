// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines to the control socket of a machine that has an adapter of each kind.
 *
 * runs: 1000
 */
#include "daemon/control.h"
#include "daemon/control_command.h"
#include "daemon/log.h"
#include "fuzz.h"

static struct cex_machine *new_machine(void)
{
	struct cex_machine *machine = cex_machine_new(1);

	promised(machine);
	promised(!cex_add_domain(machine, 4));
	promised(!cex_add_adapter(machine, 4, "CEX8A"));
	promised(!cex_add_adapter(machine, 5, "CEX8C"));
	promised(!cex_add_adapter(machine, 6, "CEX8P"));
	return machine;
}

static void execute(struct cex_machine *machine, const char *from, size_t length)
{
	char *line = exact_string(from, length), *answer;
	FILE *out = open_memstream(&answer, &length);
	struct status status;

	promised(out);
	if (control_command(machine, line, out, &status) == ANSWER_IN_STEPS)
		while (status_step(&status, out, machine))
			;
	promised(!fclose(out));
	promised(!strncmp(answer, "ok\n", 3) ||
		 (!strncmp(answer, "error: ", 7) &&
		  answer[strlen(answer) - 1] == '\n'));
	free(answer);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cex_machine *machine = new_machine();
	char *text = exact_string(data, size), *line = text;

	log_set_level("error");
	while (*line) {
		size_t length = strcspn(line, "\n");

		if (length < CONTROL_LINE_MAX)
			execute(machine, line, length);
		line += length + (line[length] != '\0');
	}
	free(text);
	cex_machine_free(machine);
	return 0;
}
