/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guestd's configuration, a key file of GLib:
 *
 *	[guestd]
 *	qemu=		the program that runs a guest
 *	plugin=		swcex.so
 *	machine=	swcexd's socket
 *	files=		the directory that is /guest/ in the LPAR
 *	run=		the directory for the guests' data, and for guestd.log
 *
 *	[files]		may be omitted
 *	NAME=PATH	a file that is /guest/NAME, at any path
 *
 *	[guests]	may be omitted
 *	NAME=WORD;...	arguments that QEMU gets for the guest of that name, in
 *			addition to those that the LPAR requests
 *
 *	[limits]	may be omitted, and each line of it
 *	connections=	connections open at a time (default: 64)
 *	guests=		directories of guests, running or not (default: 32)
 *	log=		bytes of a log file, of which one older one is kept
 *			(default: 1 MiB)
 *
 * All paths are absolute. In [guests], a ';' that belongs to a word is "\;".
 */
#ifndef HOST_CONFIG_H
#define HOST_CONFIG_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

struct config {
	char *qemu;
	char *plugin;
	char *machine;
	char *files;
	char *run;
	GHashTable *named;	/* of [files]: path by name */
	GHashTable *given;	/* of [guests]: NULL-ended words by name */
	guint64 connections;
	guint64 guests;
	guint64 log;
};

/*
 * Read the configuration. Return false with a sentence in @reason on error. The
 * caller frees the config in either case.
 */
bool config_read(struct config *config, const char *path, char *reason, size_t size);
void config_free(struct config *config);

#endif /* HOST_CONFIG_H */
