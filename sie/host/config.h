/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * guestd's configuration: a file of NAME=VALUE lines, each name once.
 *
 *	QEMU	the program that runs a guest
 *	PLUGIN	swcex.so
 *	MACHINE	swcexd's socket
 *	FILES	the folder that is /guest/ in the LPAR
 *	RUN	the folder for what belongs to running guests
 *
 * All are absolute paths. Empty lines and lines that start with '#' are skipped.
 */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct config {
	char *qemu;
	char *plugin;
	char *machine;
	char *files;
	char *run;
};

/* Returns false with a sentence in @reason. Free the config in either case. */
bool config_read(struct config *config, const char *path, char *reason, size_t size);
void config_free(struct config *config);

#endif /* CONFIG_H */
