/* SPDX-License-Identifier: GPL-2.0-only */
/* The vfio-ap device of a guest, which comes and goes. */
#ifndef FRONTEND_PLUG_H
#define FRONTEND_PLUG_H

#include <stdbool.h>
#include <stddef.h>

#include "device.h"
#include "kvm.h"
#include "vfio.h"

/* @device describes the device as long as there is one. */
struct plug {
	const struct kvm *kvm;
	struct vfio vfio;
	struct device device;
};

/* A plug of the VM @kvm, which has to outlive it, without a device. */
void plug_init(struct plug *plug, const struct kvm *kvm);

/* Plug a device. Reports what fails. */
bool plug_open(struct plug *plug, const struct device *device);

/*
 * Do what device_add and device_del ask for: @list describes a device, @id names one.
 * Each returns false with a sentence in @reason.
 */
bool plug_add(struct plug *plug, const char *list, char *reason, size_t size);
bool plug_del(struct plug *plug, const char *id, char *reason, size_t size);

/* Unplug the device, if there is one. */
void plug_close(struct plug *plug);

#endif /* FRONTEND_PLUG_H */
