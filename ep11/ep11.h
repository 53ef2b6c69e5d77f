/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the EP11 coprocessor share. A function lies in the file of
 * its noun: it takes the arguments of a request, lays the results of the reply
 * and returns what the reply is to say; results of one that fails are dropped.
 *
 * Secrets come in clear only into this firmware's memory, and are wiped from
 * it on every path.
 */
#ifndef EP11_EP11_H
#define EP11_EP11_H

#include "card/domain.h"
#include "card/firmware.h"
#include "cprb.h"

/* Longest request and longest reply, of a CEX8. */
#define EP11_MESSAGE_MAX	(FIRMWARE_ML_CEX8 * FIRMWARE_ML_UNIT)

/*
 * Algorithms that all adapters and domains keep to: FIPS of 2009 and 2011, BSI
 * of 2009 and 2011.
 */
#define EP11_OP_MODE		0x0f

/* The API ordinal number from which on there are protected keys. */
#define EP11_API_PROTKEY	4

/* The highest API ordinal number that an adapter knows. */
uint16_t ep11_api(const struct domain *domain);

typedef enum ckr ep11_function(const struct domain *domain,
			       const struct ep11_cprb *request,
			       struct builder *results);

ep11_function ep11_generate_random;	/* ep11_random.c */
ep11_function ep11_encrypt_single;	/* ep11_single.c */
ep11_function ep11_decrypt_single;
ep11_function ep11_generate_key;	/* ep11_keygen.c */
ep11_function ep11_wrap_key;		/* ep11_wrap.c */
ep11_function ep11_unwrap_key;
ep11_function ep11_get_xcp_info;	/* ep11_info.c */

/* What is carried out for a domain that is controlled, and may change it. */
enum ckr ep11_admin(struct domain *domain, const struct ep11_cprb *request,
		    struct builder *results);	/* ep11_admin.c */

/* Room for any results of ep11_admin(). */
#define EP11_ADMIN_RESULTS_MAX	512

/* Whether get_xcp_info knows a query, and admin a command. */
bool ep11_has_query(uint32_t query);
bool ep11_has_command(uint32_t number);

/* The number of the command in the block that is admin's first argument. */
uint32_t ep11_command_number(struct cursor arguments);

#endif /* EP11_EP11_H */
