// SPDX-License-Identifier: GPL-2.0-only
#include "definition.h"
#include "export.h"
#include "names.h"
#include "share.h"
#include "which.h"

/* A device that is active or defined */
struct exported {
	const char *uuid;
	const char *name;
	struct matrix matrix;
	bool active;
};

struct form {
	const char *name;
	void (*head)(const struct machine *machine, FILE *out);
	void (*device)(const struct machine *machine, const struct exported *exported, FILE *out);
};

static void toml_queues(const struct share *share, FILE *out)
{
	const char *separator = "";
	char name[APQN_TEXT];

	fputs("queues = [", out);
	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (!share->reserved[apqn])
			continue;
		apqn_text(apqn, name);
		fprintf(out, "%s\"%s\"", separator, name);
		separator = ", ";
	}
	fputs("]\n", out);
}

static void toml_head(const struct machine *machine, FILE *out)
{
	g_autofree struct share *share = g_new0(struct share, 1);
	struct ap_mask all = mask_all();
	struct ap_mask adapters, domains;
	g_autofree char *adapter_list = NULL;
	g_autofree char *domain_list = NULL;

	share_read(machine, share);
	fputs("# What the host leaves to vfio_ap.\n[reserve]\n", out);
	if (share->by_override) {
		toml_queues(share, out);
		return;
	}
	adapters = mask_andnot(&all, &share->apmask);
	domains = mask_andnot(&all, &share->aqmask);
	adapter_list = ids_text(&adapters);
	domain_list = ids_text(&domains);
	fprintf(out, "adapters = \"%s\"\ndomains = \"%s\"\n", adapter_list, domain_list);
}

static void toml_device(const struct machine *machine, const struct exported *exported, FILE *out)
{
	g_autofree char *adapters = ids_text(&exported->matrix.apm);
	g_autofree char *domains = ids_text(&exported->matrix.aqm);
	g_autofree char *control = ids_text(&exported->matrix.adm);
	g_autofree char *made = name_is_valid(exported->name) ? NULL : g_strdup_printf("d%s", exported->name);

	(void)machine;
	fprintf(out, "\n[guest.\"%s\"]\nuuid = \"%s\"\nadapters = \"%s\"\ndomains = \"%s\"\ncontrol = \"%s\"\nstart = %s\n",
		made ? made : exported->name, exported->uuid, adapters, domains, control,
		exported->active ? "true" : "false");
}

static void mdevctl_device(const struct machine *machine, const struct exported *exported,
			   FILE *out)
{
	const struct definition definition = {
		.uuid = (char *)exported->uuid, .matrix = exported->matrix,
		.autostart = exported->active,
	};
	g_autofree char *text = definition_text(machine->root, &definition);

	fputs(text, out);
}

static void nodedev_ids(const char *attribute, const struct ap_mask *ids, FILE *out)
{
	unsigned int id;

	mask_for_each(id, ids)
		fprintf(out, "    <attr name='%s' value='0x%02x'/>\n", attribute, id);
}

static void nodedev_device(const struct machine *machine, const struct exported *exported,
			   FILE *out)
{
	(void)machine;
	fprintf(out, "<device>\n  <parent>ap_matrix</parent>\n  <capability type='mdev'>\n"
		"    <type id='" MDEV_TYPE_NAME "'/>\n    <uuid>%s</uuid>\n", exported->uuid);
	nodedev_ids("assign_adapter", &exported->matrix.apm, out);
	nodedev_ids("assign_domain", &exported->matrix.aqm, out);
	nodedev_ids("assign_control_domain", &exported->matrix.adm, out);
	fputs("  </capability>\n</device>\n", out);
}

static void hostdev_device(const struct machine *machine, const struct exported *exported,
			   FILE *out)
{
	(void)machine;
	fprintf(out, "<hostdev mode='subsystem' type='mdev' model='vfio-ap'>\n"
		"  <source>\n    <address uuid='%s'/>\n  </source>\n</hostdev>\n", exported->uuid);
}

static void qemu_device(const struct machine *machine, const struct exported *exported, FILE *out)
{
	(void)machine;
	fprintf(out, "-device vfio-ap,sysfsdev=" MATRIX "/%s\n", exported->uuid);
}

static const struct form forms[] = {
	{ "toml", toml_head, toml_device },
	{ "mdevctl", NULL, mdevctl_device },
	{ "nodedev", NULL, nodedev_device },
	{ "hostdev", NULL, hostdev_device },
	{ "qemu", NULL, qemu_device },
};

static const struct form *form_find(const char *name, FILE *err)
{
	for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
		if (!strcmp(forms[i].name, name))
			return &forms[i];
	fputs("apctl: --format takes toml, mdevctl, nodedev, hostdev or qemu\n", err);
	return NULL;
}

/* Export all devices, or only that with the UUID @only. */
static void export_devices(const struct machine *machine, const struct form *form,
			   const char *only, FILE *out)
{
	GPtrArray *definitions = definitions_read(machine->root);

	for (unsigned int i = 0; i < machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(machine->devices, i);
		const struct exported exported = {
			device->uuid, device->name, device->assigned, !device->staged,
		};

		if (!only || !strcmp(only, device->uuid))
			form->device(machine, &exported, out);
	}
	for (unsigned int i = 0; i < definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(definitions, i);
		const struct exported exported = {
			definition->uuid, definition->name, definition->matrix, false,
		};

		if ((!only || !strcmp(only, definition->uuid)) &&
		    !machine_device(machine, definition->uuid))
			form->device(machine, &exported, out);
	}
	g_ptr_array_unref(definitions);
}

int export_state(struct context *context)
{
	const struct form *form = form_find(context->options.format ?: "toml", context->err);
	struct machine *machine = form ? machine_read(context->root, context->err) : NULL;
	g_autofree char *uuid = NULL;
	int status = EXIT_DONE;

	if (!form)
		return EXIT_USAGE;
	if (!machine)
		return EXIT_REFUSED;
	if (*context->words)
		uuid = which_device(machine, *context->words, context->err);
	if (*context->words && !uuid) {
		status = EXIT_REFUSED;
	} else {
		if (form->head && !uuid)
			form->head(machine, context->out);
		export_devices(machine, form, uuid, context->out);
	}
	machine_free(machine);
	return status;
}
