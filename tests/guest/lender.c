// SPDX-License-Identifier: GPL-2.0-only
/*
 * An LPAR that lends queues, and does nothing else.
 *
 *	lender SOCKET ADAPTERS:DOMAINS[:SOMETIMES]...
 *
 * Runs beside swcexd, whose SOCKET it is. It creates a guest for each further argument, with
 * the APCB that this names, and writes the guest's number to standard output, a line each.
 * From then on, the domains in SOMETIMES leave the guest's APCB and join it again, and what a
 * guest asks by AQIC is granted, until a signal comes. Numbers are separated by commas.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/ap.h"
#include "qemu/attachment.h"

#define GUESTS		8
#define INTERVAL_US	500
#define CHANGE_EVERY	100	/* intervals */
#define GISA		0x10	/* that of any guest: it only has to be there */

static struct guest {
	uint64_t number;
	struct ap_apcb apcb[2];	/* without SOMETIMES, and with it */
} guest[GUESTS];

static volatile sig_atomic_t ended;
static struct machine *machine;
static uint8_t reply[AP_MESSAGE_MAX];

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static struct ap_result ask(struct ap_command command, const void *message)
{
	struct ap_result result;

	machine->execute(machine, &command, message, &result, reply);
	return result;
}

static void add_numbers(struct ap_mask *mask, char *list)
{
	for (char *number = list ? strtok(list, ",") : NULL; number; number = strtok(NULL, ","))
		ap_mask_set(mask, strtoul(number, NULL, 0) & 0xff);
}

static void set_masks(struct guest *g, bool all)
{
	ask((struct ap_command){ .op = AP_OP_GUEST_MASKS, .arg = { g->number },
				 .length = sizeof(g->apcb[all]) }, &g->apcb[all]);
}

static bool create(struct guest *g, char *description)
{
	char *adapters = strsep(&description, ":"), *domains = strsep(&description, ":");

	g->number = ask((struct ap_command){ .op = AP_OP_GUEST_CREATE }, NULL).value;
	if (!g->number)
		return false;
	add_numbers(&g->apcb[0].apm, adapters);
	add_numbers(&g->apcb[0].aqm, domains);
	g->apcb[1] = g->apcb[0];
	add_numbers(&g->apcb[1].aqm, description);
	set_masks(g, true);
	printf("%llu\n", (unsigned long long)g->number);
	fflush(stdout);
	return true;
}

/* Do what the guest asks by AQIC, as vfio_ap does. */
static void grant(const struct guest *g)
{
	const struct ap_command fetch = { .op = AP_OP_GUEST_INTERCEPT, .arg = { g->number } };
	struct ap_intercept registers;
	struct ap_result result;

	if (ask(fetch, NULL).value)
		return;
	memcpy(&registers, reply, sizeof(registers));
	result = ask((struct ap_command){ .op = AP_OP_AQIC, .apqn = registers.gr[0],
		.arg = { registers.gr[1] | GISA, registers.gr[2] } }, NULL);
	ask((struct ap_command){ .op = AP_OP_GUEST_ANSWER, .arg = { g->number, result.status } },
	    NULL);
}

static bool attach(const char *socket)
{
	char reason[256];

	machine = attachment_open(socket, NULL, true, reason, sizeof(reason));
	if (machine && !ask((struct ap_command){ .op = AP_OP_GUEST_LISTEN, .arg = { 1 } },
			    NULL).value)
		return true;
	fprintf(stderr, "lender: %s\n", machine ? "swcexd has no interruptions" : reason);
	return false;
}

int main(int argc, char *argv[])
{
	int guests = argc - 2;

	if (guests < 1 || guests > GUESTS) {
		fprintf(stderr, "usage: lender SOCKET ADAPTERS:DOMAINS[:SOMETIMES]...\n");
		return 2;
	}
	signal(SIGTERM, end);
	if (!attach(argv[1]))
		return 1;
	for (int i = 0; i < guests; i++)
		if (!create(&guest[i], argv[2 + i]))
			return 1;
	for (unsigned long turn = 0; !ended; turn++) {
		for (int i = 0; i < guests; i++) {
			grant(&guest[i]);
			if (!(turn % CHANGE_EVERY))
				set_masks(&guest[i], turn / CHANGE_EVERY % 2);
		}
		usleep(INTERVAL_US);
	}
	return 0;
}
