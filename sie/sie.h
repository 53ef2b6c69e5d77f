/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The ioctls of sie.ko's VM file that KVM does not have.
 */
#ifndef SIE_H
#define SIE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/*
 * Return the number by which the machine knows this VM, for the QEMU that runs
 * it. The error is ESTALE if the machine no longer knows this VM, because a
 * change of its masks was refused; it has no queues and cannot be run.
 */
#define SIE_GET_GUEST	_IOR('s', 0xa9, __u64)

/*
 * Handle, in place of KVM_RUN, what the guest needs this LPAR for, until there
 * is a signal (EINTR). The error is EOPNOTSUPP if the machine has no adapter
 * interruptions, in which case the guest needs nothing.
 */
#define SIE_RUN		_IO('s', 0xaa)

/*
 * Hold the lock of the VM, kvm->lock, for @ms milliseconds or until there is a
 * signal (EINTR), as KVM does while it waits for the vCPUs of a VM, which can
 * take as long as user space likes. @held becomes 1 when the lock is held. This
 * is for tests.
 */
struct sie_hold {
	__u32 ms;
	__u32 held;
};

#define SIE_HOLD	_IOWR('s', 0xab, struct sie_hold)

#endif /* SIE_H */
