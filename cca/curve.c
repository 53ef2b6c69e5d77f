// SPDX-License-Identifier: GPL-2.0-only
#include "curve.h"

static const struct curve curves[] = {
	{ 0, 192, "prime192v1" },
	{ 0, 224, "secp224r1" },
	{ 0, 256, "prime256v1" },
	{ 0, 384, "secp384r1" },
	{ 0, 521, "secp521r1" },
	{ 1, 160, "brainpoolP160r1" },
	{ 1, 192, "brainpoolP192r1" },
	{ 1, 224, "brainpoolP224r1" },
	{ 1, 256, "brainpoolP256r1" },
	{ 1, 320, "brainpoolP320r1" },
	{ 1, 384, "brainpoolP384r1" },
	{ 1, 512, "brainpoolP512r1" },
};

const struct curve *curve_find(uint8_t type, uint16_t bits)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		if (curves[i].type == type && curves[i].bits == bits)
			return &curves[i];
	return NULL;
}

size_t curve_width(const struct curve *curve)
{
	return (curve->bits + 7) / 8;
}

size_t curve_point(const struct curve *curve)
{
	return 1 + 2 * curve_width(curve);
}
