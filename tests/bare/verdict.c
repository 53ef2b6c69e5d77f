// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verdicts, and the SCLP console that takes them.
 */
#include "bare.h"
#include "machine.h"

/* A service call block: a header and one event buffer or mask. */
struct sccb {
	uint16_t length;
	uint8_t function;
	uint8_t control[3];
	uint16_t response;
	union {
		struct {
			uint16_t length;
			uint8_t type;
			uint8_t flags;
			uint16_t reserved;
			char text[256];
		} event;
		struct {
			uint16_t reserved;
			uint16_t length;
			uint32_t receive;
			uint32_t send;
			uint32_t sclp[2];
		} mask;
	};
} __attribute__((packed, aligned(4096)));

#define SCLP_WRITE_EVENT	0x00760005
#define SCLP_WRITE_MASK		0x00780005
#define SCLP_ASCII		0x1a
#define SCLP_ASCII_MASK		(1u << (32 - SCLP_ASCII))
#define CR0_SERVICE_SIGNAL	0x200

static struct sccb sccb;
static char line[256];
static size_t line_length;
static unsigned int points;
static const char *current_chapter;

void service_call(uint32_t command, void *block)
{
	int busy;

	do {
		asm volatile(".insn	rre,0xb2200000,%[command],%[block]\n"
			     "	ipm	%[busy]\n"
			     "	srl	%[busy],28\n"
			     : [busy] "=d"(busy)
			     : [command] "d"(command), [block] "a"(block)
			     : "cc", "memory");
	} while (busy);
	await_external();
}

void open_console(void)
{
	uint64_t cr0 = CR0_SERVICE_SIGNAL;

	line_length = 0;
	asm volatile("lctlg 0,0,%0" : : "Q"(cr0));
	sccb.length = 8 + sizeof(sccb.mask);
	sccb.mask.length = 4;
	sccb.mask.send = SCLP_ASCII_MASK;
	service_call(SCLP_WRITE_MASK, &sccb);
}

static void write_line(const char *text, size_t length)
{
	memset(&sccb, 0, sizeof(sccb));
	memcpy(sccb.event.text, text, length);
	sccb.event.type = SCLP_ASCII;
	sccb.event.length = offsetof(struct sccb, event.text) - 8 + length;
	sccb.length = 8 + sccb.event.length;
	service_call(SCLP_WRITE_EVENT, &sccb);
}

void say(const char *text)
{
	for (; *text; text++) {
		line[line_length++] = *text;
		if (*text == '\n' || line_length == sizeof(line)) {
			write_line(line, line_length);
			line_length = 0;
		}
	}
}

void say_number(uint64_t number, unsigned int base, unsigned int digits)
{
	char text[21];
	char *at = text + sizeof(text) - 1;

	*at = 0;
	do {
		*--at = "0123456789abcdef"[number % base];
		number /= base;
	} while (number || at + digits > text + sizeof(text) - 1);
	say(at);
}

static void say_bytes(const char *label, const uint8_t *bytes, size_t length)
{
	say(label);
	for (size_t i = 0; i < length; i++)
		say_number(bytes[i], 16, 2);
	say("\n");
}

unsigned int points_so_far(void)
{
	return points;
}

void go_on_behind(unsigned int so_far)
{
	points = so_far;
}

void chapter(const char *name)
{
	current_chapter = name;
}

static void point(bool passed, const char *name)
{
	say(passed ? "ok " : "not ok ");
	say_number(++points, 10, 1);
	say(" - ");
	if (current_chapter) {
		say(current_chapter);
		say(": ");
	}
	say(name);
}

void ok(bool passed, const char *name)
{
	point(passed, name);
	say("\n");
}

static void remark(bool passed, const char *name, const char *kind, const char *reason)
{
	point(passed, name);
	say(kind);
	say(reason);
	say("\n");
}

void skip(const char *name, const char *reason)
{
	remark(true, name, " # SKIP ", reason);
}

void known(const char *name, const char *reason)
{
	remark(false, name, " # KNOWN ", reason);
}

void same(const char *name, uint64_t expected, uint64_t seen)
{
	ok(expected == seen, name);
	if (expected == seen)
		return;
	say("# expected ");
	say_number(expected, 16, 1);
	say(", seen ");
	say_number(seen, 16, 1);
	say("\n");
}

void same_bytes(const char *name, const void *expected, const void *seen, size_t length)
{
	bool equal = !memcmp(expected, seen, length);

	ok(equal, name);
	if (equal)
		return;
	say_bytes("# expected ", expected, length);
	say_bytes("# seen     ", seen, length);
}

_Noreturn void finish(void)
{
	say("1..");
	say_number(points, 10, 1);
	say("\n");
	end();
}

