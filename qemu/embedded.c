// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "bytes/container_of.h"
#include "cex/cex.h"
#include "embedded.h"

/*
 * A machine for one VM with embedded adapters, which is their LPAR and has no
 * guests.
 */
struct embedded {
	struct machine machine;
	struct cex_vm *vm;
};

static void embedded_execute(struct machine *machine,
			     const struct ap_command *command, const void *in,
			     struct ap_result *result, void *out)
{
	struct embedded *e = container_of(machine, struct embedded, machine);

	cex_execute(e->vm, command, in, result, out);
}

/* Provide the counts that swcexd has in memory which VMs share. */
static void count_changes(struct embedded *e)
{
	struct ap_changes *changes = g_new0(struct ap_changes, 1);

	cex_watch(e->vm, changes);
	e->machine.changes = changes;
}

static bool plug_adapters(struct cex_machine *cex,
			  const struct options *options, char *reason,
			  size_t size)
{
	for (unsigned int i = 0; i < AP_ADAPTERS; i++) {
		const char *type = options->type[i];
		int error;

		if (!*type)
			continue;
		error = cex_add_adapter(cex, i, type);
		if (!error)
			continue;
		snprintf(reason, size, error == -EINVAL ?
			 "card=%u:%s: %s is not a type of adapter that can be "
			 "plugged; CEX8A is one" : "card=%u:%s: adapter %s "
			 "cannot be plugged: %s", i, type, type,
			 strerror(-error));
		return false;
	}
	return true;
}

static bool add_domains(struct cex_machine *cex, const struct ap_mask *domains,
			char *reason, size_t size)
{
	for (unsigned int i = 0; i < AP_DOMAINS; i++) {
		int error;

		if (!ap_mask_test(domains, i))
			continue;
		error = cex_add_domain(cex, i);
		if (!error)
			continue;
		snprintf(reason, size, "domain=%u: it cannot be made: %s", i,
			 strerror(-error));
		return false;
	}
	return true;
}

static bool make_machine(struct cex_machine *cex, const struct options *options,
			 char *reason, size_t size)
{
	const char *master_keys = options->master_keys;

	if (master_keys && cex_set_master_keys(cex, master_keys, reason, size))
		return false;
	return plug_adapters(cex, options, reason, size) &&
	       add_domains(cex, &options->domains, reason, size);
}

struct machine *embedded_open(const struct options *options, char *reason,
			      size_t size)
{
	struct cex_machine *cex = cex_machine_new(options->workers);
	struct embedded *e;
	struct cex_vm *vm = NULL;

	if (cex && !make_machine(cex, options, reason, size))
		goto free_machine;
	if (cex)
		vm = cex_attach_lpar(cex);
	if (!vm) {
		snprintf(reason, size, "the adapters cannot be made: %s",
			 strerror(errno));
		goto free_machine;
	}
	e = g_new0(struct embedded, 1);
	e->machine.execute = embedded_execute;
	e->machine.configures = true;
	e->vm = vm;
	if (options->interrupts)
		count_changes(e);
	return &e->machine;

free_machine:
	cex_machine_free(cex);
	return NULL;
}
