/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-ap device of a guest, which can be plugged and unplugged. */
#ifndef FRONTEND_PLUG_H
#define FRONTEND_PLUG_H

#include <stdbool.h>
#include <stddef.h>

#include "device.h"
#include "kvm.h"
#include "vfio.h"

/* @device describes the device while there is one. */
struct plug {
	const struct kvm *kvm;
	struct vfio vfio;
	struct device device;
};

/*
 * Initialize a plug without a device for the VM @kvm, which has to outlive it.
 */
void plug_init(struct plug *plug, const struct kvm *kvm);

/* Plug a device. Report errors and return false. */
bool plug_open(struct plug *plug, const struct device *device);

/*
 * Execute device_add and device_del: @list describes a device, @id names one.
 * Each function returns false with a sentence in @reason on error.
 */
bool plug_add(struct plug *plug, const char *list, char *reason, size_t size);
bool plug_del(struct plug *plug, const char *id, char *reason, size_t size);

/* Unplug the device, if there is one. */
void plug_close(struct plug *plug);

#endif /* FRONTEND_PLUG_H */
