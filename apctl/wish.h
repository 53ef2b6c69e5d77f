/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The contents of the file of `apctl apply`: the host's share and all devices.
 */
#ifndef APCTL_WISH_H
#define APCTL_WISH_H

#include "share.h"

struct wished_device {
	char *name;
	char *uuid;
	struct matrix matrix;
	bool start;		/* activate it, now and at every boot */
	unsigned int line;	/* where it begins, and its lists */
	unsigned int adapters_line;
	unsigned int domains_line;
};

struct wish {
	const char *file;
	bool has_share;		/* the file sets the host's share */
	unsigned int share_line;
	struct share share;
	GPtrArray *devices;	/* of struct wished_device */
};

/*
 * Read the file. If it does not set the host's share, that of the machine is
 * used. Return the wish, which the caller frees by wish_free(), or NULL after a
 * message on @err for each mistake, with its line.
 */
struct wish *wish_read(const struct machine *machine, const char *file, FILE *err);
void wish_free(struct wish *wish);

#endif
