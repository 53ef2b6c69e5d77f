/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A guest's storage, by the logical addresses of an instruction.
 *
 * An area is mapped as a whole before anything is done with it: either every
 * byte of it can be accessed, or the instruction ends with the interruption
 * that the first bad page causes, and has changed nothing.
 */
#ifndef QEMU_STORAGE_H
#define QEMU_STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cpu.h"

/*
 * An area of at most AP_MESSAGE_MAX bytes, which may begin anywhere in a page
 */
struct storage_area {
	uint64_t page[AP_MESSAGE_MAX / PAGE_SIZE + 1];
	size_t offset;
	size_t length;
};

/*
 * Map @length bytes at @address for stores or fetches by the vCPU whose PSW
 * mask is @psw. Return false with @fault if a page cannot be accessed.
 */
bool storage_map(struct cpu *cpu, uint64_t psw, uint64_t address,
		 size_t length, bool store, struct storage_area *area,
		 struct dat_fault *fault);

/* Copy the whole area out, or @length bytes into its beginning. */
void storage_fetch(struct cpu *cpu, const struct storage_area *area,
		   uint8_t *to);
void storage_store(struct cpu *cpu, const struct storage_area *area,
		   const uint8_t *from, size_t length);

/*
 * Access storage by its absolute address. Return false if there is no such
 * storage.
 */
bool storage_fetch_absolute(struct cpu *cpu, uint64_t address, void *to,
			    size_t length);
bool storage_store_absolute(struct cpu *cpu, uint64_t address,
			    const void *from, size_t length);
bool storage_exists(struct cpu *cpu, uint64_t address);

#endif /* QEMU_STORAGE_H */
