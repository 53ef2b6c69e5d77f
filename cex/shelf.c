// SPDX-License-Identifier: GPL-2.0-only
#include "shelf.h"

/* A test that explores the interleavings of both sides defines these. */
#ifndef SHELF_LOAD
#define SHELF_LOAD(from)	(*(from))
#define SHELF_STORE(to, value)	(*(to) = (value))
#endif

void shelf_open(struct shelf *shelf, struct ap_shelf *shown)
{
	*shelf = (struct shelf){ .shown = shown };
}

void shelf_close(struct shelf *shelf)
{
	shelf_withdraw_all(shelf);
	*shelf = (struct shelf){ 0 };
}

static int free_slot(const struct shelf *shelf)
{
	return ~shelf->used ? __builtin_ctzll(~shelf->used) : SHELF_NONE;
}

bool shelf_has_slots(const struct shelf *shelf, unsigned int count)
{
	return __builtin_popcountll(~shelf->used) >= (int)count;
}

static size_t words_of(size_t length)
{
	return (length + sizeof(uint64_t) - 1) / sizeof(uint64_t);
}

int shelf_lay(struct shelf *shelf, void *owner, uint64_t psmid,
	      const void *reply, size_t length)
{
	int slot = free_slot(shelf);
	struct ap_shelf_slot *shown;

	if (slot == SHELF_NONE || length > SHELF_ROOM)
		return SHELF_NONE;
	shown = &shelf->shown->slot[slot];
	SHELF_STORE(&shown->psmid, psmid);
	for (size_t i = 0; i < words_of(length); i++) {
		size_t at = i * sizeof(uint64_t), left = length - at;
		uint64_t word = 0;

		memcpy(&word, (const uint8_t *)reply + at,
		       left < sizeof(word) ? left : sizeof(word));
		SHELF_STORE(&shown->word[i], word);
	}
	shelf->used |= SHELF_BIT(slot);
	shelf->owner[slot] = owner;
	return slot;
}

bool shelf_shows(const struct shelf *shelf, int slot)
{
	return shelf->used & ~shelf->wiped & SHELF_BIT(slot);
}

/* The slot keeps the length of its reply no longer than the line names it. */
static void wipe(struct shelf *shelf, const struct shelf_reply *reply)
{
	struct ap_shelf_slot *shown = &shelf->shown->slot[reply->slot];

	SHELF_STORE(&shown->psmid, 0);
	for (size_t i = 0; i < words_of(reply->length); i++)
		SHELF_STORE(&shown->word[i], 0);
	shelf->wiped |= SHELF_BIT(reply->slot);
}

static bool is_of(const struct shelf_line *line, uint16_t apqn)
{
	return line->head.flags & SHELF_VALID && line->head.apqn == apqn;
}

/* A queue that has no reply lends its line to another one. */
bool shelf_has_line(const struct shelf *shelf, uint16_t apqn)
{
	const struct shelf_line *line = &shelf->line[shelf_line_of(apqn)];

	return shelf->shown && (is_of(line, apqn) || !line->head.replies);
}

/* The replies are read only by who has read their number in the head. */
static void write_line(struct ap_shelf_line *shown, const struct shelf_line *line)
{
	uint64_t sequence = SHELF_LOAD(&shown->sequence);

	SHELF_STORE(&shown->sequence, sequence + 1);
	SHELF_STORE(&shown->head, shelf_head_word(line->head));
	for (unsigned int i = 0; i < line->head.replies; i++)
		SHELF_STORE(&shown->reply[i], shelf_reply_word(line->reply[i]));
	SHELF_STORE(&shown->sequence, sequence + 2);
}

void shelf_write(struct shelf *shelf, const struct shelf_line *line)
{
	unsigned int i = shelf_line_of(line->head.apqn);

	if (!memcmp(&shelf->line[i], line, sizeof(*line)))
		return;
	shelf->line[i] = *line;
	write_line(&shelf->shown->line[i], line);
}

/* The line goes first, so that nobody takes what is wiped for a reply. */
static void withdraw(struct shelf *shelf, unsigned int i)
{
	static const struct shelf_line nothing;
	const struct shelf_line line = shelf->line[i];

	if (!(line.head.flags & SHELF_VALID))
		return;
	shelf->line[i] = nothing;
	write_line(&shelf->shown->line[i], &nothing);
	for (unsigned int reply = 0; reply < line.head.replies; reply++)
		wipe(shelf, &line.reply[reply]);
}

void shelf_withdraw(struct shelf *shelf, uint16_t apqn)
{
	unsigned int i = shelf_line_of(apqn);

	if (is_of(&shelf->line[i], apqn))
		withdraw(shelf, i);
}

void shelf_withdraw_all(struct shelf *shelf)
{
	for (unsigned int i = 0; i < SHELF_LINES; i++)
		withdraw(shelf, i);
}

void shelf_disown(struct shelf *shelf, int slot, uint16_t apqn)
{
	shelf_withdraw(shelf, apqn);
	shelf->owner[slot] = NULL;
}

void *shelf_next_taken(const struct shelf *shelf, uint64_t *taken)
{
	while (*taken & shelf->used) {
		int slot = __builtin_ctzll(*taken & shelf->used);

		*taken &= ~SHELF_BIT(slot);
		if (shelf->owner[slot])
			return shelf->owner[slot];
	}
	return NULL;
}

void *shelf_next_free(struct shelf *shelf)
{
	while (shelf->wiped) {
		int slot = __builtin_ctzll(shelf->wiped);
		void *owner = shelf->owner[slot];

		shelf->wiped &= ~SHELF_BIT(slot);
		shelf->used &= ~SHELF_BIT(slot);
		shelf->owner[slot] = NULL;
		if (owner)
			return owner;
	}
	return NULL;
}
