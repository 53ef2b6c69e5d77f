// SPDX-License-Identifier: GPL-2.0-only
#include "flic.h"

#include <glib.h>
#include <stddef.h>

/* The interruption word, and the mask of subclasses in control register 6 */
#define IO_ADAPTER		0x80000000u
#define IO_SUBCLASS_SHIFT	27
#define CR6_ALL			0xff000000u
#define CR6_OF(isc)		(0x80000000u >> (isc))

struct AddressSpace;
struct CPUState;
struct S390FLICState;

/*
 * QEMU's own functions. Those that a QEMU does not export are NULL. Unions and
 * attributes of eight bytes are passed as an integer.
 */
#define WEAK extern __attribute__((weak))

WEAK void bql_lock_impl(const char *file, int line);
WEAK void bql_unlock(void);
WEAK void rcu_register_thread(void);
WEAK void s390_io_interrupt(uint16_t id, uint16_t number, uint32_t parameter,
			    uint32_t word);
WEAK struct S390FLICState *s390_get_flic(void);
WEAK bool qemu_s390_flic_has_io(struct S390FLICState *flic, uint64_t cr6);
WEAK void *qemu_s390_flic_dequeue_io(struct S390FLICState *flic, uint64_t cr6);
WEAK struct AddressSpace address_space_memory;
WEAK uint32_t address_space_write(struct AddressSpace *space, uint64_t address,
				  uint64_t attributes, const void *from,
				  uint64_t length);
WEAK struct CPUState *qemu_get_cpu(int index);
WEAK void async_safe_run_on_cpu(struct CPUState *cpu,
				void (*function)(struct CPUState *cpu,
						 uint64_t data),
				uint64_t data);

bool flic_is_there(void)
{
	return bql_lock_impl && bql_unlock && rcu_register_thread &&
	       s390_io_interrupt && s390_get_flic && qemu_s390_flic_has_io &&
	       qemu_s390_flic_dequeue_io &&
	       &address_space_memory && address_space_write &&
	       qemu_get_cpu && async_safe_run_on_cpu;
}

/* Whoever stores to the VM's storage has to be known to QEMU's RCU. */
void flic_enter(void)
{
	rcu_register_thread();
}

void flic_lock(void)
{
	bql_lock_impl(__FILE__, __LINE__);
}

void flic_unlock(void)
{
	bql_unlock();
}

bool flic_is_pending(uint8_t isc)
{
	return qemu_s390_flic_has_io(s390_get_flic(), CR6_OF(isc));
}

void flic_interrupt(uint8_t isc)
{
	s390_io_interrupt(0, 0, 0, IO_ADAPTER | (uint32_t)isc << IO_SUBCLASS_SHIFT);
}

void flic_clear(void)
{
	struct S390FLICState *flic = s390_get_flic();

	while (qemu_s390_flic_has_io(flic, CR6_ALL))
		g_free(qemu_s390_flic_dequeue_io(flic, CR6_ALL));
}

void flic_store(uint64_t address, uint8_t byte)
{
	address_space_write(&address_space_memory, address, 0, &byte, sizeof(byte));
}

struct work {
	void (*function)(unsigned int vcpu);
	unsigned int vcpu;
};

static void run(struct CPUState *cpu, uint64_t data)
{
	struct work *work = (struct work *)(uintptr_t)data;

	(void)cpu;
	work->function(work->vcpu);
	g_free(work);
}

void flic_run(unsigned int vcpu, void (*function)(unsigned int vcpu))
{
	struct work *work = g_new(struct work, 1);

	*work = (struct work){ function, vcpu };
	async_safe_run_on_cpu(qemu_get_cpu(vcpu), run, (uintptr_t)work);
}
