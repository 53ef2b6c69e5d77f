/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mediated devices as mdevctl(8) defines them: one JSON file for each device,
 * which libvirt and s390-tools read, too.
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

/*
 * Return all definitions, sorted by name, as an array of struct definition,
 * which the caller unrefs.
 */
GPtrArray *definitions_read(const char *root);

/*
 * Return the definition of a UUID, or NULL if there is none. The caller frees
 * it by definition_free().
 */
struct definition *definition_read(const char *root, const char *uuid);
void definition_free(struct definition *definition);

/*
 * Call @take with each attribute of the file, in order, that assigns nothing,
 * such as control_usage_domains. Programs that start the device write these
 * attributes.
 */
void definition_each_other(const char *root, const char *uuid,
			   void (*take)(const char *name, const char *value, void *arg), void *arg);

/* What a definition says of an active device */
struct wanted {
	struct matrix matrix;
	bool controls_usage;	/* control_usage_domains is 1 */
};

/*
 * Read the text of a definition. Return 0, or -EINVAL after a message on @err if
 * it is not one of vfio_ap, or has attributes that an active device cannot be
 * given.
 */
int definition_parse(const char *text, struct wanted *wanted, FILE *err);

/* Return the attributes of a definition as JSON, which the caller frees. */
char *definition_attributes(const struct matrix *matrix, bool controls_usage);

/*
 * Return the text of the definition's file, which the caller frees. Members of
 * the present file that apctl does not know are kept.
 */
char *definition_text(const char *root, const struct definition *definition);

/* Write or remove the file of a definition. Return 0 or -errno. */
int definition_write(const char *root, const struct definition *definition);
int definition_remove(const char *root, const char *uuid);

#endif
