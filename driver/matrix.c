// SPDX-License-Identifier: GPL-2.0-only
#include "matrix.h"

#define APQNS (AP_IDS * AP_IDS)

static unsigned int mask_weight(const struct ap_mask *m)
{
	unsigned int id, weight = 0;

	mask_for_each(id, m)
		weight++;
	return weight;
}

unsigned int vfio_ap_matrix_next(const struct matrix *m, unsigned int apqn)
{
	unsigned int adapter = mask_next(&m->apm, APQN_ADAPTER(apqn));
	unsigned int from = adapter == APQN_ADAPTER(apqn) ? APQN_DOMAIN(apqn) : 0;
	unsigned int domain;

	if (adapter >= AP_IDS)
		return APQNS;
	domain = mask_next(&m->aqm, from);
	if (domain < AP_IDS)
		return APQN(adapter, domain);
	adapter = mask_next(&m->apm, adapter + 1);
	domain = mask_next(&m->aqm, 0);
	return adapter < AP_IDS && domain < AP_IDS ? APQN(adapter, domain) : APQNS;
}

/* The rows of a cut are adapters, and its columns are domains. */
enum { ROW, COLUMN };

/* A queue that the guest has outweighs all others together. */
static unsigned int cut_value(enum queue_rank rank)
{
	switch (rank) {
	case QUEUE_HELD:
		return APQNS;
	case QUEUE_SPARE:
		return 1;
	default:
		return 0;
	}
}

static void cut_count(struct matrix_cut *cut, unsigned int row, unsigned int column, int sign)
{
	enum queue_rank rank = cut->rank[row][column];
	int hole = rank == QUEUE_MISSING ? sign : 0;
	int loss = sign * (int)cut_value(rank);

	cut->holes[ROW][row] += hole;
	cut->holes[COLUMN][column] += hole;
	cut->loss[ROW][row] += loss;
	cut->loss[COLUMN][column] += loss;
}

/* Compare the fractions loss / holes without a division. */
static bool cut_cheaper(const struct matrix_cut *cut, int way, unsigned int id,
			int best_way, unsigned int best)
{
	__u64 mine = (__u64)cut->loss[way][id] * cut->holes[best_way][best];
	__u64 other = (__u64)cut->loss[best_way][best] * cut->holes[way][id];

	if (mine != other)
		return mine < other;
	return way == best_way;
}

static bool cut_choose(const struct matrix *m, const struct matrix_cut *cut,
		       int *best_way, unsigned int *best)
{
	const struct ap_mask *line[2] = { [ROW] = &m->apm, [COLUMN] = &m->aqm };
	bool found = false;
	unsigned int id;

	for (int way = ROW; way <= COLUMN; way++) {
		mask_for_each(id, line[way]) {
			if (!cut->holes[way][id])
				continue;
			if (found && !cut_cheaper(cut, way, id, *best_way, *best))
				continue;
			*best_way = way;
			*best = id;
			found = true;
		}
	}
	return found;
}

static void cut_remove(struct matrix *m, struct matrix_cut *cut, int way, unsigned int id)
{
	unsigned int other;

	if (way == ROW) {
		mask_for_each(other, &m->aqm)
			cut_count(cut, id, other, -1);
		mask_del(&m->apm, id);
	} else {
		mask_for_each(other, &m->apm)
			cut_count(cut, other, id, -1);
		mask_del(&m->aqm, id);
	}
}

static bool cut_line_whole(const struct matrix *m, const struct matrix_cut *cut,
			   int way, unsigned int id)
{
	const struct ap_mask *across = way == ROW ? &m->aqm : &m->apm;
	unsigned int other;

	mask_for_each(other, across) {
		__u8 rank = way == ROW ? cut->rank[id][other] : cut->rank[other][id];

		if (rank == QUEUE_MISSING)
			return false;
	}
	return !mask_empty(across);
}

/*
 * Restore lines that need not have been removed: later cuts may have removed
 * all that was missing from a line.
 */
