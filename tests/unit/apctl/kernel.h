/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A kernel for tests of apctl: a tree of files in a temporary directory with
 * the contents of sysfs, and attribute_write(), which does what the AP bus and
 * vfio_ap do. A test includes this once.
 */
#ifndef TESTS_APCTL_KERNEL_H
#define TESTS_APCTL_KERNEL_H

#include <errno.h>
#include <fts.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apctl/attribute.h"
#include "apctl/file.h"
#include "apctl/ids.h"
#include "bytes/number.h"
#include "driver/parse.h"

#define KERNEL_DEVICES	8
#define KERNEL_BUS	"/sys/bus/ap"
#define KERNEL_AP	"/sys/devices/ap"
#define KERNEL_MATRIX	"/sys/devices/vfio_ap/matrix"

struct kernel_device {
	char uuid[37];
	struct matrix assigned;
	bool running;
	bool staged;
	bool controls_usage;
};

static struct {
	char *root;
	struct ap_mask apmask;
	struct ap_mask aqmask;
	bool overrides;			/* queues have driver_override */
	bool loaded;			/* vfio_ap is loaded */
	bool ours;
	const char *driver[APQNS];	/* "" for none, NULL for no queue */
	const char *override[APQNS];
	const char *reason[APQNS];	/* why a guest cannot have it */
	struct kernel_device device[KERNEL_DEVICES];
	int writes;			/* number of attributes written */
	const char *fail;		/* part of a path not writable */
} kernel;

static __attribute__((format(printf, 1, 2))) void kernel_put(const char *format, ...)
{
	va_list arguments;
	g_autofree char *text = NULL;
	char *equals;

	va_start(arguments, format);
	text = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	equals = strchr(text, '=');
	*equals = '\0';
	g_assert(!file_replace(kernel.root, equals + 1, "%s", text));
}

static void kernel_link(const char *target, const char *directory, const char *name)
{
	g_autofree char *from = g_strdup_printf("%s%s/%s", kernel.root, directory, name);
	g_autofree char *place = g_path_get_dirname(from);

	g_mkdir_with_parents(place, 0755);
	g_unlink(from);
	g_assert(!symlink(target, from));
}

static struct kernel_device *kernel_owner(unsigned int apqn)
{
	for (int i = 0; i < KERNEL_DEVICES; i++)
		if (*kernel.device[i].uuid && !kernel.device[i].staged &&
		    matrix_has(&kernel.device[i].assigned, apqn))
			return &kernel.device[i];
	return NULL;
}

static bool kernel_usable(unsigned int apqn)
{
	return kernel.driver[apqn] && !strcmp(kernel.driver[apqn], "vfio_ap") &&
	       !kernel.reason[apqn];
}

/*
 * Return what the guest gets. As in the in-tree driver, an adapter is removed
 * completely if one of its queues is missing.
 */
static struct matrix kernel_guest(const struct kernel_device *device)
{
	struct matrix guest = device->assigned;
	unsigned int apqn;

	matrix_for_each(apqn, &device->assigned)
		if (!kernel_usable(apqn))
			mask_del(&guest.apm, APQN_ADAPTER(apqn));
	return guest;
}

static char *kernel_matrix_text(const struct matrix *matrix)
{
	char *text = g_malloc0(APQNS * 8 + 1);

	vfio_ap_matrix_text(matrix, text, 0, APQNS * 8);
	return text;
}

static void kernel_show_device(const struct kernel_device *device)
{
	struct matrix guest = kernel_guest(device);
	g_autofree char *all = device->staged ? g_strdup("") : kernel_matrix_text(&device->assigned);
	g_autofree char *some = kernel_matrix_text(&guest);
	char masks[3][MASK_TEXT];
	g_autoptr(GString) control = g_string_new(NULL);
	unsigned int id;

	mask_text(&device->assigned.apm, masks[0]);
	mask_text(&device->assigned.aqm, masks[1]);
	mask_text(&device->assigned.adm, masks[2]);
	mask_for_each(id, &device->assigned.adm)
		g_string_append_printf(control, "%04x\n", id);
	kernel_put(KERNEL_MATRIX "/%s/matrix=%s", device->uuid, all);
	kernel_put(KERNEL_MATRIX "/%s/guest_matrix=%s", device->uuid, some);
	kernel_put(KERNEL_MATRIX "/%s/control_domains=%s", device->uuid, control->str);
	kernel_put(KERNEL_MATRIX "/%s/ap_config=%s,%s,%s\n", device->uuid, masks[0], masks[1],
		   masks[2]);
	if (!kernel.ours)
		return;
	kernel_put(KERNEL_MATRIX "/%s/guest_control_domains=%s", device->uuid, control->str);
	kernel_put(KERNEL_MATRIX "/%s/control_usage_domains=%d\n", device->uuid,
		   device->controls_usage);
	kernel_put(KERNEL_MATRIX "/%s/activate=%d\n", device->uuid, !device->staged);
	kernel_put(KERNEL_MATRIX "/%s/refusal=", device->uuid);
}

