/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looks for secrets in the memory of another process: for each part of 16 bytes
 * of a secret, as it is, and as numbers in memory have it, the last byte first.
 * Pages that the process never touched are left out, and what is larger than a
 * machine's memory, which are the shadows of sanitizers.
 *
 * Who looks must not have had the secrets before the other process was forked
 * off.
 */
#ifndef TESTS_MEMORY_H
#define TESTS_MEMORY_H

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_PART	16
#define MEMORY_STEP	8
#define MEMORY_PARTS	4096
#define MEMORY_PAGE	4096
#define MEMORY_LARGEST	(1ull << 32)

struct memory_part {
	uint8_t bytes[MEMORY_PART];
	const char *name;
	int next;		/* of those that begin alike, or -1 */
};

struct memory {
	struct memory_part parts[MEMORY_PARTS];
	int count;
	int first[0x10000];	/* by the first two bytes */
	unsigned int found;
};

static inline void memory_init(struct memory *m)
{
	m->count = m->found = 0;
	memset(m->first, -1, sizeof(m->first));
}

/* Parts that could be anything, such as zeros before a number, prove nothing. */
static inline bool memory_is_telling(const uint8_t *bytes)
{
	bool seen[256] = { false };
	int distinct = 0;

	for (int i = 0; i < MEMORY_PART; i++) {
		distinct += !seen[bytes[i]];
		seen[bytes[i]] = true;
	}
	return distinct >= MEMORY_PART / 2;
}

static inline void memory_add_part(struct memory *m, const char *name,
				   const uint8_t *bytes)
{
	struct memory_part *part = &m->parts[m->count];
	int *first = &m->first[bytes[0] << 8 | bytes[1]];

	if (!memory_is_telling(bytes) || m->count == MEMORY_PARTS)
		return;
	memcpy(part->bytes, bytes, MEMORY_PART);
	part->name = name;
	part->next = *first;
	*first = m->count++;
}

static inline void memory_add(struct memory *m, const char *name,
			      const uint8_t *secret, size_t length)
{
	uint8_t reversed[MEMORY_PART];

	for (size_t at = 0; at + MEMORY_PART <= length; at += MEMORY_STEP) {
		memory_add_part(m, name, secret + at);
		for (int i = 0; i < MEMORY_PART; i++)
			reversed[i] = secret[at + MEMORY_PART - 1 - i];
		memory_add_part(m, name, reversed);
	}
}

static inline void memory_look_at(struct memory *m, const uint8_t *at,
				  uint64_t address, const char *region)
{
	for (int i = m->first[at[0] << 8 | at[1]]; i >= 0;
	     i = m->parts[i].next) {
		if (memcmp(m->parts[i].bytes, at, MEMORY_PART))
			continue;
		if (m->found++ < 10)
			fprintf(stderr, "found: %s at %llx, %s", m->parts[i].name,
				(unsigned long long)address, region);
	}
}

/* Pages that follow one another; a part may lie across two of them. */
static inline void memory_look_through(struct memory *m, int mem,
				       const uint64_t *entries, uint64_t start,
				       size_t pages, const char *region)
{
	static uint8_t bytes[MEMORY_PART + MEMORY_PAGE];

	memset(bytes, 0, sizeof(bytes));
	for (size_t n = 0; n < pages; n++) {
		uint64_t page = start + n * MEMORY_PAGE;

		if (!(entries[n] >> 62) ||
		    pread(mem, bytes + MEMORY_PART, MEMORY_PAGE, page) !=
		    MEMORY_PAGE) {
			memset(bytes, 0, MEMORY_PART);
			continue;
		}
		for (int i = 1; i <= MEMORY_PAGE; i++)
			memory_look_at(m, bytes + i, page + i - MEMORY_PART,
				       region);
		memcpy(bytes, bytes + MEMORY_PAGE, MEMORY_PART);
	}
}

static inline void memory_look_into(struct memory *m, int mem, int pagemap,
				    uint64_t start, uint64_t end,
				    const char *region)
{
	size_t pages = (end - start) / MEMORY_PAGE;
	uint64_t *entries = calloc(pages, sizeof(*entries));

	if (entries && pread(pagemap, entries, pages * sizeof(*entries),
			     start / MEMORY_PAGE * sizeof(*entries)) > 0)
		memory_look_through(m, mem, entries, start, pages, region);
	free(entries);
}

static inline int memory_open(pid_t pid, const char *file)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, file);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/*
 * How many parts of secrets there are in the memory of @pid, the first of which
 * are told on standard error; -1: it may not be read.
 */
static inline int memory_search(struct memory *m, pid_t pid)
{
	int mem = memory_open(pid, "mem"), maps = memory_open(pid, "maps");
	int pagemap = memory_open(pid, "pagemap");
	FILE *file = maps < 0 ? NULL : fdopen(maps, "r");
	unsigned long long start, end;
	char line[512], mode[5];

	m->found = 0;
	if (mem < 0 || pagemap < 0 || !file)
		return -1;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "%llx-%llx %4s", &start, &end, mode) == 3 &&
		    mode[0] == 'r' && !strstr(line, "[v") &&
		    end - start < MEMORY_LARGEST)
			memory_look_into(m, mem, pagemap, start, end, line);
	fclose(file);
	close(mem);
	close(pagemap);
	return m->found;
}

#endif /* TESTS_MEMORY_H */
