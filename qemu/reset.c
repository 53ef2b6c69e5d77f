// SPDX-License-Identifier: GPL-2.0-only
#include "reset.h"

#include <stdatomic.h>

#include "interruption.h"
#include "protection.h"
#include "sclp.h"

/* Whether some vCPU of the VM executes, or has executed */
static _Atomic bool started;

/* The first branch, or another address, shows that the vCPU has executed. */
void reset_sleeps(struct cpu *cpu)
{
	cpu->is_fresh = cpu->is_fresh && cpu_was_loaded(cpu) &&
			cpu_psw_address(cpu) == cpu->loaded_at;
}

bool reset_resumes(struct cpu *cpu)
{
	cpu->is_loaded = cpu_was_loaded(cpu) && !cpu->is_fresh;
	if (cpu->is_loaded)
		cpu->loaded_at = cpu_psw_address(cpu);
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

void reset_check(struct cpu *cpu, struct machine *machine)
{
	bool is_loaded = cpu->is_loaded;

	reset_look(cpu, machine);
	cpu->is_fresh = is_loaded;
}
