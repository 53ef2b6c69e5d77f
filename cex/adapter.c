// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "adapter.h"

/*
 * In GR2 of QACT, the mode is in bits 3-5, as facility bits 3-5, and the type
 * in bits 32-39.
 */
#define QACT_MODE_SHIFT		58
#define QACT_TYPE_SHIFT		24
#define FACILITY_MODE(fac)	((fac) >> 26 & 7)

static const struct firmware *const kinds[] = {
	&accelerator,
	&cca,
	&ep11,
};

static const struct firmware *firmware_of(char letter)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i]->letter == letter)
			return kinds[i];
	return NULL;
}

bool cex_has_type(const char *type)
{
	return strlen(type) == 5 && !strncmp(type, "CEX", 3) &&
	       type[3] >= '4' && type[3] <= '8' && firmware_of(type[4]);
}

struct adapter *adapter_new(const char *type)
{
	struct adapter *adapter;

	if (!cex_has_type(type)) {
		errno = EINVAL;
		return NULL;
	}
	adapter = calloc(1, sizeof(*adapter));
	if (!adapter)
		return NULL;
	strcpy(adapter->type, type);
	adapter->firmware = firmware_of(type[4]);
	adapter->generation = type[3] - '0';
	return adapter;
}

bool adapter_has_key(const struct adapter *adapter, enum master_key_kind kind)
{
	uint32_t coprocessor = kind == MASTER_KEY_WK ? FIRMWARE_EP11 :
						       FIRMWARE_CCA;

	return adapter->firmware->facilities & coprocessor;
}

static unsigned int ml_of(const struct adapter *adapter)
{
	const struct firmware *firmware = adapter->firmware;

	return adapter->generation >= 8 ? firmware->ml_cex8 : firmware->ml;
}

size_t adapter_message_max(const struct adapter *adapter)
{
	return (size_t)ml_of(adapter) * FIRMWARE_ML_UNIT;
}

uint8_t adapter_hardware_type(const struct adapter *adapter)
{
	return adapter->generation + 6;
}

static uint32_t facilities_of(const struct adapter *adapter)
{
	const struct firmware *firmware = adapter->firmware;

	return adapter->generation >= 6 ? firmware->facilities :
	       firmware->facilities & ~firmware->lacks_before_cex6;
}

uint64_t adapter_information(const struct adapter *adapter, bool facilities)
{
	const struct firmware *firmware = adapter->firmware;
	uint64_t gr2 = (uint64_t)adapter_hardware_type(adapter) << 24 | (firmware->depth - 1);

	if (facilities)
		gr2 |= (uint64_t)facilities_of(adapter) << 32 |
		       (AP_DOMAINS - 1) << 16 | ml_of(adapter) << 8;
	return gr2;
}

uint64_t adapter_compatible(const struct adapter *adapter, uint64_t asked)
{
	uint64_t mode = asked >> QACT_MODE_SHIFT & 7;
	uint8_t type = asked >> QACT_TYPE_SHIFT;

	if (!(mode & FACILITY_MODE(adapter->firmware->facilities)))
		return 0;
	if (type > adapter_hardware_type(adapter))
		type = adapter_hardware_type(adapter);
	return mode << QACT_MODE_SHIFT | (uint64_t)type << QACT_TYPE_SHIFT;
}
