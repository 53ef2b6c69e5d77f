/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware is what makes an adapter an accelerator or a coprocessor. Each kind
 * is a file of its own that ends in its table.
 */
#ifndef CARD_FIRMWARE_H
#define CARD_FIRMWARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Facilities, as in bits 0-31 of GR2 after TAPQ. */
#define FIRMWARE_APSC	0x80000000u	/* special commands */
#define FIRMWARE_MEX4K	0x40000000u	/* 4096-bit modular exponentiation */
#define FIRMWARE_CRT4K	0x20000000u	/* 4096-bit CRT */
#define FIRMWARE_CCA	0x10000000u
#define FIRMWARE_ACCEL	0x08000000u
#define FIRMWARE_EP11	0x04000000u
#define FIRMWARE_APXA	0x02000000u	/* 8-bit adapter and domain numbers */
#define FIRMWARE_FULL	0x00800000u	/* class: full function set */

/*
 * A message of a coprocessor has up to 24 KB from CEX8 on, and up to 12 KB
 * before (Linux commit 4cfca532ddc3). Public sources do not tell the limit of
 * accelerators, whose longest request has 1.8 KB.
 */
#define FIRMWARE_ML_UNIT	4096
#define FIRMWARE_ML		3	/* in units; also if not shown */
#define FIRMWARE_ML_CEX8	6

static inline size_t coprocessor_message_max(uint8_t generation)
{
	return (generation >= 8 ? FIRMWARE_ML_CEX8 : FIRMWARE_ML) *
	       FIRMWARE_ML_UNIT;
}

struct domain;
struct verb;

/*
 * What is specific to a kind of adapter. Requests are not trusted. Functions
 * that answer a request write the reply to @reply and return its length.
 *
 * @letter: the last letter of the name of a type, as in CEX8A
 * @lacks_before_cex6: those of the facilities that a CEX5 or older does not
 *	show; docs/cards.md has listings of real adapters
 * @special: the adapter accepts special commands, whether or not it shows
 *	FIRMWARE_APSC; an EP11 coprocessor does not show it and yet is sent some
 * @ml, @ml_cex8: length of the longest message in FIRMWARE_ML_UNIT, up to CEX7
 *	and from CEX8 on
 * @depth: number of requests and replies that a queue holds
 * @mode, @counters: how the crypto measurement names the kind of adapter, and the
 *	number of its counters
 * @counter: return which of the counters a request belongs to, or -1
 * @reply_max: length in bytes of the longest reply of any generation
 * @lacks_verb: return whether a well-formed request is for a verb that the
 *	coprocessor does not serve, and describe that in @verb; NULL if there
 *	are no verbs
 * @answer: answer a request to @domain; called without locks, from several
 *	threads at once
 * @target_domain: return the number of the domain that an administrative
 *	command
 *	addresses, or -1 for any other request; NULL if there are no such
 *	commands
 * @prepare: do what takes long before an administrative command is carried out;
 *	called without locks, in the thread that calls @administer next; NULL if
 *	nothing takes long
 * @administer: carry out an administrative command; @domain is the one that it
 *	addresses, or NULL if its sender may not control that. The machine's
 *	lock is held, so this takes a short time only
 */
struct firmware {
	char letter;
	uint32_t facilities, lacks_before_cex6;
	bool special;
	unsigned int ml, ml_cex8;
	unsigned int depth;
	uint8_t mode, counters;
	int (*counter)(const uint8_t *request, size_t length);
	size_t reply_max;
	bool (*lacks_verb)(const uint8_t *request, size_t length,
			   struct verb *verb);
	size_t (*answer)(const struct domain *domain, const uint8_t *request,
			 size_t length, uint8_t *reply);
	int (*target_domain)(const uint8_t *request, size_t length);
	void (*prepare)(const uint8_t *request, size_t length);
	size_t (*administer)(struct domain *domain, const uint8_t *request,
			     size_t length, uint8_t *reply);
};

extern const struct firmware accelerator;
extern const struct firmware cca;
extern const struct firmware ep11;

#endif /* CARD_FIRMWARE_H */