static void kernel_show_queue(unsigned int apqn)
{
	const struct kernel_device *device = kernel_owner(apqn);
	struct matrix guest = { 0 };
	const char *status = "unassigned";
	char name[APQN_TEXT];

	if (!kernel.driver[apqn] || strcmp(kernel.driver[apqn], "vfio_ap"))
		return;
	if (device) {
		guest = kernel_guest(device);
		status = device->running && matrix_has(&guest, apqn) ? "in use" : "assigned";
	}
	apqn_text(apqn, name);
	kernel_put(KERNEL_AP "/card%02x/%s/status=%s\n", APQN_ADAPTER(apqn), name, status);
	kernel_put(KERNEL_AP "/card%02x/%s/condition=%s\n", APQN_ADAPTER(apqn), name,
		   kernel.reason[apqn] ?: "ready");
}

/* Write the attributes of all devices and queues. */
static void kernel_show(void)
{
	char text[MASK_TEXT];
	int unready = 0;

	mask_text(&kernel.apmask, text);
	kernel_put(KERNEL_BUS "/apmask=%s\n", text);
	mask_text(&kernel.aqmask, text);
	kernel_put(KERNEL_BUS "/aqmask=%s\n", text);
	for (int i = 0; i < KERNEL_DEVICES; i++)
		if (*kernel.device[i].uuid)
			kernel_show_device(&kernel.device[i]);
	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		kernel_show_queue(apqn);
		unready += kernel.driver[apqn] && kernel.reason[apqn];
	}
	if (kernel.ours)
		kernel_put(KERNEL_MATRIX "/unready=%d\n", unready);
}

static void kernel_bind(unsigned int apqn, const char *driver)
{
	g_autofree char *directory = NULL;
	g_autofree char *place = NULL;
	g_autofree char *link = NULL;
	g_autofree char *old = NULL;
	char name[APQN_TEXT];

	apqn_text(apqn, name);
	if (kernel.driver[apqn] && *kernel.driver[apqn]) {
		old = g_strdup_printf("%s" KERNEL_BUS "/drivers/%s/%s", kernel.root,
				      kernel.driver[apqn], name);
		g_unlink(old);
	}
	kernel.driver[apqn] = driver;
	place = g_strdup_printf(KERNEL_AP "/card%02x/%s", APQN_ADAPTER(apqn), name);
	link = g_strdup_printf("%s%s/driver", kernel.root, place);
	g_unlink(link);
	if (!*driver)
		return;
	directory = g_strdup_printf(KERNEL_BUS "/drivers/%s", driver);
	kernel_link("../../devices", directory, name);
	kernel_link(driver, place, "driver");
}

/* Return the driver that gets a queue by the masks and its override. */
static const char *kernel_driver_for(unsigned int apqn)
{
	if (kernel.override[apqn])
		return kernel.override[apqn];
	if (mask_has(&kernel.apmask, APQN_ADAPTER(apqn)) &&
	    mask_has(&kernel.aqmask, APQN_DOMAIN(apqn)))
		return "cex4queue";
	return kernel.loaded ? "vfio_ap" : "";
}

static void kernel_bind_all(void)
{
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (kernel.driver[apqn] && strcmp(kernel.driver[apqn], kernel_driver_for(apqn)))
			kernel_bind(apqn, kernel_driver_for(apqn));
}

