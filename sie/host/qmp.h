/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program in the LPAR may ask of the QEMU of its guest, and what of the answers is
 * otherwise in the LPAR: its guests are under KVM there, and have a vfio-ap device.
 */
#ifndef HOST_QMP_H
#define HOST_QMP_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * May the command be executed with these arguments, an object or NULL? What they name by its
 * name in the LPAR gets its name in QEMU.
 */
bool qmp_takes(const char *command, struct json_object *arguments);

/*
 * What QEMU does not know of the LPAR: @device is the id of the guest's vfio-ap device, "" if it
 * has none, and @process the number of the front end's process. @lists_devices: what is listed are
 * the devices of the guest, as qmp_lists_devices() says. @lacks_kvm: the LPAR asks about a QEMU
 * without KVM.
 */
struct qmp_lpar {
	const char *device;
	uint64_t process;
	bool lists_devices, lacks_kvm;
};

/* Mend what QEMU has returned. */
void qmp_mend(const char *command, struct json_object *returned, const struct qmp_lpar *lpar);

/* Does the command with these arguments list the devices of the guest? */
bool qmp_lists_devices(const char *command, struct json_object *arguments);

#endif /* HOST_QMP_H */
