/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of words in columns. If it is wider than the terminal, it is printed
 * in several parts, one below the other. The first column is a label, which
 * each part repeats.
 */
#ifndef APCTL_GRID_H
#define APCTL_GRID_H

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

enum style { STYLE_PLAIN, STYLE_LABEL, STYLE_HOST, STYLE_FREE, STYLE_DEVICE, STYLE_RUNNING, STYLE_BAD };

struct grid;

struct grid *grid_new(unsigned int columns);
void grid_free(struct grid *grid);

/*
 * Add the next cell of a row, or the first one of the next row. The text is
 * copied.
 */
void grid_add(struct grid *grid, enum style style, const char *text);

/* Print the table in lines of at most @width characters; 0 means no limit. */
void grid_print(const struct grid *grid, FILE *out, unsigned int width, bool colour);

#endif
