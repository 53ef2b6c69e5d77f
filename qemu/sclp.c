// SPDX-License-Identifier: GPL-2.0-only
#include "sclp.h"

#include <errno.h>
#include <stdatomic.h>

#include "storage.h"

#define COMMAND(word)		((word) & 0xffff00ffu)
#define ADAPTER(word)		((word) >> 8 & 0xff)
#define READ_SCP_INFO		0x00020001u
#define READ_SCP_INFO_FORCED	0x00120001u
#define CONFIGURE		0x001f0001u
#define DECONFIGURE		0x001e0001u

/* Fields of the service-call control block */
#define RESPONSE	6
#define FACILITIES	48
#define AP_BYTE		3
#define AP_BIT		0x01
#define HEADER_SIZE	8

enum response {
	RESPONSE_NONE = 0,
	RESPONSE_READ = 0x0010,
	RESPONSE_DONE = 0x0020,
	RESPONSE_ALREADY = 0x0120,
	RESPONSE_NO_ADAPTER = 0x09f0,
};

/* The last command; @sccb is 0 if nothing has to be completed. */
static struct {
	GMutex lock;
	_Atomic uint64_t sccb;
	uint16_t response;
} pending;

/*
 * Return whether QEMU does what the block requests, or stores a response code
 * in it.
 */
static bool is_valid(struct cpu *cpu, uint64_t sccb)
{
	uint64_t page = sccb & ~0x1fffull;
	uint16_t length;

	if (cpu_psw(cpu) & PSW_PROBLEM || sccb & ~0x7ffffff8ull || !page ||
	    page == cpu_prefix(cpu) ||
	    !storage_fetch_absolute(cpu, sccb, &length, sizeof(length)))
		return false;
	length = GUINT16_FROM_BE(length);
	return length >= HEADER_SIZE && (sccb & 4095) + length <= 4096;
}

static uint16_t configure(struct cpu *cpu, struct machine *machine,
			  uint16_t op, unsigned int adapter)
{
	const struct ap_command command = { .op = op, .arg = { adapter } };
	struct ap_result result;

	machine->execute(machine, &command, cpu->request, &result, cpu->reply);
	switch (result.value) {
	case 0:
		return RESPONSE_DONE;
	case EALREADY:
		return RESPONSE_ALREADY;
	default:
		return RESPONSE_NO_ADAPTER;
	}
}

/*
 * Execute a command. Return the response to store, RESPONSE_READ for QEMU's
 * own, or RESPONSE_NONE.
 */
static uint16_t execute(struct cpu *cpu, struct machine *machine, uint32_t word)
{
	switch (COMMAND(word)) {
	case READ_SCP_INFO:
	case READ_SCP_INFO_FORCED:
		return RESPONSE_READ;
	case CONFIGURE:
		return configure(cpu, machine, AP_OP_CONFIGURE, ADAPTER(word));
	case DECONFIGURE:
		return configure(cpu, machine, AP_OP_DECONFIGURE, ADAPTER(word));
	default:
		return RESPONSE_NONE;
	}
}

/*
 * Expect QEMU's answer. With its response code cleared, the block shows when
 * QEMU has answered.
 */
static void expect(struct cpu *cpu, uint64_t sccb, uint16_t response)
{
	const uint16_t none = RESPONSE_NONE;

	g_mutex_lock(&pending.lock);
	if (response) {
		storage_store_absolute(cpu, sccb + RESPONSE, &none,
				       sizeof(none));
		pending.response = response;
		pending.sccb = sccb;
	} else if (pending.sccb == sccb) {
		pending.sccb = 0;
	}
	g_mutex_unlock(&pending.lock);
}

void sclp_call(struct cpu *cpu, struct machine *machine, unsigned int r1,
	       unsigned int r2)
{
	uint64_t sccb = cpu_gr(cpu, r2);

	if (is_valid(cpu, sccb))
		expect(cpu, sccb, execute(cpu, machine, cpu_gr(cpu, r1)));
}

static void show_facility(struct cpu *cpu, uint64_t sccb)
{
	uint64_t at = sccb + FACILITIES + AP_BYTE;
	uint8_t byte;

	storage_fetch_absolute(cpu, at, &byte, sizeof(byte));
	byte |= AP_BIT;
	storage_store_absolute(cpu, at, &byte, sizeof(byte));
}

static void complete(struct cpu *cpu, uint64_t sccb)
{
	uint16_t response;

	storage_fetch_absolute(cpu, sccb + RESPONSE, &response,
			       sizeof(response));
	response = GUINT16_FROM_BE(response);
	if (response == RESPONSE_NONE)
		return;
	pending.sccb = 0;
	if (pending.response != RESPONSE_READ) {
		response = GUINT16_TO_BE(pending.response);
		storage_store_absolute(cpu, sccb + RESPONSE, &response,
				       sizeof(response));
	} else if (response == RESPONSE_READ) {
		show_facility(cpu, sccb);
	}
}

void sclp_interrupted(struct cpu *cpu)
{
	if (!pending.sccb)
		return;
	g_mutex_lock(&pending.lock);
	if (pending.sccb)
		complete(cpu, pending.sccb);
	g_mutex_unlock(&pending.lock);
}

void sclp_reset(void)
{
	g_mutex_lock(&pending.lock);
	pending.sccb = 0;
	g_mutex_unlock(&pending.lock);
}
