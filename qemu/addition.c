// SPDX-License-Identifier: GPL-2.0-only
#include "addition.h"

#include "storage.h"

void addition_make_absolute(struct cpu *cpu, uint64_t list,
			    struct addition addition)
{
	uint64_t address = list + addition.byte;
	uint8_t byte;

	if (!storage_fetch_absolute(cpu, address, &byte, sizeof(byte)))
		return;
	byte |= addition.bits;
	storage_store_absolute(cpu, address, &byte, sizeof(byte));
}

void addition_make(struct cpu *cpu, uint64_t list, uint64_t address,
		   size_t size, struct addition addition)
{
	uint64_t psw = cpu_psw(cpu);
	uint64_t target = dat_wrap(psw, list + addition.byte);
	struct storage_area area;
	struct dat_fault fault;

	if (target - address >= size)
		return;
	if (storage_map(cpu, psw, target, 1, true, &area, &fault))
		addition_make_absolute(cpu, area.page[0] + area.offset - addition.byte,
				       addition);
}
