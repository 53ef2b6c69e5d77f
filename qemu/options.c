// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "bytes/number.h"
#include "options.h"

#define USAGE "card=5:CEX8A,domain=4+0x47 for adapters of the VM's own, " \
	      "link=PATH[,guest=ID] for those that swcexd serves"

struct parser {
	struct options *options;
	const char *option;	/* as given, for the sentence */
	bool has_card, has_domain, has_workers, has_interrupts;
	char *reason;
	size_t size;
};

static bool __attribute__((format(printf, 2, 3)))
refuse(struct parser *p, const char *format, ...)
{
	int length = 0;
	va_list args;

	if (p->option)
		length = snprintf(p->reason, p->size, "%s: ", p->option);
	if (length < 0 || (size_t)length >= p->size)
		return false;
	va_start(args, format);
	vsnprintf(p->reason + length, p->size - length, format, args);
	va_end(args);
	return false;
}

/* Read a list of numbers from *@text, up to @end, and advance *@text. */
static bool take_numbers(struct parser *p, const char **text, char end,
			 struct ap_mask *mask)
{
	const char *start = *text;

	for (;;) {
		if (!range_take(text, mask))
			return refuse(p, "'%s' is not a list of numbers from 0 "
				      "to 255; write for example 4+6-8+0x47",
				      start);
		if (**text != '+')
			break;
		++*text;
	}
	if (**text == end)
		return true;
	return refuse(p, "'%s' follows the numbers where %s is expected", *text,
		      end ? "':' and an adapter type, as in 5:CEX8A," :
			    "'+' or the end");
}

static bool take_unsigned(struct parser *p, const char *text, uint64_t max,
			  uint64_t *number)
{
	const char *start = text;

	if (number_take(&text, 0, max, number) && !*text)
		return true;
	return refuse(p, "'%s' is not a number from 0 to %llu", start,
		      (unsigned long long)max);
}

static bool plug(struct parser *p, unsigned int adapter, const char *type)
{
	char *slot = p->options->type[adapter];

	if (*slot)
		return refuse(p, "adapter %u is a %s already; give every "
			      "adapter once", adapter, slot);
	if (!*type || strlen(type) >= OPTIONS_TYPE_SIZE)
		return refuse(p, "'%s' is not an adapter type; write for "
			      "example 5:CEX8A", type);
	memcpy(slot, type, strlen(type) + 1);
	return true;
}

static bool parse_card(struct parser *p, const char *value)
{
	struct ap_mask adapters = { 0 };

	if (!take_numbers(p, &value, ':', &adapters))
		return false;
	value++;
	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		if (ap_mask_test(&adapters, i) && !plug(p, i, value))
			return false;
	}
	p->has_card = true;
	return true;
}

static bool parse_domain(struct parser *p, const char *value)
{
	p->has_domain = true;
	return take_numbers(p, &value, '\0', &p->options->domains);
}

static bool parse_master_keys(struct parser *p, const char *value)
{
	if (p->options->master_keys)
		return refuse(p, "give master-keys= once");
	if (!*value)
		return refuse(p, "it is same, random or the path of a file");
	p->options->master_keys = value;
	return true;
}

static bool parse_workers(struct parser *p, const char *value)
{
	uint64_t number;

	if (!take_unsigned(p, value, OPTIONS_WORKERS_MAX, &number))
		return false;
	p->options->workers = number;
	p->has_workers = true;
	return true;
}

static bool parse_link(struct parser *p, const char *value)
{
	if (p->options->link)
		return refuse(p, "a VM has one link, and link=%s is given "
			      "already", p->options->link);
	if (!*value)
		return refuse(p, "give the path of swcexd's socket");
	p->options->link = value;
	return true;
}

static bool parse_guest(struct parser *p, const char *value)
{
	if (p->options->is_guest)
		return refuse(p, "a VM is one guest; give guest= once");
	p->options->is_guest = true;
	return take_unsigned(p, value, UINT64_MAX, &p->options->guest);
}

/*
 * Read all of @fd and end it with NUL. The error is EMSGSIZE if there is no
 * room.
 */
static bool read_text(int fd, char *text, size_t size)
{
	size_t filled = 0;
	ssize_t length;

	do {
		length = read(fd, text + filled, size - 1 - filled);
		if (length < 0 && errno != EINTR)
			return false;
		if (length > 0)
			filled += length;
	} while (length && filled < size - 1);
	text[filled] = '\0';
	errno = EMSGSIZE;
	return !length;
}

