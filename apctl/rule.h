/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The udev rule by which chzdev(8) has the masks set at every boot, before
 * vfio_ap is loaded.
 */
#ifndef APCTL_RULE_H
#define APCTL_RULE_H

#include <stdbool.h>

#include "ids.h"

#define RULE "/etc/udev/rules.d/41-ap.rules"

/*
 * Reads the persistent masks; one that the rule does not set stays as it is in
 * the arguments. Returns whether there is a rule.
 */
bool rule_read(const char *root, struct ap_mask *apmask, struct ap_mask *aqmask);

/* The rule as chzdev writes it; the caller frees it. */
char *rule_text(const struct ap_mask *apmask, const struct ap_mask *aqmask);

/* Writes it. Returns 0 or -errno. */
int rule_write(const char *root, const struct ap_mask *apmask, const struct ap_mask *aqmask);

#endif