static void kernel_adapter(unsigned int id, const char *type)
{
	g_autofree char *name = g_strdup_printf("card%02x", id);

	kernel_put(KERNEL_AP "/%s/type=%s\n", name, type);
	kernel_put(KERNEL_AP "/%s/config=1\n", name);
	kernel_put(KERNEL_AP "/%s/chkstop=0\n", name);
	kernel_put(KERNEL_AP "/%s/online=1\n", name);
	kernel_link("../../../devices", KERNEL_BUS "/devices", name);
}

static void kernel_queue(unsigned int apqn)
{
	char name[APQN_TEXT];
	g_autofree char *directory = NULL;

	apqn_text(apqn, name);
	directory = g_strdup_printf("%s" KERNEL_AP "/card%02x/%s", kernel.root,
				    APQN_ADAPTER(apqn), name);
	g_mkdir_with_parents(directory, 0755);
	kernel_link("../../../devices", KERNEL_BUS "/devices", name);
	if (kernel.overrides)
		kernel_put(KERNEL_AP "/card%02x/%s/driver_override=(null)\n", APQN_ADAPTER(apqn), name);
	kernel_bind(apqn, kernel_driver_for(apqn));
}

static inline void kernel_load(bool ours)
{
	kernel.loaded = true;
	kernel.ours = ours;
	kernel_put(KERNEL_MATRIX "/features=guest_matrix hotplug ap_config%s\n",
		   ours ? " activate ranges refusal" : "");
	kernel_put(KERNEL_MATRIX "/mdev_supported_types/vfio_ap-passthrough/create=");
	kernel_put(KERNEL_BUS "/drivers/vfio_ap/bind=");
	kernel_bind_all();
	kernel_show();
}

static struct kernel_device *kernel_find(const char *uuid)
{
	for (int i = 0; i < KERNEL_DEVICES; i++)
		if (!strcmp(kernel.device[i].uuid, uuid))
			return &kernel.device[i];
	return NULL;
}

static inline struct kernel_device *kernel_device(const char *uuid, const char *config)
{
	struct kernel_device *device = kernel_find("");

	g_strlcpy(device->uuid, uuid, sizeof(device->uuid));
	if (config)
		g_assert(!vfio_ap_parse_config(config, &device->assigned));
	kernel_put(KERNEL_MATRIX "/%s/remove=", uuid);
	kernel_show();
	return device;
}

/*
 * Start a machine with adapters 4 (A), 5 (C) and 6 (P), and domains 4, 6, 0x47
 * and 0xab.
 */
static int kernel_start(void **state)
{
	static const unsigned int domains[] = { 4, 6, 0x47, 0xab };

	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	kernel.root = g_dir_make_tmp("apctl-XXXXXX", NULL);
	kernel.apmask = kernel.aqmask = mask_all();
	kernel_put(KERNEL_BUS "/ap_max_adapter_id=255\n");
	kernel_put(KERNEL_BUS "/ap_max_domain_id=255\n");
	kernel_put(KERNEL_BUS "/drivers/cex4queue/bind=");
	kernel_adapter(4, "CEX8A");
	kernel_adapter(5, "CEX8C");
	kernel_adapter(6, "CEX8P");
	for (unsigned int adapter = 4; adapter <= 6; adapter++)
		for (size_t i = 0; i < G_N_ELEMENTS(domains); i++)
			kernel_queue(APQN(adapter, domains[i]));
	kernel_show();
	return 0;
}

/* Remove @path and everything below it. */
static void kernel_remove(char *path)
{
	char *const paths[] = { path, NULL };
	FTS *walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;

	while ((entry = fts_read(walk)))
		if (entry->fts_info != FTS_D)
			remove(entry->fts_path);
	fts_close(walk);
}

static int kernel_stop(void **state)
{
	(void)state;
	kernel_remove(kernel.root);
	g_free(kernel.root);
	return 0;
}

/*
 * Set the masks. This is refused if it takes a queue from a device, or if a
 * queue has an override.
 */
static int kernel_set_masks(const struct ap_mask *apmask, const struct ap_mask *aqmask)
{
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (mask_has(apmask, APQN_ADAPTER(apqn)) && mask_has(aqmask, APQN_DOMAIN(apqn)) &&
		    kernel_owner(apqn))
			return -EBUSY;
	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		if (kernel.override[apqn])
			return -EINVAL;
	kernel.apmask = *apmask;
	kernel.aqmask = *aqmask;
	kernel_bind_all();
	return 0;
}

