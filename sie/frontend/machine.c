// SPDX-License-Identifier: GPL-2.0-only
#include "machine.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bytes/number.h"
#include "description.h"
#include "options.h"

/*
 * Return whether libvirt says this of every machine, and it is true or
 * irrelevant here.
 */
static bool is_of_machine(const struct element *element)
{
	return element_is(element, "usb", "off") || !strcmp(element->name, "memory-backend") ||
	       (!strcmp(element->name, "dump-guest-core") && element_is_switch(element)) ||
	       element_is(element, "aes-key-wrap", "on") ||
	       element_is(element, "dea-key-wrap", "on");
}

/*
 * Take the first of the accelerators "NAME:NAME" that there is, as QEMU does:
 * KVM, or TCG without a guest. Return false if there is none.
 */
static bool take_accelerators(struct options *o, const char *names)
{
	size_t length;

	for (; *names; names += length + (names[length] == ':')) {
		length = strcspn(names, ":");
		o->is_tcg = !o->has_guest && length == 3 && !strncmp(names, "tcg", length);
		if (o->is_tcg || (length == 3 && !strncmp(names, "kvm", length)))
			return true;
	}
	return false;
}

bool machine_take(struct parser *p, const char *list)
{
	static const char machine[] = "s390-ccw-virtio";
	struct options *o = p->options;
	struct element element;

	element_take(&list, &element);
	o->has_guest = strcmp(element.name, "none");
	/* The type may have a version, as s390-ccw-virtio-7.2. */
	if (element.value || strlen(element.name) >= sizeof(o->machine) ||
	    (o->has_guest && strncmp(element.name, machine, strlen(machine))))
		return parser_refuse_element(p, &element, "the machine is s390-ccw-virtio");
	strcpy(o->machine, element.name);
	while (element_take(&list, &element)) {
		if (!strcmp(element.name, "accel") && element.value ?
		    !take_accelerators(o, element.value) :
		    !o->has_guest || !is_of_machine(&element))
			return parser_refuse_element(p, &element, "accel=kvm is");
	}
	return true;
}

bool machine_take_accel(struct parser *p, const char *list)
{
	struct element element;

	element_take(&list, &element);
	if (list || strcmp(element.name, "kvm") || element.value)
		return parser_refuse_element(p, &element, "guests run under kvm");
	return true;
}

/*
 * Return whether it is a feature that the machine has even if the real QEMU
 * does not know it.
 */
static bool is_of_adapters(const struct element *element)
{
	static const char *const features[] = { "ap", "apqci", "apft" };

	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		if (!strcmp(element->name, features[i]))
			return true;
	}
	return false;
}

static bool add_feature(struct options *o, const struct element *element)
{
	size_t length = strlen(o->cpu);

	return snprintf(o->cpu + length, sizeof(o->cpu) - length, ",%s=%s", element->name,
			element->value) < (int)(sizeof(o->cpu) - length);
}

/*
 * "host" has all features of the real QEMU; a model of libvirt's is named with
 * its features.
 */
bool machine_take_cpu(struct parser *p, const char *list)
{
	struct options *o = p->options;
	struct element element;
	bool is_host;

	element_take(&list, &element);
	is_host = !strcmp(element.name, "host");
	if (element.value || (!is_host && !strstr(element.name, "-base")))
		return parser_refuse_element(p, &element, "the CPU model is host, or one of "
					     "libvirt's");
	if (!is_host)
		snprintf(o->cpu, sizeof(o->cpu), "%s", element.name);
	while (element_take(&list, &element)) {
		if (is_of_adapters(&element) ? !element_is(&element, element.name, "on") :
					       is_host || !element_is_switch(&element))
			return parser_refuse_element(p, &element, "ap=on, apqci=on and apft=on are");
		if (!is_of_adapters(&element) && !add_feature(o, &element))
			return parser_refuse(p, "the list is too long");
	}
	return true;
}

bool machine_take_memory(struct parser *p, const char *list)
{
	const char *text;
	struct element element;
	uint64_t size;

	element_take(&list, &element);
	text = element.value ? element.value : element.name;
	if (list || (element.value && strcmp(element.name, "size")) ||
	    !number_take(&text, 10, 1 << 30, &size))
		return parser_refuse(p, "give the size in MiB, or with M or G, as in -m 512 or "
				     "-m 1G");
	if (toupper((unsigned char)*text) == 'G')
		size *= 1024;
	else if (toupper((unsigned char)*text) == 'K' && size % 1024)
		return parser_refuse(p, "the size is no number of MiB");
	else if (toupper((unsigned char)*text) == 'K')
		size /= 1024;
	else if (*text && toupper((unsigned char)*text) != 'M')
		return parser_refuse(p, "'%s' is not a unit that is offered; use K, M or G", text);
	if (*text && text[1])
		return parser_refuse(p, "'%s' follows the size", text + 1);
	p->options->memory = size;
	return true;
}

static bool take_count(const struct element *element, uint64_t *count)
{
	const char *text = element->value ? element->value : element->name;

	return number_take(&text, 10, 1 << 10, count) && !*text;
}

/* Read "sockets=1,cores=2". @count becomes the product. */
static bool take_topology(struct parser *p, const char *list, uint64_t *count)
{
	static const char *const parts[] = {
		"drawers", "books", "sockets", "dies", "clusters", "cores", "threads",
	};
	struct element element;
	uint64_t factor;

	*count = 1;
	while (element_take(&list, &element)) {
		bool known = false;

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			known |= !strcmp(element.name, parts[i]);
		if (!strcmp(element.name, "maxcpus") && take_count(&element, &factor)) {
			if (factor != p->options->cpus)
				return parser_refuse(p, "a guest has all its CPUs from its start; "
						     "leave maxcpus= out");
		} else if (known && element.value && take_count(&element, &factor)) {
			*count *= factor;
		} else {
			return parser_refuse_element(p, &element, "maxcpus=, sockets=, cores= and "
						     "threads= are");
		}
	}
	return true;
}

bool machine_take_smp(struct parser *p, const char *list)
{
	struct element element;
	uint64_t count;

	element_take(&list, &element);
	if ((element.value && strcmp(element.name, "cpus")) ||
	    !take_count(&element, &p->options->cpus))
		return parser_refuse(p, "give the number of CPUs, as in -smp 2");
	if (!list)
		return true;
	return take_topology(p, list, &count) &&
	       (count == p->options->cpus || count == 1 ||
		parser_refuse(p, "the sockets, cores and threads make %llu CPUs",
			      (unsigned long long)count));
}
