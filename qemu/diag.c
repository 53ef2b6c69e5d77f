// SPDX-License-Identifier: GPL-2.0-only
#include "diag.h"

#include <errno.h>
#include <string.h>

#include "abi/lpar.h"
#include "interruption.h"
#include "storage.h"

/*
 * Operands and outcome: @value is R3, @address is R4 (in GUEST_ANSWER, the
 * status word), and @error is written to R2. R3 is written back if the function
 * returns something in it.
 */
struct call {
	uint64_t value;
	uint64_t address;
	uint64_t error;
	bool has_value;
};

static void ask(struct cpu *cpu, struct machine *machine, uint16_t op,
		uint64_t guest, uint32_t length, struct ap_result *result)
{
	const struct ap_command command = {
		.op = op,
		.length = length,
		.arg = { guest },
	};

	machine->execute(machine, &command, cpu->request, result, cpu->reply);
}

static void query(struct cpu *cpu, struct machine *machine, struct call *call)
{
	(void)cpu;
	(void)machine;
	call->value = LPAR_VERSION;
	call->has_value = true;
}

/* The answer is the guest. 0 is no guest: the machine is absent or full. */
static void guest_create(struct cpu *cpu, struct machine *machine,
			 struct call *call)
{
	struct ap_result result;

	ask(cpu, machine, AP_OP_GUEST_CREATE, 0, 0, &result);
	call->value = result.value;
	call->has_value = result.value;
	if (!result.value)
		call->error = AP_STATUS_RC(result.status) ? ENODEV : ENOSPC;
}

static void guest_masks(struct cpu *cpu, struct machine *machine,
			struct call *call)
{
	struct ap_result result;

	if (!storage_fetch_absolute(cpu, call->address, cpu->request,
				    LPAR_MASKS_SIZE)) {
		call->error = EFAULT;
		return;
	}
	ask(cpu, machine, AP_OP_GUEST_MASKS, call->value, LPAR_MASKS_SIZE,
	    &result);
	call->error = result.value;
}

static void guest_destroy(struct cpu *cpu, struct machine *machine,
			  struct call *call)
{
	struct ap_result result;

	ask(cpu, machine, AP_OP_GUEST_DESTROY, call->value, 0, &result);
	call->error = result.value;
}

/*
 * Listen to intercepts. The indicator's storage is checked here, so that it can
 * be set later.
 */
static void guest_listen(struct cpu *cpu, struct machine *machine,
			 struct call *call)
{
	struct ap_result result;

	if (call->address && !storage_exists(cpu, call->address)) {
		call->error = EFAULT;
		return;
	}
	if (!interruption_listen(call->value & AP_AQIC_ISC, call->address)) {
		call->error = EOPNOTSUPP;
		return;
	}
	ask(cpu, machine, AP_OP_GUEST_LISTEN, call->address != 0, 0, &result);
	call->error = result.value;
}

static void guest_intercept(struct cpu *cpu, struct machine *machine,
			    struct call *call)
{
	struct ap_intercept registers;
	struct ap_result result;

	ask(cpu, machine, AP_OP_GUEST_INTERCEPT, call->value, 0, &result);
	call->error = result.value;
	if (call->error)
		return;
	memcpy(&registers, cpu->reply, sizeof(registers));
	for (unsigned int i = 0; i < G_N_ELEMENTS(registers.gr); i++)
		registers.gr[i] = GUINT64_TO_BE(registers.gr[i]);
	if (!storage_store_absolute(cpu, call->address, &registers,
				    LPAR_INTERCEPT_SIZE))
		call->error = EFAULT;
}

static void guest_answer(struct cpu *cpu, struct machine *machine,
			 struct call *call)
{
	const struct ap_command command = {
		.op = AP_OP_GUEST_ANSWER,
		.arg = { call->value, call->address },
	};
	struct ap_result result;

	machine->execute(machine, &command, cpu->request, &result, cpu->reply);
	call->error = result.value;
}

static void (*const functions[])(struct cpu *cpu, struct machine *machine,
				 struct call *call) = {
	[LPAR_QUERY] = query,
	[LPAR_GUEST_CREATE] = guest_create,
	[LPAR_GUEST_MASKS] = guest_masks,
	[LPAR_GUEST_DESTROY] = guest_destroy,
	[LPAR_GUEST_LISTEN] = guest_listen,
	[LPAR_GUEST_INTERCEPT] = guest_intercept,
	[LPAR_GUEST_ANSWER] = guest_answer,
};

bool diag_run(struct cpu *cpu, struct machine *machine)
{
	uint64_t function = cpu_gr(cpu, 2);
	struct call call = {
		.value = cpu_gr(cpu, 3),
		.address = cpu_gr(cpu, 4),
	};

	if (cpu_psw(cpu) & PSW_PROBLEM)
		return false;
	if (function < sizeof(functions) / sizeof(functions[0]))
		functions[function](cpu, machine, &call);
	else
		call.error = EINVAL;
	cpu_set_gr(cpu, 2, call.error);
	if (call.has_value)
		cpu_set_gr(cpu, 3, call.value);
	return true;
}
