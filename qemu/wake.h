/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to resume a sleeping vCPU: QEMU tells the guest of each connection to
 * the socket of a virtio-serial port, and of its end, by an I/O interruption. The
 * guest needs to have a driver for virtio-serial; what it does with the port does
 * not matter.
 *
 *	-device virtio-serial-ccw -chardev socket,id=wake,path=PATH,server=on,wait=off
 *	-device virtserialport,chardev=wake,name=org.swcex.wake
 */
#ifndef QEMU_WAKE_H
#define QEMU_WAKE_H

#include <stdint.h>

/* @vain, @due: how often it was of no use, and when to try again, in microseconds */
struct wake {
	const char *path;
	int socket;		/* -1: not connected */
	unsigned int vain;
	int64_t due;
};

void wake_init(struct wake *wake, const char *path);

/* Never blocks. A port that does not answer is tried anew the next time. */
void wake_vcpu(struct wake *wake);

/*
 * The same for vCPUs that all sleep, at @now, in microseconds: one that may not take what
 * is pending goes to sleep again. So each time is twice as long after the last as that
 * was, up to a second, until there is hope again.
 */
void wake_sleeper(struct wake *wake, int64_t now);
void wake_hope(struct wake *wake);

#endif /* QEMU_WAKE_H */
