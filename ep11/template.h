/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The attributes that a new key is to have. Numbers are big endian.
 *
 *	u8	0x10
 *	u8	number of attributes
 *	u16	0
 *	u32	which Boolean attributes are given
 *	u32	their values
 *	u32[2]	type and value of an attribute; as many as there are
 */
#ifndef EP11_TEMPLATE_H
#define EP11_TEMPLATE_H

#include "bytes/cursor.h"
#include "ckr.h"
#include "key.h"

/*
 * Take an OCTET STRING with attributes off @arguments of a request with the API
 * ordinal number @api, and set the attributes and the length of @key.
 */
enum ckr ep11_template_take(struct cursor *arguments, uint16_t api,
			    struct ep11_key *key);

#endif /* EP11_TEMPLATE_H */
