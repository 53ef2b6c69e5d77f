// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "grid.h"

#define GAP 2

struct cell {
	const char *text;
	enum style style;
};

struct grid {
	GArray *cells;
	GStringChunk *texts;
	unsigned int columns;
	unsigned int *width;
};

static const char *const colours[] = {
	[STYLE_PLAIN] = "",
	[STYLE_LABEL] = "\033[1m",
	[STYLE_HOST] = "\033[2m",
	[STYLE_FREE] = "\033[32m",
	[STYLE_DEVICE] = "\033[36m",
	[STYLE_RUNNING] = "\033[1;36m",
	[STYLE_BAD] = "\033[1;31m",
};

struct grid *grid_new(unsigned int columns)
{
	struct grid *grid = g_new0(struct grid, 1);

	grid->cells = g_array_new(FALSE, FALSE, sizeof(struct cell));
	grid->texts = g_string_chunk_new(4096);
	grid->columns = columns;
	grid->width = g_new0(unsigned int, columns);
	return grid;
}

void grid_free(struct grid *grid)
{
	g_array_unref(grid->cells);
	g_string_chunk_free(grid->texts);
	g_free(grid->width);
	g_free(grid);
}

void grid_add(struct grid *grid, enum style style, const char *text)
{
	struct cell cell = { g_string_chunk_insert_const(grid->texts, text), style };
	unsigned int *width = &grid->width[grid->cells->len % grid->columns];

	*width = MAX(*width, strlen(text));
	g_array_append_val(grid->cells, cell);
}

/*
 * Print a cell. @pending spaces precede it, so that lines do not end in spaces.
 */
static void print_cell(const struct grid *grid, FILE *out, unsigned int row, unsigned int column,
		       unsigned int *pending, bool colour)
{
	const struct cell *cell = &g_array_index(grid->cells, struct cell,
						 row * grid->columns + column);
	const char *begin = colour ? colours[cell->style] : "";

	if (*cell->text)
		fprintf(out, "%*s%s%s%s", *pending, "", begin, cell->text,
			*begin ? "\033[m" : "");
	*pending = (*cell->text ? 0 : *pending) + grid->width[column] + GAP - strlen(cell->text);
}

static void print_band(const struct grid *grid, FILE *out, unsigned int from, unsigned int to,
		       bool colour)
{
	for (unsigned int row = 0; row < grid->cells->len / grid->columns; row++) {
		unsigned int pending = 0;

		print_cell(grid, out, row, 0, &pending, colour);
		for (unsigned int column = from; column < to; column++)
			print_cell(grid, out, row, column, &pending, colour);
		fputc('\n', out);
	}
}

/*
 * Return the end of the columns from @from on that fit beside the label; there
 * is at least one.
 */
static unsigned int band_end(const struct grid *grid, unsigned int from, unsigned int width)
{
	unsigned int used = grid->width[0], column = from;

	while (column < grid->columns &&
	       (!width || column == from || used + GAP + grid->width[column] <= width))
		used += GAP + grid->width[column++];
	return column;
}

void grid_print(const struct grid *grid, FILE *out, unsigned int width, bool colour)
{
	unsigned int from = 1, to;

	do {
		to = band_end(grid, from, width);
		if (from > 1)
			fputc('\n', out);
		print_band(grid, out, from, to, colour);
		from = to;
	} while (from < grid->columns);
}
