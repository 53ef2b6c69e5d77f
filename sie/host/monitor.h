/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitors of a guest: the one for people (HMP) and the one for programs (QMP).
 *
 * They are those of the guest's QEMU, as far as the LPAR may go: a list says which
 * commands are passed on. What concerns the vfio-ap device, which that QEMU does
 * not have, is asked of the front end by frames, and its events are added.
 * One command is executed at a time, in the order in which they came.
 */
#ifndef HOST_MONITOR_H
#define HOST_MONITOR_H

#include <glib.h>
#include <poll.h>
#include <stdbool.h>

#include "request.h"
#include "sie/frame.h"

struct monitor;

/*
 * @qemu: a socket to the QMP monitor of QEMU, which does not block; is closed at the end. @start:
 * what the guest is, of which a copy is made; NULL: there is none.
 */
struct monitor *monitor_new(int qemu, const struct start *start);
void monitor_free(struct monitor *monitor);

/* The LPAR's program is to be told of QEMU without KVM. */
void monitor_lacks_kvm(struct monitor *monitor);

/* The descriptor and the events to wait for; no descriptor, -1, if there are none. */
void monitor_prepare(const struct monitor *monitor, struct pollfd *pollfd);

/* The descriptor is ready. */
void monitor_serve(struct monitor *monitor);

/* May a frame for a monitor be taken? If not, its commands are waiting. */
bool monitor_has_room(const struct monitor *monitor);

/*
 * Take a frame of the LPAR: HMP, QMP, DEVICE_DONE, DEVICE_GONE or DEVICE_PLUGGED. Returns false
 * if it breaks the protocol.
 */
bool monitor_take(struct monitor *monitor, const struct frame *frame);

/* The next frame for the LPAR: false if there is none. Free @payload. */
bool monitor_next_frame(struct monitor *monitor, enum frame_type *type, GBytes **payload);

#endif /* HOST_MONITOR_H */
