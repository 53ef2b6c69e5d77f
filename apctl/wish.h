/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the file of `apctl apply` wants: the host's share and all devices.
 */
#ifndef APCTL_WISH_H
#define APCTL_WISH_H

#include "share.h"

struct wished_device {
	char *name;
	char *uuid;
	struct matrix matrix;
	bool start;		/* active, now and after every boot */
	unsigned int line;	/* where it begins, and where its lists are */
	unsigned int adapters_line;
	unsigned int domains_line;
};

struct wish {
	const char *file;
	bool has_share;		/* it says something about the host's share */
	unsigned int share_line;
	struct share share;
	GPtrArray *devices;	/* of struct wished_device */
};

/*
 * Reads the file; what it does not say about the host's share is as the machine
 * has it. Returns the wish, which wish_free() frees, or NULL after a sentence
 * to @err for every mistake, with its line.
 */
struct wish *wish_read(const struct machine *machine, const char *file, FILE *err);
void wish_free(struct wish *wish);

#endif