static void cut_restore(struct matrix *m, const struct matrix_cut *cut, const struct matrix *all)
{
	struct ap_mask gone = mask_andnot(&all->apm, &m->apm);
	unsigned int id;

	mask_for_each(id, &gone)
		if (cut_line_whole(m, cut, ROW, id))
			mask_add(&m->apm, id);
	gone = mask_andnot(&all->aqm, &m->aqm);
	mask_for_each(id, &gone)
		if (cut_line_whole(m, cut, COLUMN, id))
			mask_add(&m->aqm, id);
}

void vfio_ap_matrix_cut(struct matrix *m, struct matrix_cut *cut,
			enum queue_rank (*rank)(unsigned int apqn, const void *arg),
			const void *arg)
{
	struct matrix all = *m;
	unsigned int apqn, id;
	int way;

	memset(cut->holes, 0, sizeof(cut->holes));
	memset(cut->loss, 0, sizeof(cut->loss));
	matrix_for_each(apqn, m) {
		cut->rank[APQN_ADAPTER(apqn)][APQN_DOMAIN(apqn)] = rank(apqn, arg);
		cut_count(cut, APQN_ADAPTER(apqn), APQN_DOMAIN(apqn), 1);
	}
	while (cut_choose(m, cut, &way, &id))
		cut_remove(m, cut, way, id);
	cut_restore(m, cut, &all);
}

static char *text_hex(char *p, unsigned int value, int digits)
{
	while (digits--)
		*p++ = "0123456789abcdef"[value >> digits * 4 & 0xf];
	return p;
}

/*
 * Return the id of @m that has @index smaller ids before it, or AP_IDS if there
 * is none.
 */
static unsigned int mask_at(const struct ap_mask *m, size_t index)
{
	unsigned int id = mask_next(m, 0);

	while (index-- && id < AP_IDS)
		id = mask_next(m, id + 1);
	return id;
}

/* A line of the text. AP_IDS stands for a part that the line does not have. */
struct line {
	unsigned int adapter;
	unsigned int domain;
};

#define LINE_SIZE sizeof("00.0000")

static struct line line_at(const struct matrix *m, size_t index)
{
	struct line line = { mask_at(&m->apm, index), mask_at(&m->aqm, index) };
	size_t domains = mask_weight(&m->aqm);

	if (matrix_has_queues(m)) {
		line.adapter = mask_at(&m->apm, index / domains);
		line.domain = line.adapter < AP_IDS ? mask_at(&m->aqm, index % domains) : AP_IDS;
	}
	return line;
}

static bool line_exists(const struct line *line)
{
	return line->adapter < AP_IDS || line->domain < AP_IDS;
}

static void line_advance(struct line *line, const struct matrix *m)
{
	if (line->domain < AP_IDS) {
		line->domain = mask_next(&m->aqm, line->domain + 1);
		if (line->domain < AP_IDS || line->adapter == AP_IDS)
			return;
	}
	line->adapter = mask_next(&m->apm, line->adapter + 1);
	if (line->adapter < AP_IDS)
		line->domain = mask_next(&m->aqm, 0);
}

/*
 * All lines of a text have the same length, so that it can be read from any
 * offset.
 */
static size_t line_format(const struct line *line, char *text)
{
	char *p = text;

	if (line->adapter < AP_IDS)
		p = text_hex(p, line->adapter, 2);
	*p++ = '.';
	if (line->domain < AP_IDS)
		p = text_hex(p, line->domain, 4);
	*p++ = '\n';
	return p - text;
}

size_t vfio_ap_matrix_text(const struct matrix *m, char *buf, size_t offset, size_t size)
{
	struct line line = line_at(m, 0);
	size_t length, skip, part, done;
	char text[LINE_SIZE];

	length = line_format(&line, text);
	line = line_at(m, offset / length);
	skip = offset % length;
	for (done = 0; done < size && line_exists(&line); done += part, skip = 0) {
		line_format(&line, text);
		part = length - skip < size - done ? length - skip : size - done;
		memcpy(buf + done, text + skip, part);
		line_advance(&line, m);
	}
	return done;
}
