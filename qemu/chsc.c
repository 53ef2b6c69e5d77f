// SPDX-License-Identifier: GPL-2.0-only
#include "chsc.h"

#include "measurement.h"
#include "storage.h"

/* Fetch the operand if it is asked for in a form that is not a fault. */
static bool fetch(struct cpu *cpu, unsigned int r1, struct storage_area *area)
{
	uint64_t psw = cpu_psw(cpu), address = dat_wrap(psw, cpu_gr(cpu, r1));
	struct dat_fault fault;

	if (psw & PSW_PROBLEM || address % MEASUREMENT_AREA ||
	    !storage_map(cpu, psw, address, MEASUREMENT_AREA, true, area, &fault))
		return false;
	storage_fetch(cpu, area, cpu->request);
	return true;
}

bool chsc_run(struct cpu *cpu, struct machine *machine, unsigned int r1)
{
	struct storage_area area;
	size_t length;

	if (!fetch(cpu, r1, &area) || !measurement_is_asked(cpu->request))
		return false;
	length = measurement_request(cpu->request);
	length += measurement_respond(machine, cpu->request, cpu->reply);
	storage_store(cpu, &area, cpu->request, length);
	cpu_set_cc(cpu, cpu_psw(cpu), 0);
	return true;
}