static int kernel_write_mask(const char *path, const char *text)
{
	struct ap_mask mask;

	if (mask_parse(text, &mask))
		return -EINVAL;
	return strcmp(path, KERNEL_BUS "/apmask") ? kernel_set_masks(&kernel.apmask, &mask) :
						    kernel_set_masks(&mask, &kernel.aqmask);
}

static int kernel_write_override(unsigned int apqn, const char *text)
{
	if (mask_count(&kernel.apmask) < AP_IDS || mask_count(&kernel.aqmask) < AP_IDS)
		return -EINVAL;
	kernel.override[apqn] = *text ? "vfio_ap" : NULL;
	return 0;
}

static int kernel_assign(struct kernel_device *device, const struct matrix *matrix)
{
	struct matrix old = device->assigned;
	unsigned int apqn;
	int rc = 0;

	memset(&device->assigned, 0, sizeof(device->assigned));
	matrix_for_each(apqn, matrix) {
		if (device->staged)
			break;
		if (kernel_owner(apqn))
			rc = -EADDRINUSE;
		else if (kernel.driver[apqn] && !strcmp(kernel.driver[apqn], "cex4queue"))
			rc = -EADDRNOTAVAIL;
	}
	device->assigned = rc ? old : *matrix;
	return rc;
}

static int kernel_write_device(struct kernel_device *device, const char *name, const char *text)
{
	struct matrix matrix = device->assigned;
	struct mask_edit edit;
	bool assign = !g_str_has_prefix(name, "un");
	struct ap_mask *mask = strstr(name, "adapter") ? &matrix.apm :
			       strstr(name, "control") ? &matrix.adm : &matrix.aqm;

	if (!strcmp(name, "remove")) {
		g_autofree char *path = g_strdup_printf("%s" KERNEL_MATRIX "/%s", kernel.root,
							device->uuid);

		if (device->running)
			return -EBUSY;
		memset(device, 0, sizeof(*device));
		kernel_remove(path);
		return 0;
	}
	if (!strcmp(name, "control_usage_domains") && kernel.ours) {
		device->controls_usage = *text == '1';
		return 0;
	}
	if (!strcmp(name, "ap_config"))
		return vfio_ap_parse_config(text, &matrix) ? -EINVAL : kernel_assign(device, &matrix);
	if (!strstr(name, "assign_"))
		return -ENOENT;
	if (vfio_ap_parse_ids(text, 255, assign, &edit))
		return -EINVAL;
	*mask = mask_or(mask, &edit.add);
	*mask = mask_andnot(mask, &edit.del);
	return kernel_assign(device, &matrix);
}

static unsigned int kernel_apqn(const char *name)
{
	uint16_t apqn;

	g_assert(apqn_parse(name, &apqn));
	return apqn;
}

static int kernel_write(const char *path, const char *text)
{
	g_autofree char *name = g_path_get_basename(path);
	g_autofree char *directory = g_path_get_dirname(path);
	g_autofree char *parent = g_path_get_basename(directory);

	if (kernel.fail && strstr(path, kernel.fail))
		return -EIO;
	if (!strcmp(name, "apmask") || !strcmp(name, "aqmask"))
		return kernel_write_mask(path, text);
	if (!strcmp(name, "driver_override"))
		return kernel_write_override(kernel_apqn(parent), text);
	if (!strcmp(name, "unbind"))
		return kernel_bind(kernel_apqn(text), ""), 0;
	if (!strcmp(name, "drivers_probe"))
		return kernel_bind(kernel_apqn(text), kernel_driver_for(kernel_apqn(text))), 0;
	if (!strcmp(name, "create")) {
		if (kernel_find(text))
			return -EEXIST;
		return kernel_device(text, NULL), 0;
	}
	if (kernel_find(parent))
		return kernel_write_device(kernel_find(parent), name, text);
	return -ENOENT;
}

int attribute_write(const char *root, const char *text, const char *format, ...)
{
	va_list arguments;
	g_autofree char *path = NULL;
	int rc;

	g_assert_cmpstr(root, ==, kernel.root);
	va_start(arguments, format);
	path = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	kernel.writes++;
	rc = kernel_write(path, text);
	kernel_show();
	return rc;
}

#endif
