// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to an accelerator: whole messages or, if the first byte is not 0, a
 * header of the kind that it selects and numbers that repeat what follows.
 *
 * runs: 2000
 */
#include "bytes/builder.h"
#include "card/firmware.h"
#include "card/type50.h"
#include "fuzz.h"

#define MESSAGE_MAX	4096

static const struct kind {
	uint16_t format;
	uint16_t width;
} kinds[] = {
	{ 0x01, 128 }, { 0x02, 256 }, { 0x11, 64 }, { 0x12, 128 }, { 0x03, 64 },
};

static size_t make_message(uint8_t choice, struct slice seed, uint8_t *message)
{
	const struct kind *kind = &kinds[choice % 5];
	struct builder b = builder_of(message, MESSAGE_MAX);
	size_t numbers = kind->format < 0x10 ? 3 : 6;
	size_t length = 16 + numbers * kind->width;

	build_u16(&b, 0x0050);
	build_u16(&b, length);
	build_zeros(&b, 4);
	build_u16(&b, kind->format);
	build_zeros(&b, 6);
	for (size_t i = 0; i < numbers * kind->width; i++)
		build_u8(&b, seed.length ? seed.at[i % seed.length] : 0);
	return builder_length(&b);
}

static void judge_reply(const uint8_t *reply, size_t length)
{
	promised(length >= 8 && length <= accelerator.reply_max);
	if (reply[1] == 0x82 || reply[1] == 0x88)
		promised(length == 8 && reply[4]);
	else
		promised(reply[1] == 0x80 &&
			 (size_t)(reply[2] << 8 | reply[3]) == length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	uint8_t choice = cursor_u8(&c), message[MESSAGE_MAX];
	struct slice rest = cursor_rest(&c);
	uint8_t *exact, *reply = malloc(accelerator.reply_max);

	promised(reply);
	if (choice)
		rest = (struct slice){ message,
				       make_message(choice, rest, message) };
	exact = exact_copy(rest.at, rest.length);
	judge_reply(reply, accelerator.answer(NULL, exact, rest.length, reply));
	free(exact);
	free(reply);
	return 0;
}
