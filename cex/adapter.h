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
	const struct domain *model;	/* of the machine, or NULL */
	uint64_t *revision;		/* of the machine, or NULL */
	uint64_t changed;		/* highest revision of its queues */
	uint64_t handovers;		/* number of dirty ones */
	struct ap_mask held;		/* see queue_hold() */
	const struct cex_observer *observer;	/* of the machine, or NULL */
	struct queue *queue[AP_DOMAINS];
};

/*
 * Make an adapter of @type without queues. Return NULL with errno set to EINVAL
 * if there is no such type, or to ENOMEM. The caller frees it by free().
 */
struct adapter *adapter_new(const char *type);

/*
 * Return whether the adapter's domains have master keys of @kind: a CCA
 * coprocessor has all kinds except WK, an EP11 coprocessor has WK only, and an
 * accelerator has none.
 */
bool adapter_has_key(const struct adapter *adapter, enum master_key_kind kind);

/* Return the length of the longest message, in bytes. */
size_t adapter_message_max(const struct adapter *adapter);

/*
 * Return GR2 after TAPQ. Without @facilities, which is the T bit, it holds only
 * the type and the depth.
 */
uint64_t adapter_information(const struct adapter *adapter, bool facilities);

/* Return the type that TAPQ shows: 10 for a CEX4, 11 for a CEX5, and so on. */
uint8_t adapter_hardware_type(const struct adapter *adapter);

/*
 * Return GR2 after QACT with @asked in GR1: the type that this adapter is
 * compatible with.
 */
uint64_t adapter_compatible(const struct adapter *adapter, uint64_t asked);

#endif /* CEX_ADAPTER_H */
