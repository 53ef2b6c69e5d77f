/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The importer key of a domain, under which parts of its wrapping key come: RSA
 * with 2048 bits and the public exponent 65537. The information of a part's
 * recipient (KeyTransRecipientInfo of RFC 5652) is a SEQUENCE:
 *
 *	INTEGER		2
 *	[0] octets	which importer key; ignored, as a domain has only one
 *	SEQUENCE	algorithm: rsaEncryption, NULL
 *	octets		the part of 32 bytes, encrypted by PKCS #1 version 1.5
 */
#ifndef EP11_IMPORTER_H
#define EP11_IMPORTER_H

#include "bytes/builder.h"
#include "card/domain.h"
#include "ckr.h"

#define EP11_IMPORTER_PUBLIC_MAX	300

/* Make a key for the next ep11_importer_take() of this thread. */
void ep11_importer_prepare(void);

/*
 * Have @domain own the key that was made, instead of the one that it has, and
 * lay the SubjectPublicKeyInfo of the key. Return CKR_FUNCTION_FAILED if there
 * is none.
 */
enum ckr ep11_importer_take(struct domain *domain, struct builder *b);

/*
 * Set @part to what the information @recipient has for the importer key of
 * @domain. The caller wipes it. Return CKR_ARGUMENTS_BAD if @recipient is
 * malformed, CKR_FUNCTION_FAILED if there is no importer key or no memory, or
 * CKR_ENCRYPTED_DATA_INVALID if it is not for that key.
 */
enum ckr ep11_importer_open(const struct domain *domain, struct slice recipient,
			    uint8_t part[MASTER_KEY_MAX]);

#endif /* EP11_IMPORTER_H */
