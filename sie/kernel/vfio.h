/* SPDX-License-Identifier: GPL-2.0-only */
/* The VFIO device of a VM, which tells VFIO files to which VM they belong. */
#ifndef SIE_VFIO_H
#define SIE_VFIO_H

#include "vm.h"

/*
 * Make the VFIO device of @vm. Return its file descriptor, -EBUSY if the VM has
 * one, or another negative errno. The device ends with the file.
 */
int sie_vfio_create(struct sie_vm *vm);

#endif /* SIE_VFIO_H */
