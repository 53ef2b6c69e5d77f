/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The ASN.1 of EP11: a SEQUENCE of OCTET STRINGs. A number is an OCTET STRING
 * of four bytes, big endian.
 */
#ifndef EP11_ASN1_H
#define EP11_ASN1_H

#include "bytes/builder.h"

/*
 * Take the next element and return its content. An element of another type, or
 * one that is longer than what is left, breaks the cursor.
 */
struct slice asn1_sequence(struct cursor *cursor);
struct slice asn1_octets(struct cursor *cursor);
uint32_t asn1_u32(struct cursor *cursor);

/* The same for an INTEGER, and for an OCTET STRING whose tag is [0], implicitly. */
struct slice asn1_integer(struct cursor *cursor);
struct slice asn1_tagged_octets(struct cursor *cursor);

/* Take an OCTET STRING. Return whether it is empty or consists of zeros. */
bool asn1_take_zeros(struct cursor *cursor);

/*
 * Lay a whole element, with its length in the shortest form, which replies have
 * inside of an OCTET STRING.
 */
void asn1_build_octets(struct builder *builder, struct slice octets);
void asn1_build_sequence(struct builder *builder, struct slice elements);

/*
 * Begin an element, and end it. asn1_close() gets what asn1_open_...()
 * returned. The length always has the form of three bytes, 0x82 and 16 bits,
 * because zcrypt reads no other form in a reply.
 */
size_t asn1_open_sequence(struct builder *builder);
size_t asn1_open_octets(struct builder *builder);
void asn1_close(struct builder *builder, size_t opened);

void asn1_build_u32(struct builder *builder, uint32_t value);

#endif /* EP11_ASN1_H */
