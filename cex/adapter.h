/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An adapter: a Crypto Express card of some generation, and its firmware.
 */
#ifndef CEX_ADAPTER_H
#define CEX_ADAPTER_H

#include "abi/ap.h"
#include "card/domain.h"
#include "card/firmware.h"

struct cex_observer;
struct queue;

enum adapter_state {
	ADAPTER_OPERATING,
	ADAPTER_DECONFIGURED,
	ADAPTER_CHECKSTOPPED,
};

struct adapter {
	const struct firmware *firmware;
	char type[sizeof("CEX8A")];
	uint8_t generation;		/* 8 for a CEX8 */
	enum adapter_state state;
	const struct domain *model;	/* the machine's, if it has one */
	uint64_t *revision;		/* the same */
	uint64_t changed;		/* the last revision of any of its queues */
	uint64_t handovers;		/* dirty ones, of all its queues */
	const struct cex_observer *observer;	/* the machine's, if it has one */
	struct queue *queue[AP_DOMAINS];
};

/* NULL with errno set: EINVAL (no such type) or ENOMEM. */
struct adapter *adapter_new(const char *type);

/* A CCA coprocessor has the kinds of CCA, an EP11 coprocessor WK. */
bool adapter_has_key(const struct adapter *adapter, enum master_key_kind kind);

/* Bytes of the longest message. */
size_t adapter_message_max(const struct adapter *adapter);

/* GR2 after TAPQ; without the T bit only the type and the depth. */
uint64_t adapter_information(const struct adapter *adapter, bool facilities);

/* GR2 after QACT with @asked in GR1: the type that this one can pass for. */
uint64_t adapter_compatible(const struct adapter *adapter, uint64_t asked);

#endif /* CEX_ADAPTER_H */
