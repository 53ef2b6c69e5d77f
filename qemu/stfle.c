// SPDX-License-Identifier: GPL-2.0-only
#include "stfle.h"

#include "cpu.h"
#include "interruption.h"
#include "storage.h"

#define LC_STFL		200

/* A byte of the list, and what is added to it */
struct addition {
	uint8_t byte;
	uint8_t bits;
};

/* Facilities 12 and 15; facility 65 if there are adapter interruptions */
static const struct addition ap = { 1, 0x09 };
static const struct addition interruptions = { 8, 0x40 };

/* Base register and displacement travel as the callback's pointer. */
static void save_operand(unsigned int vcpu, void *udata)
{
	uint16_t bd = (uintptr_t)udata;
	struct cpu *cpu = cpu_get(vcpu);
	uint64_t base = bd >> 12 ? cpu_gr(cpu, bd >> 12) : 0;

	cpu->stfle = dat_wrap(cpu_psw(cpu), base + (bd & 0xfff));
}

static void add_bits(struct cpu *cpu, uint64_t absolute, uint8_t bits)
{
	uint8_t byte;

	if (!storage_fetch_absolute(cpu, absolute, &byte, sizeof(byte)))
		return;
	byte |= bits;
	storage_store_absolute(cpu, absolute, &byte, sizeof(byte));
}

/* STFLE has stored at @address; make the addition if that is its place. */
static void complete(struct cpu *cpu, uint64_t address, size_t size,
		     const struct addition *addition)
{
	uint64_t psw = cpu_psw(cpu);
	uint64_t target = dat_wrap(psw, cpu->stfle + addition->byte);
	struct storage_area area;
	struct dat_fault fault;

	if (target - address >= size)
		return;
	if (storage_map(cpu, psw, target, 1, true, &area, &fault))
		add_bits(cpu, area.page[0] + area.offset, addition->bits);
}

static void stored(unsigned int vcpu, qemu_plugin_meminfo_t info,
		   uint64_t address, void *udata)
{
	size_t size = (size_t)1 << qemu_plugin_mem_size_shift(info);
	struct cpu *cpu = cpu_get(vcpu);

	(void)udata;
	complete(cpu, address, size, &ap);
	if (interruption_is_open())
		complete(cpu, address, size, &interruptions);
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
	add_bits(cpu, cpu_prefix(cpu) + LC_STFL + ap.byte, ap.bits);
}

void stfl_watch(struct qemu_plugin_insn *next)
{
	qemu_plugin_register_vcpu_insn_exec_cb(next, stfl_stored,
					       QEMU_PLUGIN_CB_R_REGS, NULL);
}
