/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The monitors of a guest: the one for people (HMP) and the one for programs
 * (QMP).
 *
 * They are those of the guest's QEMU, as far as the LPAR may use them: a list
 * contains the commands that are passed on. That QEMU does not have the vfio-ap
 * device, so commands about it are sent to the front end in frames, and its
 * events are added. Commands are executed one at a time, in the order of their
 * arrival.
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
 * Make a monitor. @qemu is a non-blocking socket to QEMU's QMP monitor, and is
 * closed with the monitor. @start describes the guest and is copied; NULL if
 * there is none.
 */
struct monitor *monitor_new(int qemu, const struct start *start);
void monitor_free(struct monitor *monitor);

/* Describe a QEMU without KVM to the LPAR's program. */
void monitor_lacks_kvm(struct monitor *monitor);

/*
 * Store the descriptor and the events to wait for; the descriptor is -1 if
 * there are none.
 */
void monitor_prepare(const struct monitor *monitor, struct pollfd *pollfd);

/* Serve the descriptor, which is ready. */
void monitor_serve(struct monitor *monitor);

/*
 * Return whether a frame for a monitor may be taken. If not, its commands are
 * waiting.
 */
bool monitor_has_room(const struct monitor *monitor);

/*
 * Process a frame of the LPAR: HMP, QMP, DEVICE_DONE, DEVICE_GONE or
 * DEVICE_PLUGGED. Return false if it violates the protocol.
 */
bool monitor_take(struct monitor *monitor, const struct frame *frame);

/*
 * Take the next frame for the LPAR. Return false if there is none. The caller
 * frees @payload.
 */
bool monitor_next_frame(struct monitor *monitor, enum frame_type *type, GBytes **payload);

#endif /* HOST_MONITOR_H */
