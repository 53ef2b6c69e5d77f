/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program in the LPAR may ask the QEMU of its guest, and the answers
 * that are different in the LPAR, where guests run under KVM and have a vfio-ap
 * device.
 */
#ifndef HOST_QMP_H
#define HOST_QMP_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Return whether the command may be executed with these arguments, an object or
 * NULL. Arguments that have another name in QEMU than in the LPAR are renamed.
 */
bool qmp_takes(const char *command, struct json_object *arguments);

/*
 * What QEMU does not know of the LPAR: @device is the id of the guest's vfio-ap
 * device, "" if it has none, and @process is the process ID of the front end.
 * @lists_devices: the answer lists the devices of the guest, as
 * qmp_lists_devices() says. @lacks_kvm: the LPAR asks about a QEMU without KVM.
 */
struct qmp_lpar {
	const char *device;
	uint64_t process;
	bool lists_devices, lacks_kvm;
};

/* Change QEMU's answer to that for the LPAR. */
void qmp_mend(const char *command, struct json_object *returned, const struct qmp_lpar *lpar);

/*
 * Return whether the command with these arguments lists the devices of the
 * guest.
 */
bool qmp_lists_devices(const char *command, struct json_object *arguments);

#endif /* HOST_QMP_H */
