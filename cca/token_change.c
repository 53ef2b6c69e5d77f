// SPDX-License-Identifier: GPL-2.0-only
/*
 * KT: what the verbs Key Token Change (CSNBKTC, CSNBKTC2) of CCA do with a
 * token of either length. Rules are the verbs': AES or none, and
 *
 *	RTCMK	wrap the key anew under the current master key
 *	RTNMK	wrap it under the new master key, which is full, and not current
 *		yet: the token is of use once that is set
 *
 * Keys, a field with the token, which is wrapped under the current or the old
 * master key; reply: keys, a field with the new token.
 */
#include "key.h"

#define AT_VERSION	4
#define VERSION_FIXED	4

static enum cca_code change(const struct domain *domain,
			    const struct cprbx *request,
			    const struct master_key *master,
			    struct cca_reply *reply)
{
	struct cursor c = cursor_of(request->keys.at, request->keys.length);
	struct slice token;
	uint16_t tag;

	token = cprbx_field(&c, &tag);
	if (request->user.length || !cursor_at_end(&c) ||
	    token.length <= AT_VERSION)
		return CCA_SIZE;
	if (token.at[AT_VERSION] == VERSION_FIXED)
		return cca_aes_reencipher(domain, token, master, &reply->cprb);
	return cca_cipher_reencipher(domain, token, master, &reply->cprb);
}

static enum cca_code to_current(const struct domain *domain,
				const struct cprbx *request,
				struct cca_reply *reply)
{
	return change(domain, request, domain_current(domain, MASTER_KEY_AES),
		      reply);
}

static enum cca_code to_new(const struct domain *domain,
			    const struct cprbx *request,
			    struct cca_reply *reply)
{
	const struct master_key *new =
		&domain->keys[MASTER_KEY_AES][MASTER_KEY_NEW];

	if (new->state != MASTER_KEY_FULL)
		new = NULL;
	return change(domain, request, new, reply);
}

const struct cca_function cca_token_change[] = {
	{ "KT", "RTCMK   ", to_current },
	{ "KT", "AES     RTCMK   ", to_current },
	{ "KT", "RTNMK   ", to_new },
	{ "KT", "AES     RTNMK   ", to_new },
	{ }
};
