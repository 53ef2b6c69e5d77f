// SPDX-License-Identifier: GPL-2.0-only
#include "storage.h"

#include <string.h>

#include "qemu-plugin-api.h"

bool storage_fetch_absolute(struct cpu *cpu, uint64_t address, void *to,
			    size_t length)
{
	if (qemu_plugin_read_memory_hwaddr(address, cpu->value, length) !=
	    QEMU_PLUGIN_HWADDR_OPERATION_OK)
		return false;
	memcpy(to, cpu->value->data, length);
	return true;
}

bool storage_store_absolute(struct cpu *cpu, uint64_t address,
			    const void *from, size_t length)
{
	g_byte_array_set_size(cpu->value, 0);
	g_byte_array_append(cpu->value, from, length);
	return qemu_plugin_write_memory_hwaddr(address, cpu->value) ==
	       QEMU_PLUGIN_HWADDR_OPERATION_OK;
}

bool storage_exists(struct cpu *cpu, uint64_t address)
{
	uint8_t byte;

	return storage_fetch_absolute(cpu, address, &byte, sizeof(byte));
}

static bool fetch_entry(void *context, uint64_t absolute, uint64_t *entry)
{
	if (!storage_fetch_absolute(context, absolute, entry, sizeof(*entry)))
		return false;
	*entry = GUINT64_FROM_BE(*entry);
	return true;
}

/* Translate and check a page, which may still lie beyond the end of storage. */
static bool map_page(struct cpu *cpu, const struct dat *dat, uint64_t address,
		     bool store, uint64_t *page, struct dat_fault *fault)
{
	if (!dat_translate(dat, address, store, page, fault))
		return false;
	if (storage_exists(cpu, *page))
		return true;
	fault->code = DAT_ADDRESSING;
	return false;
}

bool storage_map(struct cpu *cpu, uint64_t psw, uint64_t address,
		 size_t length, bool store, struct storage_area *area,
		 struct dat_fault *fault)
{
	const struct dat dat = {
		.psw = psw,
		.cr0 = cpu_cr(cpu, 0),
		.asce = cpu_cr(cpu, dat_asce_register(psw)),
		.prefix = cpu_prefix(cpu),
		.fetch = fetch_entry,
		.context = cpu,
	};
	size_t reach = (address & (PAGE_SIZE - 1)) + length;

	area->offset = address & (PAGE_SIZE - 1);
	area->length = length;
	for (size_t i = 0; length && i * PAGE_SIZE < reach; i++) {
		uint64_t at = i ? (address & -PAGE_SIZE) + i * PAGE_SIZE :
				  address;

		if (!map_page(cpu, &dat, dat_wrap(psw, at), store,
			      &area->page[i], fault))
			return false;
		area->page[i] &= -PAGE_SIZE;
	}
	return true;
}

/*
 * Return the length of the piece of the area, from its byte @done on, that lies
 * in one page.
 */
static size_t piece(const struct storage_area *area, size_t done, size_t length,
		    uint64_t *address)
{
	size_t at = area->offset + done, in_page = at & (PAGE_SIZE - 1);
	size_t room = PAGE_SIZE - in_page;

	*address = area->page[at / PAGE_SIZE] + in_page;
	return MIN(room, length - done);
}

void storage_fetch(struct cpu *cpu, const struct storage_area *area,
		   uint8_t *to)
{
	uint64_t address;
	size_t size;

	for (size_t done = 0; done < area->length; done += size) {
		size = piece(area, done, area->length, &address);
		storage_fetch_absolute(cpu, address, to + done, size);
	}
}

void storage_store(struct cpu *cpu, const struct storage_area *area,
		   const uint8_t *from, size_t length)
{
	uint64_t address;
	size_t size;

	for (size_t done = 0; done < length; done += size) {
		size = piece(area, done, length, &address);
		storage_store_absolute(cpu, address, from + done, size);
	}
}
