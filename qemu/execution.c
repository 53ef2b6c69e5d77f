// SPDX-License-Identifier: GPL-2.0-only
#include "execution.h"

#include "check.h"
#include "interruption.h"
#include "storage.h"

#define INTERCEPT_INTERVAL	500	/* us */

static struct register_pair read_pair(struct cpu *cpu, unsigned int even)
{
	return (struct register_pair){
		.even = cpu_gr(cpu, even),
		.odd = cpu_gr(cpu, (even + 1) % 16),
	};
}

static void write_pair(struct cpu *cpu, unsigned int even,
		       const struct register_pair *pair)
{
	cpu_set_gr(cpu, even, pair->even);
	cpu_set_gr(cpu, even + 1, pair->odd);
}

static void read_operands(struct cpu *cpu, struct instruction *i)
{
	i->psw = cpu_psw(cpu);
	i->gr[0] = cpu_gr(cpu, 0);
	if (i->kind == INSTRUCTION_PQAP) {
		i->gr[1] = cpu_gr(cpu, 1);
		i->gr[2] = cpu_gr(cpu, 2);
		return;
	}
	i->psmid = read_pair(cpu, i->r1);
	i->area = read_pair(cpu, i->r2);
}

static void write_operands(struct cpu *cpu, const struct instruction *i,
			   const struct instruction_changes *changes)
{
	if (changes->gr1)
		cpu_set_gr(cpu, 1, i->gr[1]);
	if (changes->gr2)
		cpu_set_gr(cpu, 2, i->gr[2]);
	if (changes->psmid)
		write_pair(cpu, i->r1, &i->psmid);
	if (changes->area)
		write_pair(cpu, i->r2, &i->area);
	cpu_set_cc(cpu, i->psw, i->cc);
}

/*
 * Check AQIC's indicator, a byte of absolute storage, which the machine does
 * not know. An address beyond storage is as invalid as 0, for which the machine
 * has a response code. The LPAR checks that of a guest.
 */
static void check_indicator(struct cpu *cpu, const struct machine *machine,
			    struct ap_command *command)
{
	if (command->op == AP_OP_AQIC && !machine->is_guest &&
	    !storage_exists(cpu, command->arg[1]))
		command->arg[1] = 0;
}

static bool switches_interruptions(const struct ap_command *command)
{
	return command->op == AP_OP_AQIC || command->op == AP_OP_RAPQ ||
	       command->op == AP_OP_ZAPQ;
}

/*
 * Return whether the instruction is complete. One vCPU after the other changes
 * interruptions in the machine and notes that here, so that both have the same
 * state in the end.
 */
static bool execute_once(struct cpu *cpu, struct machine *machine,
			 const struct ap_command *command, uint32_t count,
			 struct ap_result *result)
{
	bool in_order = interruption_is_open() && switches_interruptions(command);
	static GMutex order;
	bool over;

	if (in_order)
		g_mutex_lock(&order);
	machine->execute(machine, command, cpu->request, result, cpu->reply);
	over = command->op != AP_OP_AQIC || !result->value;
	if (over)
		interruption_after(command, result, count);
	if (in_order)
		g_mutex_unlock(&order);
	return over;
}

/*
 * Execute the instruction. An AQIC that was intercepted is repeated until it is
 * decided.
 */
static void execute(struct cpu *cpu, struct machine *machine,
		    const struct ap_command *command, struct ap_result *result)
{
	uint32_t count = interruption_before(command);

	while (!execute_once(cpu, machine, command, count, result))
		g_usleep(INTERCEPT_INTERVAL);
}

/* Pass the instruction to the machine; its message area is accessible. */
static void exchange(struct cpu *cpu, struct machine *machine,
		     const struct instruction *i,
		     const struct storage_area *area, struct ap_result *result)
{
	struct ap_command command;

	instruction_command(i, &command);
	check_indicator(cpu, machine, &command);
	if (!instruction_stores(i))
		storage_fetch(cpu, area, cpu->request);
	execute(cpu, machine, &command, result);
	if (!result->check && instruction_stores(i))
		storage_store(cpu, area, cpu->reply,
			      MIN(result->length, area->length));
}

/*
 * Check the length of a message. If it is too long for its adapter, which the
 * machine knows, the message is not accessed.
 */
static void check_length(struct cpu *cpu, struct machine *machine,
			 const struct instruction *i, struct dat_fault *fault)
{
	const struct ap_command command = { .op = AP_OP_TAPQ, .apqn = i->gr[0] };
	struct ap_result result;

	machine->execute(machine, &command, cpu->request, &result, cpu->reply);
	if (instruction_length(i) > instruction_limit(result.value))
		*fault = (struct dat_fault){ .code = AP_CHECK_SPECIFICATION };
}

/*
 * Check the instruction and map @area for its message area. Return whether it
 * can be executed.
 */
static bool prepare(struct cpu *cpu, struct machine *machine,
		    const struct instruction *i, struct storage_area *area,
		    struct dat_fault *fault)
{
	fault->code = instruction_check(i);
	if (fault->code)
		return false;
	if (storage_map(cpu, i->psw, instruction_address(i), instruction_length(i),
			instruction_stores(i), area, fault))
		return true;
	if (i->kind != INSTRUCTION_PQAP)
		check_length(cpu, machine, i, fault);
	return false;
}

bool execution_run(struct cpu *cpu, struct machine *machine, uint64_t pc,
		   enum instruction_kind kind, unsigned int r1,
		   unsigned int r2)
{
	struct instruction i = {
		.kind = kind,
		.interruptible = interruption_is_open(),
		.r1 = r1,
		.r2 = r2,
	};
	struct instruction_changes changes;
	struct ap_result result;
	struct storage_area area;
	struct dat_fault fault = { 0 };

	read_operands(cpu, &i);
	if (!prepare(cpu, machine, &i, &area, &fault)) {
		check_raise(cpu, pc, &fault);
		return false;
	}
	exchange(cpu, machine, &i, &area, &result);
	if (result.check) {
		check_raise_code(cpu, pc, result.check);
		return false;
	}
	changes = instruction_complete(&i, &result);
	write_operands(cpu, &i, &changes);
	return true;
}
