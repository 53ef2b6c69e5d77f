// SPDX-License-Identifier: GPL-2.0-only
#include "bytes/aes.h"
#include "ep11.h"
#include "asn1.h"
#include "template.h"

#define FORMAT		0x10

/* What a host may ask for. The coprocessor alone sets all other attributes. */
#define GRANTABLE	(XCP_BLOB_EXTRACTABLE | XCP_BLOB_MODIFIABLE | \
			 XCP_BLOB_RESTRICTABLE | XCP_BLOB_ATTRBOUND | \
			 XCP_BLOB_USE_AS_DATA | XCP_BLOB_USAGES | \
			 XCP_BLOB_PROTKEY_EXTRACTABLE)

static enum ckr take_booleans(struct cursor *c, uint16_t api,
			      struct ep11_key *key)
{
	uint32_t given = cursor_u32(c);
	uint32_t values = cursor_u32(c);

	if (values & ~given || values & ~GRANTABLE)
		return CKR_TEMPLATE_INCONSISTENT;
	if (values & XCP_BLOB_PROTKEY_EXTRACTABLE && api < EP11_API_PROTKEY)
		return CKR_ATTRIBUTE_TYPE_INVALID;
	key->attributes = values;
	return CKR_OK;
}

static enum ckr take_attribute(struct cursor *c, struct ep11_key *key)
{
	uint32_t type = cursor_u32(c);
	uint32_t value = cursor_u32(c);

	switch (type) {
	case CKA_CLASS:
		return value == CKO_SECRET_KEY ? CKR_OK :
		       CKR_TEMPLATE_INCONSISTENT;
	case CKA_KEY_TYPE:
		return value == CKK_AES ? CKR_OK : CKR_TEMPLATE_INCONSISTENT;
	case CKA_VALUE_LEN:
		key->length = value;
		return aes_key_length_is_valid(value) ? CKR_OK :
		       CKR_KEY_SIZE_RANGE;
	}
	return CKR_ATTRIBUTE_TYPE_INVALID;
}

static enum ckr take(struct cursor *c, uint16_t api, struct ep11_key *key)
{
	bool known = cursor_u8(c) == FORMAT;
	uint8_t count = cursor_u8(c);
	enum ckr ckr;

	if (cursor_u16(c) || !known)
		return CKR_ARGUMENTS_BAD;
	ckr = take_booleans(c, api, key);
	while (!ckr && count--)
		ckr = take_attribute(c, key);
	if (ckr)
		return ckr;
	return key->length ? CKR_OK : CKR_TEMPLATE_INCOMPLETE;
}

enum ckr ep11_template_take(struct cursor *arguments, uint16_t api,
			    struct ep11_key *key)
{
	struct slice octets = asn1_octets(arguments);
	struct cursor c = cursor_of(octets.at, octets.length);
	enum ckr ckr = take(&c, api, key);

	return cursor_at_end(&c) || ckr ? ckr : CKR_ARGUMENTS_BAD;
}