static bool parse_guest_fd(struct parser *p, const char *value)
{
	char text[32];
	uint64_t fd;

	if (!take_unsigned(p, value, INT_MAX, &fd))
		return false;
	if (!read_text(fd, text, sizeof(text)))
		return refuse(p, "the guest's number cannot be read: %s", strerror(errno));
	close(fd);
	return parse_guest(p, text);
}

static bool take_switch(struct parser *p, const char *value, bool *on)
{
	if (strcmp(value, "on") && strcmp(value, "off"))
		return refuse(p, "it is on or off");
	*on = !strcmp(value, "on");
	return true;
}

static bool parse_interrupts(struct parser *p, const char *value)
{
	p->has_interrupts = true;
	p->options->by_qemu = !strcmp(value, "qemu");
	return take_switch(p, p->options->by_qemu ? "on" : value,
			   &p->options->interrupts);
}

static bool parse_cpacf(struct parser *p, const char *value)
{
	return take_switch(p, value, &p->options->cpacf);
}

static bool parse_print_capabilities(struct parser *p, const char *value)
{
	return take_switch(p, value, &p->options->print_capabilities);
}

static bool parse_wake(struct parser *p, const char *value)
{
	const struct sockaddr_un *address;

	if (!*value)
		return refuse(p, "give the path of the port's socket");
	if (strlen(value) >= sizeof(address->sun_path))
		return refuse(p, "the path of a socket has at most %zu characters",
			      sizeof(address->sun_path) - 1);
	p->options->wake = value;
	return true;
}

static const struct {
	const char *name;
	bool (*parse)(struct parser *p, const char *value);
} table[] = {
	{ "card", parse_card },
	{ "domain", parse_domain },
	{ "master-keys", parse_master_keys },
	{ "workers", parse_workers },
	{ "link", parse_link },
	{ "guest", parse_guest },
	{ "guest-fd", parse_guest_fd },
	{ "interrupts", parse_interrupts },
	{ "wake", parse_wake },
	{ "cpacf", parse_cpacf },
	{ "print-capabilities", parse_print_capabilities },
};

#define ROWS (sizeof(table) / sizeof(table[0]))

const char *options_name(size_t n)
{
	return n < ROWS ? table[n].name : NULL;
}

static bool parse_one(struct parser *p)
{
	const char *equals = strchr(p->option, '=');
	size_t length = equals ? (size_t)(equals - p->option) : 0;

	for (size_t i = 0; i < ROWS; i++) {
		if (strlen(table[i].name) == length &&
		    !memcmp(table[i].name, p->option, length))
			return table[i].parse(p, equals + 1);
	}
	return refuse(p, "no such option; use " USAGE);
}

/* Check that options, each of which is right, also fit together. */
static bool check_together(struct parser *p)
{
	bool embedded = p->has_card || p->has_domain || p->has_workers ||
			p->options->master_keys;

	p->option = NULL;
	if (!p->has_interrupts)
		p->options->interrupts = p->options->wake;
	if (p->options->print_capabilities)
		return true;
	if (p->options->link && embedded)
		return refuse(p, "link= takes adapters from swcexd; card=, "
			      "domain=, master-keys= and workers= do not go "
			      "with it");
	if (p->options->link)
		return true;
	if (p->options->is_guest)
		return refuse(p, "guest= needs the link=PATH to attach by");
	if (!p->has_card && !p->has_domain)
		return refuse(p, "no adapters; give " USAGE);
	if (!p->has_card)
		return refuse(p, "domain= without an adapter; add for example "
			      "card=5:CEX8A");
	if (!p->has_domain)
		return refuse(p, "card= without a usage domain; add for "
			      "example domain=4");
	return true;
}

bool options_parse(struct options *options, int argc, char *const argv[],
		   char *reason, size_t size)
{
	struct parser p = { .options = options, .reason = reason, .size = size };

	memset(options, 0, sizeof(*options));
	options->cpacf = true;
	for (int i = 0; i < argc; i++) {
		p.option = argv[i];
		if (!parse_one(&p))
			return false;
	}
	return check_together(&p);
}
