/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bits that are added to what QEMU has stored: to its lists of facilities and
 * of functions.
 */
#ifndef QEMU_ADDITION_H
#define QEMU_ADDITION_H

#include "cpu.h"

/* A byte of a list, and the bits that are added to it */
struct addition {
	uint8_t byte;
	uint8_t bits;
};

/*
 * QEMU has stored @size bytes at @address of a list that begins at @list, both
 * logical addresses. Add the bits to the byte if it is among the stored ones.
 */
void addition_make(struct cpu *cpu, uint64_t list, uint64_t address,
		   size_t size, struct addition addition);

/*
 * Add the bits to a list at the absolute address @list, which is stored as a
 * whole.
 */
void addition_make_absolute(struct cpu *cpu, uint64_t list,
			    struct addition addition);

#endif /* QEMU_ADDITION_H */
