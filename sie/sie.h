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

/*
 * Hold the lock of the VM, kvm->lock, for @ms milliseconds or until a signal comes
 * (EINTR): as KVM does while it waits for the vCPUs of a VM, which can take as long
 * as user space likes. @held becomes 1 when the lock is held. For tests.
 */
struct sie_hold {
	__u32 ms;
	__u32 held;
};

#define SIE_HOLD	_IOWR('s', 0xab, struct sie_hold)

#endif /* SIE_H */
