/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mediated devices as mdevctl(8) defines them: a file of JSON for each, which
 * libvirt and s390-tools read, too.
 */
#ifndef APCTL_DEFINITION_H
#define APCTL_DEFINITION_H

#include "ids.h"

#define DEFINITIONS	"/etc/mdevctl.d/matrix"
#define MDEV_TYPE_NAME	"vfio_ap-passthrough"

struct definition {
	char *uuid;
	char *name;
	struct matrix matrix;
	bool autostart;
};

/* All of them, of struct definition, in the order of their names. */
GPtrArray *definitions_read(const char *root);

/* Returns the definition of a UUID, which definition_free() frees, or NULL. */
struct definition *definition_read(const char *root, const char *uuid);
void definition_free(struct definition *definition);

/*
 * Calls @take with each attribute of the file that assigns nothing and that whoever starts the
 * device writes, in order, as control_usage_domains.
 */
void definition_each_other(const char *root, const char *uuid,
			   void (*take)(const char *name, const char *value, void *arg), void *arg);

/*
 * The text of its file, which the caller frees. What the file has now that is
 * not known here stays in it.
 */
char *definition_text(const char *root, const struct definition *definition);

/* Returns 0 or -errno. */
int definition_write(const char *root, const struct definition *definition);
int definition_remove(const char *root, const char *uuid);

#endif
