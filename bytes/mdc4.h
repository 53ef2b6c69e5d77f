/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * MDC-4, the modification detection code of CCA with four DES encipherments for
 * each block of eight bytes. The calculation is in IBM's z/OS Cryptographic
 * Services ICSF Administrator's Guide, "MDC-1 Calculation" and "MDC-4
 * Calculation". Of these codes, OpenSSL has only MDC-2 of ISO/IEC 10118-2.
 */
#ifndef BYTES_MDC4_H
#define BYTES_MDC4_H

#include "cursor.h"

#define MDC4_LENGTH	16

/*
 * Compute the code of @text, which is not padded and whose length is a multiple
 * of eight bytes. Return false, with nothing useful in @code, if the length is
 * not valid or OpenSSL has no memory.
 */
bool mdc4(struct slice text, uint8_t code[MDC4_LENGTH]);

#endif /* BYTES_MDC4_H */
