// SPDX-License-Identifier: GPL-2.0-only
#include "cpu.h"

#include <stdio.h>
#include <string.h>

#include "qemu-plugin-api.h"

enum {
	GR = 0,
	CR = 16,
	OTHERS = 32,
	PSW_MASK = OTHERS,
	PSW_ADDRESS,
	PREFIX,
	LAST_BREAK,
	REGISTERS,
};

static const char *const others[] = {
	[PSW_MASK - OTHERS] = "pswm",
	[PSW_ADDRESS - OTHERS] = "pswa",
	[PREFIX - OTHERS] = "prefix",
	[LAST_BREAK - OTHERS] = "last_break",
};

/*
 * At a CPU reset, QEMU stores this invalid address as that of the last branch.
 */
#define BREAK_NONE	1

/* The same handles are valid for every vCPU of the machine. */
static struct qemu_plugin_register *handle[REGISTERS];
static char missing[16];
static struct cpu *cpus;

static int register_of(const char *name)
{
	unsigned int number;
	char end;

	if (sscanf(name, "r%u%c", &number, &end) == 1 && number < 16)
		return GR + number;
	if (sscanf(name, "cr%u%c", &number, &end) == 1 && number < 16)
		return CR + number;
	for (int i = OTHERS; i < REGISTERS; i++)
		if (!strcmp(name, others[i - OTHERS]))
			return i;
	return -1;
}

static void name_register(int number)
{
	const char *format = number < CR ? "r%d" : "cr%d";

	if (number < OTHERS)
		snprintf(missing, sizeof(missing), format, number % 16);
	else
		g_strlcpy(missing, others[number - OTHERS], sizeof(missing));
}

static void *find_registers(void *unused)
{
	GArray *list = qemu_plugin_get_registers();

	(void)unused;
	for (unsigned int i = 0; i < list->len; i++) {
		qemu_plugin_reg_descriptor *d =
			&g_array_index(list, qemu_plugin_reg_descriptor, i);
		int number = register_of(d->name);

		if (number >= 0)
			handle[number] = d->handle;
	}
	g_array_free(list, TRUE);
	for (int i = 0; i < REGISTERS; i++) {
		if (!handle[i])
			name_register(i);
	}
	return missing;
}

void cpu_reserve(unsigned int count)
{
	cpus = g_new0(struct cpu, count);
}

const char *cpu_start(unsigned int index)
{
	static GOnce once = G_ONCE_INIT;

	if (!cpus[index].value)
		cpus[index].value = g_byte_array_sized_new(PAGE_SIZE);
	g_once(&once, find_registers, NULL);
	return *missing ? missing : NULL;
}

struct cpu *cpu_get(unsigned int index)
{
	return &cpus[index];
}

static uint64_t read_register(struct cpu *cpu, int number)
{
	uint64_t value;

	g_byte_array_set_size(cpu->value, 0);
	qemu_plugin_read_register(handle[number], cpu->value);
	g_assert(cpu->value->len == sizeof(value));
	memcpy(&value, cpu->value->data, sizeof(value));
	return GUINT64_FROM_BE(value);
}

static void write_register(struct cpu *cpu, int number, uint64_t value)
{
	value = GUINT64_TO_BE(value);
	g_byte_array_set_size(cpu->value, 0);
	g_byte_array_append(cpu->value, (const guint8 *)&value, sizeof(value));
	qemu_plugin_write_register(handle[number], cpu->value);
}

uint64_t cpu_gr(struct cpu *cpu, unsigned int number)
{
	return read_register(cpu, GR + number);
}

void cpu_set_gr(struct cpu *cpu, unsigned int number, uint64_t value)
{
	write_register(cpu, GR + number, value);
}

uint64_t cpu_cr(struct cpu *cpu, unsigned int number)
{
	return read_register(cpu, CR + number);
}

uint64_t cpu_prefix(struct cpu *cpu)
{
	return read_register(cpu, PREFIX);
}

uint64_t cpu_psw_address(struct cpu *cpu)
{
	return read_register(cpu, PSW_ADDRESS);
}

bool cpu_was_loaded(struct cpu *cpu)
{
	return read_register(cpu, LAST_BREAK) == BREAK_NONE &&
	       (read_register(cpu, PSW_MASK) || read_register(cpu, PSW_ADDRESS));
}

uint64_t cpu_psw(struct cpu *cpu)
{
	return read_register(cpu, PSW_MASK) & ~PSW_CC;
}

uint64_t cpu_psw_at_block(struct cpu *cpu)
{
	return read_register(cpu, PSW_MASK);
}

void cpu_load_psw(struct cpu *cpu, uint64_t psw)
{
	write_register(cpu, PSW_MASK, psw);
}

/*
 * A write of the mask also sets the condition code that QEMU computes lazily,
 * so it is valid at the next instruction in every case.
 */
void cpu_set_cc(struct cpu *cpu, uint64_t psw, unsigned int cc)
{
	write_register(cpu, PSW_MASK, psw | (uint64_t)cc << PSW_CC_SHIFT);
}
