// SPDX-License-Identifier: GPL-2.0-only
#include "invariants.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "driver/matrix.h"
#include "driver/parse.h"

#define TEXT_SIZE	16384
#define REST_SECONDS	30
/* How often a queue is seen in two devices before it is believed. */
#define LOOKS		20

/* What sysfs shows of a device. */
struct device {
	bool there;
	bool active;
	struct matrix assigned;
	struct matrix guest;
};

static const char *sentence(const char *format, ...)
{
	static char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return text;
}

const char *device_path(unsigned int device, const char *attribute)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), MATRIX_DEVICE "/" UUID_FORMAT "%s%s", device,
		 *attribute ? "/" : "", attribute);
	return path;
}

static bool read_text(const char *path, char *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t length = 0;
	ssize_t part;

	if (fd < 0)
		return false;
	while ((part = read(fd, text + length, TEXT_SIZE - 1 - length)) > 0)
		length += part;
	close(fd);
	text[length] = '\0';
	return !part;
}

/* "05.0004" lines; a line with one half only names no queue. */
static struct matrix queues_of(const char *text)
{
	struct matrix m = { 0 };
	char domain[5];
	unsigned int adapter;

	for (; text && *text; text = strchr(text, '\n'), text += !!text) {
		if (sscanf(text, "%2x.%4[0-9a-f]", &adapter, domain) == 2) {
			mask_add(&m.apm, adapter);
			mask_add(&m.aqm, strtoul(domain, NULL, 16));
		}
	}
	return m;
}

static bool read_guest(unsigned int device, struct matrix *guest)
{
	char text[TEXT_SIZE];

	if (!read_text(device_path(device, "guest_matrix"), text))
		return false;
	*guest = queues_of(text);
	return true;
}

static void read_device(unsigned int number, struct device *device)
{
	char text[TEXT_SIZE];

	*device = (struct device){ 0 };
	device->there = read_guest(number, &device->guest) &&
			read_text(device_path(number, "activate"), text);
	if (!device->there)
		return;
	device->active = *text == '1';
	device->there = read_text(device_path(number, "ap_config"), text) &&
			!vfio_ap_parse_config(text, &device->assigned);
}

static bool common(const struct matrix *a, const struct matrix *b, unsigned int *apqn)
{
	struct matrix both = matrix_and(a, b);

	*apqn = vfio_ap_matrix_next(&both, 0);
	return matrix_has_queues(&both);
}

static const char *shared_by(unsigned int one, unsigned int two)
{
	struct matrix a, b;
	unsigned int apqn;

	for (int look = 0; look < LOOKS; look++)
		if (!read_guest(one, &a) || !read_guest(two, &b) || !common(&a, &b, &apqn))
			return NULL;
	return sentence("%02x.%04x is in the guests of devices %u and %u", APQN_ADAPTER(apqn),
			APQN_DOMAIN(apqn), one, two);
}

const char *violation_at_any_time(void)
{
	const char *violation = NULL;

	for (unsigned int one = 0; one < DEVICES && !violation; one++)
		for (unsigned int two = one + 1; two < DEVICES && !violation; two++)
			violation = shared_by(one, two);
	return violation;
}

/* Bound to vfio_ap, and its status says nothing but whose it is. */
static bool usable(unsigned int apqn)
{
	char path[96], target[PATH_MAX], text[TEXT_SIZE];
	ssize_t length;

	snprintf(path, sizeof(path), AP_BUS "/devices/%02x.%04x/driver", APQN_ADAPTER(apqn),
		 APQN_DOMAIN(apqn));
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	snprintf(path, sizeof(path), AP_BUS "/devices/%02x.%04x/condition", APQN_ADAPTER(apqn),
		 APQN_DOMAIN(apqn));
	return !strcmp(basename(target), "vfio_ap") && read_text(path, text) &&
	       !strcmp(text, "ready\n");
}

static bool all_usable(const struct matrix *m)
{
	unsigned int apqn;

	matrix_for_each(apqn, m)
		if (!usable(apqn))
			return false;
	return true;
}

/* A line that was left out would have fitted in: an adapter, or a domain. */
static const char *line_left_out(const struct device *d, bool adapters)
{
	const struct ap_mask *all = adapters ? &d->assigned.apm : &d->assigned.aqm;
	const struct ap_mask *got = adapters ? &d->guest.apm : &d->guest.aqm;
	struct ap_mask rest = mask_andnot(all, got);
	unsigned int id;

	mask_for_each(id, &rest) {
		struct matrix line = d->guest;
		struct ap_mask *one = adapters ? &line.apm : &line.aqm;

		memset(one, 0, sizeof(*one));
		mask_add(one, id);
		if (all_usable(&line))
			return sentence("the guest lacks %s %x, all of whose queues are clean",
					adapters ? "adapter" : "domain", id);
	}
	return NULL;
}

static const char *left_out(const struct device *d)
{
	const char *violation = NULL;
	unsigned int apqn;

	if (matrix_has_queues(&d->guest)) {
		violation = line_left_out(d, true);
		return violation ? violation : line_left_out(d, false);
	}
	matrix_for_each(apqn, &d->assigned)
		if (usable(apqn))
			return sentence("the guest has nothing, although %02x.%04x is clean",
					APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
	return NULL;
}

static const char *judge(const struct device *d)
{
	unsigned int apqn;

	if (!d->active)
		return matrix_has_queues(&d->guest) ? "it is staged, and has queues" : NULL;
	matrix_for_each(apqn, &d->guest) {
		if (!matrix_has(&d->assigned, apqn))
			return sentence("the guest has %02x.%04x, which is not assigned",
					APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
		if (!usable(apqn))
			return sentence("the guest has %02x.%04x, which is not bound and clean",
					APQN_ADAPTER(apqn), APQN_DOMAIN(apqn));
	}
	return left_out(d);
}

static const char *judge_all(void)
{
	struct device device[DEVICES];
	const char *violation;
	unsigned int apqn;

	for (unsigned int i = 0; i < DEVICES; i++)
		read_device(i, &device[i]);
	for (unsigned int i = 0; i < DEVICES; i++) {
		violation = device[i].there ? judge(&device[i]) : NULL;
		if (violation)
			return violation;
		for (unsigned int j = 0; j < i; j++)
			if (device[i].active && device[j].active &&
			    common(&device[i].assigned, &device[j].assigned, &apqn))
				return sentence("%02x.%04x is assigned to devices %u and %u",
						APQN_ADAPTER(apqn), APQN_DOMAIN(apqn), j, i);
	}
	return NULL;
}

const char *violation_at_rest(void)
{
	time_t deadline = time(NULL) + REST_SECONDS;
	const char *violation;

	while ((violation = judge_all()) && time(NULL) < deadline)
		usleep(20000);
	return violation;
}
