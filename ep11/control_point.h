/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control points: what the policy of a domain allows. A profile has a bit for
 * each of them, from the leftmost bit of its first byte on (XCP_CPbit_t of
 * IBM's ep11.h; openCryptoki and hosts of its SDK count them alike). Those of
 * the functions and keys that are served are on, and cannot be changed.
 */
#ifndef EP11_CONTROL_POINT_H
#define EP11_CONTROL_POINT_H

#include "card/domain.h"

#define EP11_PROFILE_SIZE	16

/* Set @profile to the control points of @domain. */
void ep11_profile(const struct domain *domain,
		  uint8_t profile[EP11_PROFILE_SIZE]);

/*
 * Set @profile to those of the control points that the adapter knows and that
 * are never on.
 */
void ep11_profile_never(const struct domain *domain,
			uint8_t profile[EP11_PROFILE_SIZE]);

/* Return the number of the last control point that the adapter knows. */
uint32_t ep11_control_point_last(const struct domain *domain);

#endif /* EP11_CONTROL_POINT_H */
