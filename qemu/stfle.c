// SPDX-License-Identifier: GPL-2.0-only
#include "stfle.h"

#include "addition.h"
#include "interruption.h"

#define LC_STFL		200

/* Facilities 12 and 15, and facility 65 if there are adapter interruptions */
static const struct addition ap = { 1, 0x09 };
static const struct addition interruptions = { 8, 0x40 };

/*
 * Save the address of STFLE's operand. Base register and displacement are
 * encoded in the callback's pointer.
 */
static void save_operand(unsigned int vcpu, void *udata)
{
	uint16_t bd = (uintptr_t)udata;
	struct cpu *cpu = cpu_get(vcpu);
	uint64_t base = bd >> 12 ? cpu_gr(cpu, bd >> 12) : 0;

	cpu->stfle = dat_wrap(cpu_psw(cpu), base + (bd & 0xfff));
}

static void stored(unsigned int vcpu, qemu_plugin_meminfo_t info,
		   uint64_t address, void *udata)
{
	size_t size = (size_t)1 << qemu_plugin_mem_size_shift(info);
	struct cpu *cpu = cpu_get(vcpu);

	(void)udata;
	addition_make(cpu, cpu->stfle, address, size, ap);
	if (interruption_is_open())
		addition_make(cpu, cpu->stfle, address, size, interruptions);
}

void stfle_watch(struct qemu_plugin_insn *insn, uint16_t bd)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, save_operand,
					       QEMU_PLUGIN_CB_R_REGS,
					       (void *)(uintptr_t)bd);
	qemu_plugin_register_vcpu_mem_cb(insn, stored, QEMU_PLUGIN_CB_R_REGS,
					 QEMU_PLUGIN_MEM_W, NULL);
}

static void stfl_stored(unsigned int vcpu, void *udata)
{
	struct cpu *cpu = cpu_get(vcpu);

	(void)udata;
	addition_make_absolute(cpu, cpu_prefix(cpu) + LC_STFL, ap);
}

void stfl_watch(struct qemu_plugin_insn *next)
{
	qemu_plugin_register_vcpu_insn_exec_cb(next, stfl_stored,
					       QEMU_PLUGIN_CB_R_REGS, NULL);
}
