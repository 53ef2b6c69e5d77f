/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to resume a sleeping vCPU: QEMU tells the guest of each connection to
 * the socket of a virtio-serial port, and of its end, by an I/O interruption. The
 * guest needs to have a driver for virtio-serial; what it does with the port does
 * not matter.
 *
 *	-device virtio-serial-ccw -chardev socket,id=wake,path=PATH,server=on,wait=off
 *	-device virtserialport,chardev=wake,name=org.vfio_ap.wake
 */
#ifndef WAKE_H
#define WAKE_H

struct wake {
	const char *path;
	int socket;		/* -1: not connected */
};

void wake_init(struct wake *wake, const char *path);

/* Never blocks. A port that does not answer is tried anew the next time. */
void wake_vcpu(struct wake *wake);

#endif /* WAKE_H */
