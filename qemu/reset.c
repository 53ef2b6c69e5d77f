// SPDX-License-Identifier: GPL-2.0-only
#include "reset.h"

#include <stdatomic.h>

#include "interruption.h"
#include "protection.h"
#include "sclp.h"

/* Whether some vCPU of the VM executes, or has executed */
static _Atomic bool started;

bool reset_resumes(struct cpu *cpu)
{
	cpu->is_loaded = cpu_was_loaded(cpu);
	return cpu->is_loaded;
}

/* Reset the VM's queues. All other vCPUs are stopped. */
static void reset(struct cpu *cpu, struct machine *machine)
{
	const struct ap_command command = { .op = AP_OP_RESET };
	struct ap_result result;

	interruption_reset();
	sclp_reset();
	protection_reset();
	machine->execute(machine, &command, cpu->request, &result, cpu->reply);
}

void reset_look(struct cpu *cpu, struct machine *machine)
{
	if (atomic_exchange(&started, true) && cpu->is_loaded)
		reset(cpu, machine);
	cpu->is_loaded = false;
}
