// SPDX-License-Identifier: GPL-2.0-only
#include "dat.h"

#define CR0_LOW_ADDRESS_PROTECTION	0x0000000010000000ull
#define CR0_ENHANCED_DAT		0x0000000000800000ull

#define ASCE_PRIVATE	0x100
#define ASCE_REAL	0x20
#define ASCE_TYPE	0x0c
#define ENTRY_ORIGIN	(~0xfffull)
#define ENTRY_LENGTH	0x03
#define ENTRY_TYPE	0x0c
#define ENTRY_OFFSET	0xc0
#define ENTRY_INVALID	0x20
#define ENTRY_PROTECT	0x200
#define ENTRY_FRAME	0x400
#define SEGMENT_ORIGIN	(~0x7ffull)
#define SEGMENT_COMMON	0x10
#define PAGE_ZERO	0x800
#define PAGE_INVALID	0x400

#define TEID_FETCH	0x800
#define TEID_STORE	0x400
#define TEID_LOW	0x80
#define TEID_DAT	0x04

/*
 * The tables above the page table, by designation type, the smallest first.
 * Each has the code for a missing entry, and the lowest address bit that
 * selects an entry.
 */
static const struct level {
	uint16_t check;
	uint8_t shift;
} levels[] = {
	{ DAT_SEGMENT, 20 },
	{ DAT_REGION_THIRD, 31 },
	{ DAT_REGION_SECOND, 42 },
	{ DAT_REGION_FIRST, 53 },
};

unsigned int dat_asce_register(uint64_t psw)
{
	static const uint8_t cr[] = { 1, 1, 7, 13 };

	return cr[(psw & PSW_AS) >> PSW_AS_SHIFT];
}

uint64_t dat_wrap(uint64_t psw, uint64_t address)
{
	if (psw & PSW_EA)
		return address;
	return address & (psw & PSW_BA ? 0x7fffffff : 0xffffff);
}

uint64_t dat_absolute(uint64_t prefix, uint64_t real)
{
	uint64_t block = real & ~0x1fffull;

	if (!block)
		return real + prefix;
	return block == prefix ? real - prefix : real;
}

static unsigned int table_index(uint64_t address, const struct level *level)
{
	return address >> level->shift & 0x7ff;
}

/*
 * Find the entry of @address in the table of @type (0: segment table).
 * @designation is an ASCE or the entry of a higher table, whose origin, length
 * and offset bound the table; an ASCE has no offset.
 */
static uint16_t table_entry(const struct dat *dat, uint64_t designation,
			    unsigned int offset, int type, uint64_t address,
			    uint64_t *entry)
{
	const struct level *level = &levels[type];
	unsigned int index = table_index(address, level);

	if (index >> 9 > (designation & ENTRY_LENGTH) || index >> 9 < offset)
		return level->check;
	if (!dat->fetch(dat->context, (designation & ENTRY_ORIGIN) + index * 8,
			entry))
		return DAT_ADDRESSING;
	if (*entry & ENTRY_INVALID)
		return level->check;
	if ((*entry & ENTRY_TYPE) >> 2 != (uint64_t)type)
		return DAT_SPECIFICATION;
	return 0;
}

static uint16_t page_entry(const struct dat *dat, uint64_t segment,
			   uint64_t address, uint64_t *entry)
{
	uint64_t index = address >> 12 & 0xff;

	if (!dat->fetch(dat->context, (segment & SEGMENT_ORIGIN) + index * 8,
			entry))
		return DAT_ADDRESSING;
	if (*entry & PAGE_INVALID)
		return DAT_PAGE;
	return *entry & PAGE_ZERO ? DAT_SPECIFICATION : 0;
}

/*
 * Return whether the entry is a frame of 2 GiB or 1 MiB, which region-third and
 * segment tables may contain.
 */
static bool is_frame(const struct dat *dat, int type, uint64_t entry)
{
	return dat->cr0 & CR0_ENHANCED_DAT && type <= 1 && entry & ENTRY_FRAME;
}

/*
 * Return whether the entry protects its storage. Without enhanced DAT, only
 * segments and pages can be protected.
 */
static bool is_protected(const struct dat *dat, int type, uint64_t entry)
{
	return (!type || dat->cr0 & CR0_ENHANCED_DAT) && entry & ENTRY_PROTECT;
}

static uint16_t walk(const struct dat *dat, uint64_t address, uint64_t *real,
		     bool *protect)
{
	int type = (dat->asce & ASCE_TYPE) >> 2;
	uint64_t entry = dat->asce, size;
	unsigned int offset = 0;
	uint16_t check;

	if (type < 3 && address >> (levels[type].shift + 11))
		return DAT_ASCE_TYPE;
	for (;; type--) {
		check = table_entry(dat, entry, offset, type, address, &entry);
		if (check)
			return check;
		*protect |= is_protected(dat, type, entry);
		if (!type || is_frame(dat, type, entry))
			break;
		offset = (entry & ENTRY_OFFSET) >> 6;
	}
	if (!type && entry & SEGMENT_COMMON && dat->asce & ASCE_PRIVATE)
		return DAT_SPECIFICATION;
	size = 1ull << levels[type].shift;
	if (!is_frame(dat, type, entry)) {
		check = page_entry(dat, entry, address, &entry);
		if (check)
			return check;
		*protect |= entry & ENTRY_PROTECT;
		size = PAGE_SIZE;
	}
	*real = (entry & -size) | (address & (size - 1));
	return 0;
}

/*
 * Return whether low-address protection applies to @address: it covers the
 * first 512 bytes of the first two pages.
 */
static bool is_low(const struct dat *dat, uint64_t address)
{
	if (!(dat->cr0 & CR0_LOW_ADDRESS_PROTECTION))
		return false;
	if (dat->psw & PSW_DAT && dat->asce & ASCE_PRIVATE)
		return false;
	return (address & ~PAGE_SIZE) < 512;
}

static bool refuse(const struct dat *dat, uint64_t address, bool store,
		   uint16_t code, uint64_t reason, struct dat_fault *fault)
{
	fault->code = code;
	fault->teid = (address & -PAGE_SIZE) | (dat->psw & PSW_AS) >> PSW_AS_SHIFT |
		      (store ? TEID_STORE : TEID_FETCH) | reason;
	return false;
}

bool dat_translate(const struct dat *dat, uint64_t address, bool store,
		   uint64_t *absolute, struct dat_fault *fault)
{
	uint64_t real = address;
	bool protect = false;
	uint16_t check;

	if (store && is_low(dat, address))
		return refuse(dat, address, store, DAT_PROTECTION, TEID_LOW,
			      fault);
	if (dat->psw & PSW_DAT && !(dat->asce & ASCE_REAL)) {
		check = walk(dat, address, &real, &protect);
		if (check)
			return refuse(dat, address, store, check, 0, fault);
	}
	if (store && protect)
		return refuse(dat, address, store, DAT_PROTECTION, TEID_DAT,
			      fault);
	*absolute = dat_absolute(dat->prefix, real);
	return true;
}
