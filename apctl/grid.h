/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A table of words in columns. The first column is a label that is repeated
 * where a table that is wider than the terminal goes on below.
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

/* Adds a cell, row by row; a text is copied. */
void grid_add(struct grid *grid, enum style style, const char *text);

/* Prints it in lines of at most @width characters; 0: of any number. */
void grid_print(const struct grid *grid, FILE *out, unsigned int width, bool colour);

#endif
