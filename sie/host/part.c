// SPDX-License-Identifier: GPL-2.0-only
#include "part.h"

#include <glib.h>
#include <string.h>

#include "json_text.h"

#define VALUE_MAX	256

/*
 * Properties in brackets are left out. They would say how a file is opened,
 * which is decided here.
 */
static const struct offer {
	const char *kind, *type;
	const char *const properties[16];
} offers[] = {
	{ "object", "memory-backend-ram", { "id", "size" } },
	{ "object", "rng-builtin", { "id" } },
	{ "object", "rng-random", { "id", "filename" } },
	{ "blockdev", "file", { "node-name", "filename", "read-only", "[auto-read-only]",
				"[discard]", "[cache]", "[aio]", "[locking]" } },
	{ "blockdev", "raw", { "node-name", "file", "read-only", "[auto-read-only]", "[discard]",
			       "[cache]", "[detect-zeroes]" } },
	{ "device", "sclpconsole", { "id", "chardev" } },
	{ "device", "virtconsole", { "id", "chardev", "bus", "nr" } },
	{ "device", "virtio-balloon-ccw", { "id", "devno", "deflate-on-oom",
					    "free-page-reporting" } },
	{ "device", "virtio-blk-ccw", { "id", "devno", "drive", "bootindex", "serial",
					"write-cache", "num-queues" } },
	{ "device", "virtio-rng-ccw", { "id", "devno", "rng", "max-bytes", "period" } },
	{ "device", "virtio-serial-ccw", { "id", "devno", "max_ports" } },
};

static struct json_object *refuse(char *reason, struct json_object *part, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put @part, write a sentence to @reason and return NULL. */
static struct json_object *refuse(char *reason, struct json_object *part, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_vsnprintf(reason, REQUEST_REASON, format, args);
	va_end(args);
	json_object_put(part);
	return NULL;
}

bool part_is_file(struct json_object *part)
{
	const char *driver = json_text(part, "driver");

	return driver && !strcmp(driver, "file");
}

bool part_is_storage(struct json_object *part)
{
	const char *type = json_text(part, "qom-type");

	return type && !strcmp(type, "memory-backend-ram");
}

/* Return the property that contains the type. */
static const char *type_property(const char *kind)
{
	return strcmp(kind, "object") ? "driver" : "qom-type";
}

static const struct offer *find_offer(const char *kind, const char *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(offers); i++) {
		if (!strcmp(offers[i].kind, kind) && !strcmp(offers[i].type, type))
			return &offers[i];
	}
	return NULL;
}

enum use { NOT_OFFERED, USED, LEFT_OUT };

static enum use use_of(const struct offer *offer, const char *property)
{
	size_t length = strlen(property);

	if (!strcmp(property, type_property(offer->kind)))
		return USED;
	for (const char *const *p = offer->properties; *p; p++) {
		if (!strcmp(*p, property))
			return USED;
		if (**p == '[' && strlen(*p) == length + 2 && !strncmp(*p + 1, property, length))
			return LEFT_OUT;
	}
	return NOT_OFFERED;
}

/*
 * Return whether the value is a text without NUL, a number or a boolean, but
 * nothing nested.
 */
static bool is_plain(struct json_object *value)
{
	int length;

	if (json_object_is_type(value, json_type_string)) {
		length = json_object_get_string_len(value);
		return length < VALUE_MAX && strlen(json_object_get_string(value)) == (size_t)length;
	}
	return json_object_is_type(value, json_type_int) ||
	       json_object_is_type(value, json_type_boolean);
}

/*
 * Return a copy of @part with the properties that are used, or NULL if one is
 * not offered.
 */
static struct json_object *pick(const struct offer *offer, struct json_object *part, char *reason)
{
	struct json_object *picked = json_object_new_object();

	json_object_object_foreach(part, property, value) {
		enum use use = use_of(offer, property);

		if (use == LEFT_OUT)
			continue;
		if (use == NOT_OFFERED || !is_plain(value))
			return refuse(reason, picked, "-%s %s: the property %.64s is not offered so",
				      offer->kind, offer->type, property);
		json_object_object_add(picked, property, json_object_get(value));
	}
	return picked;
}

static bool is_random(const char *file)
{
	return file && (!strcmp(file, "/dev/urandom") || !strcmp(file, "/dev/random"));
}

static bool is_guests_size(struct json_object *part, const struct start *start)
{
	struct json_object *size;

	return json_object_object_get_ex(part, "size", &size) &&
	       json_object_is_type(size, json_type_int) &&
	       json_object_get_uint64(size) == start->memory << 20;
}

/*
 * Check that a property fits the rest of the guest. Return @part, or put it and
 * return NULL.
 */
static struct json_object *judge(const char *type, struct json_object *part,
				 const struct start *start, char *reason)
{
	const char *chardev = json_text(part, "chardev"), *file = json_text(part, "filename");

	if (chardev && (!start->console || strcmp(chardev, start->console)))
		return refuse(reason, part, "chardev %.64s is not the guest's console", chardev);
	if (part_is_storage(part) && !json_text(part, "id"))
		return refuse(reason, part, "the guest's storage needs an id");
	if (part_is_storage(part) && !is_guests_size(part, start))
		return refuse(reason, part, "the object has another size than the guest's storage");
	if (!strcmp(type, "rng-random") && !is_random(file))
		return refuse(reason, part, "rng-random reads /dev/urandom or /dev/random");
	if (part_is_file(part) && (!file || !request_file(file)))
		return refuse(reason, part, "-blockdev %.100s: only files in /guest/ are there for "
			      "guests", file ? file : "without filename");
	return part;
}

struct json_object *part_read(const char *kind, const char *json, const struct start *start,
			      char *reason)
{
	struct json_object *part = json_tokener_parse(json), *picked;
	const struct offer *offer;
	const char *type;

	type = json_object_is_type(part, json_type_object) ?
	       json_text(part, type_property(kind)) : NULL;
	if (!type)
		return refuse(reason, part, "-%s: this is no object of JSON with a type", kind);
	offer = find_offer(kind, type);
	if (!offer)
		return refuse(reason, part, "-%s %.64s is not offered to guests beside the LPAR; "
			      "leave it out", kind, type);
	picked = pick(offer, part, reason);
	json_object_put(part);
	return picked ? judge(offer->type, picked, start, reason) : NULL;
}
