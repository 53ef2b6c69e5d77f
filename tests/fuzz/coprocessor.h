/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is promised of the reply of a coprocessor, whatever the request was.
 */
#ifndef COPROCESSOR_H
#define COPROCESSOR_H

#include "bytes/cursor.h"
#include "card/firmware.h"
#include "card/type6.h"
#include "card/verb.h"
#include "fuzz.h"

/*
 * zcrypt reads as many bytes as the header says, so DQAP has to deliver them.
 */
static inline void judge_reply(const uint8_t *reply, size_t length)
{
	struct cursor c = cursor_of(reply, length);
	uint32_t count1, offset1, count2, offset2;

	if (reply[1] == 0x82) {
		promised(length == 8 && reply[4]);
		return;
	}
	promised(cursor_u32(&c) == 0x00860200 && cursor_take_zeros(&c, 12));
	count1 = cursor_u32(&c);
	offset1 = cursor_u32(&c);
	count2 = cursor_u32(&c);
	offset2 = cursor_u32(&c);
	promised(offset1 == TYPE86_HEADER_SIZE);
	promised(offset2 >= offset1 + count1);
	promised(length == offset2 + count2);
	promised(count2 || length == offset1 + count1);
}

/*
 * What is told of a verb that is not served can be printed, whatever the
 * request was.
 */
static inline void judge_verb(const struct firmware *firmware,
			      const uint8_t *message, size_t length)
{
	struct verb verb;

	memset(&verb, 0xff, sizeof(verb));
	if (!firmware->lacks_verb(message, length, &verb))
		return;
	promised(memchr(verb.name, 0, sizeof(verb.name)));
	promised(memchr(verb.parts, 0, sizeof(verb.parts)));
	for (const char *at = verb.name; *at; at++)
		promised(*at >= ' ' && *at <= '~');
}

/* Have @firmware answer a copy of @request; the caller frees the reply. */
static inline uint8_t *ask(const struct firmware *firmware,
			   struct domain *domain, const uint8_t *request,
			   size_t length, size_t *reply_length)
{
	uint8_t *message = exact_copy(request, length);
	uint8_t *reply = malloc(firmware->reply_max);

	promised(reply);
	judge_verb(firmware, message, length);
	if (firmware->target_domain &&
	    firmware->target_domain(message, length) >= 0)
		*reply_length = firmware->administer(domain, message, length,
						     reply);
	else
		*reply_length = firmware->answer(domain, message, length,
						 reply);
	promised(*reply_length >= 8 && *reply_length <= firmware->reply_max);
	judge_reply(reply, *reply_length);
	free(message);
	return reply;
}

#endif /* COPROCESSOR_H */
