/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the CCA coprocessor share. Each part is a noun's file,
 * cca_NOUN.c, and ends in its table of sub-functions.
 *
 * Secrets come in clear only into this firmware's memory, and are wiped from
 * it on every path.
 */
#ifndef CCA_CCA_H
#define CCA_CCA_H

#include "card/domain.h"
#include "card/firmware.h"
#include "cprbx.h"

/* Longest reply, whatever a request allows: of a CEX8. */
#define CCA_REPLY_MAX	(FIRMWARE_ML_CEX8 * FIRMWARE_ML_UNIT)

/*
 * Return code (upper half) and reason code of a reply, named as CCA describes
 * them. zcrypt turns an unsuccessful PK or PD into EINVAL for CCA_KEY,
 * CCA_OPERAND, CCA_SIZE and CCA_KEY_LENGTH, and takes the queue offline for
 * any other code: those functions have no other.
 */
enum cca_code {
	CCA_OK			= 0,
	CCA_OLD_MASTER_KEY	= 0 << 16 | 10001,	/* but successful */
	CCA_SIGNATURE		= 4 << 16 | 429,	/* does not verify */
	CCA_VALIDATION		= 8 << 16 | 29,		/* wrong sum of a token */
	CCA_RULES		= 8 << 16 | 33,		/* unknown */
	CCA_TOKEN		= 8 << 16 | 41,		/* malformed */
	CCA_PATTERN		= 8 << 16 | 48,		/* no such master key */
	CCA_KEY			= 8 << 16 | 65,
	CCA_OPERAND		= 8 << 16 | 66,
	CCA_SIZE		= 8 << 16 | 72,
	CCA_KEY_LENGTH		= 8 << 16 | 770,
	CCA_NO_EXPORT		= 8 << 16 | 2175,	/* key may not leave */
	CCA_NO_MASTER_KEY	= 12 << 16 | 764,
	CCA_REGISTER		= CCA_NO_MASTER_KEY,	/* in a wrong state */
	CCA_FAILED		= 16 << 16 | 4,		/* out of memory */
};

/* A reply in the making. */
struct cca_reply {
	uint8_t *message;
	struct builder cprb;
	size_t max;		/* bytes of the whole message */
	size_t data;		/* bytes of data behind it */
	size_t data_room;
};

/*
 * Make the data of a reply whose parameters are complete: room for @length
 * bytes, or NULL when the request allows less.
 */
uint8_t *cca_reply_data(struct cca_reply *reply, size_t length);

/*
 * A sub-function for one choice of rules, which lays the three blocks of its
 * reply if its return code is below 4, and need not otherwise.
 */
struct cca_function {
	char code[3];
	const char *rules;
	enum cca_code (*run)(const struct domain *domain,
			     const struct cprbx *request,
			     struct cca_reply *reply);
};

/* Tables; a row without rules is the last one. */
extern const struct cca_function cca_rsa[];
extern const struct cca_function cca_random[];
extern const struct cca_function cca_facility[];
extern const struct cca_function cca_ec[];
extern const struct cca_function cca_aes[];
extern const struct cca_function cca_cipher[];
extern const struct cca_function cca_token_change[];

/*
 * The administrative command MP, which changes the master keys of the domain
 * that it addresses; rules and reply as for a sub-function.
 */
#define CCA_MASTER_KEY_PROCESS	0x4d50

enum cca_code cca_master_key_process(struct domain *domain,
				     const struct cprbx *request,
				     struct cca_reply *reply);

#endif /* CCA_CCA_H */
