/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What the VM file of sie.ko's /dev/kvm offers beyond KVM's own ioctls.
 */
#ifndef SIE_H
#define SIE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * The number by which the machine knows this VM, for the QEMU that runs it.
 * ESTALE: the machine does not know this VM any more, because a change of
 * its masks was refused; it has no queues and cannot be run.
 */
#define SIE_GET_GUEST	_IOR('s', 0xa9, __u64)

/*
 * Stands for KVM_RUN: handle what the guest needs this LPAR for until a signal
 * comes (EINTR). EOPNOTSUPP: the machine has no adapter interruptions, and the
 * guest needs nothing.
 */
#define SIE_RUN		_IO('s', 0xaa)

#endif /* SIE_H */
