// SPDX-License-Identifier: GPL-2.0-only
/* RL returns as many random bytes as the request has room for. */
#include <openssl/rand.h>

#include "cca.h"

static enum cca_code random_bytes(const struct domain *domain,
				  const struct cprbx *request,
				  struct cca_reply *reply)
{
	size_t length = reply->data_room;
	uint8_t *data;

	(void)domain;
	(void)request;
	cprbx_lay_empty(&reply->cprb);
	cprbx_lay_empty(&reply->cprb);
	cprbx_lay_empty(&reply->cprb);
	data = cca_reply_data(reply, length);
	if (!data)
		return CCA_SIZE;
	return RAND_bytes(data, length) == 1 ? CCA_OK : CCA_FAILED;
}

const struct cca_function cca_random[] = {
	{ "RL", "RANDOM  ", random_bytes },
	{ }
};
