/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two commands of CHSC by which an LPAR reads the crypto measurement of its
 * adapters (102e) and queues (102d), as zcryptstats does.
 *
 *	request, 16 bytes			request, 80 bytes
 *	 0 length, 2 code 102e			 0 length, 2 code 102d
 *	 6 first, 7 last adapter		 4 first, 6 last APQN
 *						 8 bit 0: the masks are valid
 *						16 mask of adapters
 *						48 mask of domains
 *
 *	response, behind the request
 *	 0 length, 2 response code
 *	 8 bit 0: there is more		10 APQN with which that begins (102d)
 *	16 blocks:
 *		 1 type, as TAPQ shows it	 2 0 adapter, 1 queue
 *		 3 adapter		12 domain
 *		13 mode of the adapter	14 length of the block
 *		 4 float: seconds in a unit of time
 *		 8 which counters are valid, from the left
 *		16 counters: time, requests; 8 bytes each
 *
 * Source: zconf/zcrypt/zcryptstats.c of s390-tools. What a machine counts where
 * is told by the counters' names there (card/firmware.h).
 */
#ifndef QEMU_MEASUREMENT_H
#define QEMU_MEASUREMENT_H

#include "machine.h"

#define MEASUREMENT_AREA	4096	/* bytes of CHSC's operand */

/* Return whether the operand @area has a valid form and is one of the two. */
bool measurement_is_asked(const uint8_t *area);

/*
 * Lay the response to the request in @area behind it, and return its length.
 * @scratch has room for AP_MESSAGE_MAX bytes, which are overwritten.
 */
size_t measurement_respond(struct machine *machine, uint8_t *area,
			   uint8_t *scratch);

/* Return the length of the request in @area, behind which the response is. */
size_t measurement_request(const uint8_t *area);

#endif /* QEMU_MEASUREMENT_H */
