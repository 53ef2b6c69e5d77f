/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the EP11 coprocessor share. Each function is in the file of
 * its noun. It takes the arguments of a request, lays the results of the reply
 * and returns the return value of the reply. If it fails, its results are
 * dropped.
 *
 * Secrets are in clear only in the memory of this firmware, and are wiped from
 * it on every path.
 */
#ifndef EP11_EP11_H
#define EP11_EP11_H

#include "card/domain.h"
#include "card/firmware.h"
#include "cprb.h"

/* Length of the longest request and of the longest reply, those of a CEX8. */
#define EP11_MESSAGE_MAX	(FIRMWARE_ML_CEX8 * FIRMWARE_ML_UNIT)

/*
 * All adapters and domains comply with these standards: FIPS of 2009 and 2011,
 * BSI of 2009 and 2011.
 */
#define EP11_OP_MODE		0x0f

/* The first API ordinal number that has protected keys. */
#define EP11_API_PROTKEY	4

/* Return the highest API ordinal number that the adapter knows. */
uint16_t ep11_api(const struct domain *domain);

typedef enum ckr ep11_function(const struct domain *domain,
			       const struct ep11_cprb *request,
			       struct builder *results);

ep11_function ep11_generate_random;	/* random.c */
ep11_function ep11_encrypt_single;	/* single.c */
ep11_function ep11_decrypt_single;
ep11_function ep11_generate_key;	/* keygen.c */
ep11_function ep11_wrap_key;		/* wrap.c */
ep11_function ep11_unwrap_key;
ep11_function ep11_get_xcp_info;	/* info.c */

/*
 * Do what takes long before the command in the block that is the first of the
 * arguments. The same thread calls ep11_admin() next.
 */
void ep11_admin_prepare(struct cursor arguments);	/* admin.c */

/*
 * Carry out an administrative command for the domain that it addresses, which
 * it may change.
 */
enum ckr ep11_admin(struct domain *domain, const struct ep11_cprb *request,
		    struct builder *results);	/* admin.c */

/* Length that suffices for any results of ep11_admin(). */
#define EP11_ADMIN_RESULTS_MAX	512

/*
 * Return whether get_xcp_info serves a query, and whether admin serves a
 * command.
 */
bool ep11_has_query(uint32_t number, uint32_t sub);
bool ep11_has_command(uint32_t number);

/*
 * Return the number of the command in the block that is the first argument of
 * admin.
 */
uint32_t ep11_command_number(struct cursor arguments);

#endif /* EP11_EP11_H */
