/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the CCA coprocessor share. Each part is the file of a noun
 * and ends in its table of sub-functions.
 *
 * Secrets are in clear only in the memory of this firmware, and are wiped from
 * it on every path.
 */
#ifndef CCA_CCA_H
#define CCA_CCA_H

#include "card/domain.h"
#include "card/firmware.h"
#include "cprbx.h"

/* Length of the longest reply, that of a CEX8, whatever a request allows. */
#define CCA_REPLY_MAX	(FIRMWARE_ML_CEX8 * FIRMWARE_ML_UNIT)

/*
 * Return code (upper half) and reason code (lower half) of a reply, named as
 * CCA describes them. When a PK or PD fails, zcrypt returns EINVAL for CCA_KEY,
 * CCA_OPERAND, CCA_SIZE and CCA_KEY_LENGTH, and takes the queue offline for any
 * other code, so these functions have no other.
 */
enum cca_code {
	CCA_OK			= 0,
	CCA_OLD_MASTER_KEY	= 0 << 16 | 10001,	/* but successful */
	CCA_SIGNATURE		= 4 << 16 | 429,	/* does not verify */
	CCA_VALIDATION		= 8 << 16 | 29,		/* wrong token sum */
	CCA_RULES		= 8 << 16 | 33,		/* unknown rules */
	CCA_TOKEN		= 8 << 16 | 41,		/* malformed token */
	CCA_PATTERN		= 8 << 16 | 48,		/* no such master key */
	CCA_KEY			= 8 << 16 | 65,
	CCA_OPERAND		= 8 << 16 | 66,
	CCA_SIZE		= 8 << 16 | 72,
	CCA_SWITCHED_OFF	= 8 << 16 | 90,		/* no access to a verb */
	CCA_KEY_LENGTH		= 8 << 16 | 770,
	CCA_NO_EXPORT		= 8 << 16 | 2175,	/* key must not leave */
	CCA_NO_MASTER_KEY	= 12 << 16 | 764,
	CCA_REGISTER		= CCA_NO_MASTER_KEY,	/* in a wrong state */
	CCA_FAILED		= 16 << 16 | 4,		/* out of memory */
};

/* A reply that is being made. */
struct cca_reply {
	uint8_t *message;
	struct builder cprb;
	size_t max;		/* length of the whole message */
	size_t data;		/* length of the data behind it */
	size_t data_room;
};

/*
 * Return space for @length bytes of data in a reply whose parameters are
 * complete, or NULL if the request allows less.
 */
uint8_t *cca_reply_data(struct cca_reply *reply, size_t length);

/*
 * A sub-function with certain rules. It lays the three blocks of its reply if
 * its return code is below 4, and may do so otherwise.
 */
struct cca_function {
	char code[3];
	const char *rules;
	enum cca_code (*carry_out)(const struct domain *domain,
				   const struct cprbx *request,
				   struct cca_reply *reply);
};

/* The tables of sub-functions. A row without rules ends each of them. */
extern const struct cca_function cca_rsa[];
extern const struct cca_function cca_random[];
extern const struct cca_function cca_facility[];
extern const struct cca_function cca_ec[];
extern const struct cca_function cca_aes[];
extern const struct cca_function cca_cipher[];
extern const struct cca_function cca_token_change[];

/*
 * The administrative command MP, which changes the master keys of the domain
 * that it addresses. It has rules and makes its reply as a sub-function does.
 */
#define CCA_MASTER_KEY_PROCESS	0x4d50

enum cca_code cca_master_key_process(struct domain *domain,
				     const struct cprbx *request,
				     struct cca_reply *reply);

#endif /* CCA_CCA_H */
