/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The udev rule of chzdev(8), which sets the masks at every boot before vfio_ap
 * is loaded.
 */
#ifndef APCTL_RULE_H
#define APCTL_RULE_H

#include <stdbool.h>

#include "ids.h"

#define RULE "/etc/udev/rules.d/41-ap.rules"

/*
 * Read the persistent masks. A mask that the rule does not set is left
 * unchanged. Return whether there is a rule.
 */
bool rule_read(const char *root, struct ap_mask *apmask, struct ap_mask *aqmask);

/* Return the rule in the form of chzdev, which the caller frees. */
char *rule_text(const struct ap_mask *apmask, const struct ap_mask *aqmask);

/* Write the rule. Return 0 or -errno. */
int rule_write(const char *root, const struct ap_mask *apmask, const struct ap_mask *aqmask);

#endif
