// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaves requests in the queues of guests.
 *
 *	litter SOCKET GUESTS ADAPTER.DOMAIN...
 *
 * Runs beside swcexd, whose SOCKET it is, and attaches to it as each guest whose number appears
 * in the file GUESTS, a line each. Over and over the newest of them send a request to every
 * queue named, and fetch no reply: whatever reaches a guest is dirty soon afterwards. After a
 * signal it says how many requests were accepted.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/ap.h"
#include "qemu/attachment.h"

#define NEWEST		4
#define INTERVAL_US	4000

static volatile sig_atomic_t ended;
static struct machine *guest[NEWEST];
static unsigned long guests, requests;

static void end(int signal)
{
	(void)signal;
	ended = 1;
}

static void attach(const char *socket, uint64_t number)
{
	char reason[256];
	struct machine *machine = attachment_open(socket, &number, false, reason, sizeof(reason));

	if (machine)
		guest[guests++ % NEWEST] = machine;
	else
		fprintf(stderr, "litter: %s\n", reason);
}

/* The file grows: lines that are complete are taken. */
static void look_for_guests(const char *socket, FILE *file)
{
	long at = ftell(file);
	char line[32];

	while (fgets(line, sizeof(line), file) && strchr(line, '\n')) {
		attach(socket, strtoull(line, NULL, 10));
		at = ftell(file);
	}
	clearerr(file);
	fseek(file, at, SEEK_SET);
}

static void send_request(struct machine *machine, const char *queue)
{
	static uint8_t request[64], reply[AP_MESSAGE_MAX];
	struct ap_command command = {
		.op = AP_OP_NQAP,
		.length = sizeof(request),
		.psmid = requests,
	};
	unsigned int adapter, domain;
	struct ap_result result;

	if (sscanf(queue, "%x.%x", &adapter, &domain) != 2)
		return;
	command.apqn = AP_APQN(adapter, domain);
	machine->execute(machine, &command, request, &result, reply);
	requests += AP_STATUS_RC(result.status) == AP_RC_NORMAL;
}

int main(int argc, char *argv[])
{
	FILE *file = argc > 3 ? fopen(argv[2], "r") : NULL;

	if (!file) {
		fprintf(stderr, "usage: litter SOCKET GUESTS ADAPTER.DOMAIN...\n");
		return 2;
	}
	signal(SIGTERM, end);
	while (!ended) {
		look_for_guests(argv[1], file);
		for (int i = 0; i < NEWEST; i++)
			for (int queue = 3; guest[i] && queue < argc; queue++)
				send_request(guest[i], argv[queue]);
		usleep(INTERVAL_US);
	}
	printf("%lu requests of %lu guests\n", requests, guests);
	return 0;
}
