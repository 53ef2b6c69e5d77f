/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to resume a sleeping vCPU. QEMU informs the guest of each connection to
 * the socket of a virtio-serial port, and of its end, by an I/O interruption.
 * The guest needs a driver for virtio-serial; it does not matter what it does
 * with the port.
 *
 *	-device virtio-serial-ccw
 *	-chardev socket,id=wake,path=PATH,server=on,wait=off
 *	-device virtserialport,chardev=wake,name=org.swcex.wake
 */
#ifndef QEMU_WAKE_H
#define QEMU_WAKE_H

#include <stdint.h>

/*
 * @vain: number of attempts that had no effect
 * @due: time of the next attempt, in microseconds
 */
struct wake {
	const char *path;
	int socket;		/* -1: not connected */
	unsigned int vain;
	int64_t due;
};

void wake_init(struct wake *wake, const char *path);

/*
 * Resume a vCPU. The function never blocks; it retries a port that does not
 * answer in the next call.
 */
void wake_vcpu(struct wake *wake);

/*
 * Resume one of several vCPUs that all sleep, at @now in microseconds. A vCPU
 * that may not take what is pending goes to sleep again, so the time between
 * two attempts doubles each time, up to a second, until an attempt may succeed
 * again.
 */
void wake_sleeper(struct wake *wake, int64_t now);
void wake_hope(struct wake *wake);

#endif /* QEMU_WAKE_H */
