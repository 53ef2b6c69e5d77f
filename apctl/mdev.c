// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "attribute.h"
#include "definition.h"
#include "file.h"
#include "machine.h"
#include "mdev.h"

static const char *reason_of(int rc)
{
	switch (rc) {
	case -EADDRINUSE:
		return "another device has one of the queues";
	case -EADDRNOTAVAIL:
		return "the host has one of the queues";
	case -ENODEV:
		return "the machine cannot have such an adapter or domain";
	case -EEXIST:
		return "there is such a device already";
	case -ENOENT:
		return "vfio_ap is not loaded; `modprobe vfio_ap` loads it";
	case -EACCES:
	case -EPERM:
		return "only root may change devices";
	default:
		return strerror(-rc);
	}
}

/*
 * Report a failure, and return @rc. The driver's own reason is added if there
 * is one.
 */
static int tell(const char *root, const char *uuid, int rc, FILE *err)
{
	g_autofree char *refusal = file_read(root, MATRIX "/%s/refusal", uuid);

	if (!rc)
		return 0;
	fprintf(err, "apctl: %s: the kernel refuses: %s\n", uuid, reason_of(rc));
	if (refusal && *refusal)
		fprintf(err, "%s\n", refusal);
	return rc;
}

static int write_config(const char *root, const char *uuid, const struct matrix *matrix)
{
	char masks[3][MASK_TEXT];
	g_autofree char *text = NULL;

	mask_text(&matrix->apm, masks[0]);
	mask_text(&matrix->aqm, masks[1]);
	mask_text(&matrix->adm, masks[2]);
	text = g_strdup_printf("%s,%s,%s", masks[0], masks[1], masks[2]);
	return attribute_write(root, text, MATRIX "/%s/ap_config", uuid);
}

static int write_each(const char *root, const char *uuid, const char *attribute,
		      const struct ap_mask *ids)
{
	unsigned int id;
	char text[8];
	int rc = 0;

	mask_for_each(id, ids) {
		g_snprintf(text, sizeof(text), "0x%02x", id);
		rc = attribute_write(root, text, MATRIX "/%s/%s", uuid, attribute);
		if (rc)
			break;
	}
	return rc;
}

/*
 * Write one attribute after the other, for kernels without ap_config. Removals
 * come first.
 */
static int write_differences(const char *root, const char *uuid, const struct matrix *from,
			     const struct matrix *to)
{
	static const char *const names[] = { "adapter", "domain", "control_domain" };
	const struct ap_mask *old[] = { &from->apm, &from->aqm, &from->adm };
	const struct ap_mask *new[] = { &to->apm, &to->aqm, &to->adm };
	int rc = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < G_N_ELEMENTS(names) && !rc; i++) {
			struct ap_mask ids = pass ? mask_andnot(new[i], old[i]) :
						    mask_andnot(old[i], new[i]);
			g_autofree char *attribute = g_strdup_printf("%sassign_%s", pass ? "" : "un",
								     names[i]);

			rc = write_each(root, uuid, attribute, &ids);
		}
	return rc;
}

int mdev_change(const char *root, const char *uuid, const struct matrix *from,
		const struct matrix *to, FILE *err)
{
	int rc;

	if (matrix_equal(from, to))
		return 0;
	if (file_exists(root, MATRIX "/%s/ap_config", uuid))
		return tell(root, uuid, write_config(root, uuid, to), err);
	rc = tell(root, uuid, write_differences(root, uuid, from, to), err);
	if (rc)
		write_differences(root, uuid, to, from);
	return rc;
}

struct writing {
	const char *root;
	const char *uuid;
	FILE *err;
	int rc;
};

static void write_other(const char *name, const char *value, void *arg)
{
	struct writing *writing = arg;

	if (writing->rc)
		return;
	writing->rc = attribute_write(writing->root, value, MATRIX "/%s/%s", writing->uuid, name);
	if (writing->rc)
		fprintf(writing->err, "apctl: %s: the kernel does not take %s of the definition for %s: %s\n",
			writing->uuid, value, name, strerror(-writing->rc));
}

/*
 * Write the other attributes, as mdevctl does. They limit what a guest may
 * have, so the device must not be used without them.
 */
static int write_others(const char *root, const char *uuid, FILE *err)
{
	struct writing writing = { root, uuid, err, 0 };

	definition_each_other(root, uuid, write_other, &writing);
	return writing.rc;
}

int mdev_start(const char *root, const char *uuid, const struct matrix *matrix, FILE *err)
{
	static const struct matrix nothing;
	int rc = tell(root, uuid, attribute_write(root, uuid, MDEV_TYPE "/create"), err);

	if (rc)
		return rc;
	rc = mdev_change(root, uuid, &nothing, matrix, err);
	if (!rc)
		rc = write_others(root, uuid, err);
	if (rc)
		attribute_write(root, "1", MATRIX "/%s/remove", uuid);
	return rc;
}

/* VFIO lets only one process open a group. */
bool mdev_is_open(const char *root, const char *uuid)
{
	g_autofree char *link = file_path(root, MATRIX "/%s/iommu_group", uuid);
	char target[256] = "";
	g_autofree char *group = NULL;
	g_autofree char *path = NULL;
	int fd;

	if (readlink(link, target, sizeof(target) - 1) <= 0)
		return false;
	group = g_path_get_basename(target);
	path = file_path(root, "/dev/vfio/%s", group);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return errno == EBUSY;
	close(fd);
	return false;
}

int mdev_stop(const char *root, const char *uuid, FILE *err)
{
	return tell(root, uuid, attribute_write(root, "1", MATRIX "/%s/remove", uuid), err);
}
