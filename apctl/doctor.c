// SPDX-License-Identifier: GPL-2.0-only
#include "definition.h"
#include "doctor.h"
#include "fence.h"
#include "file.h"
#include "machine.h"
#include "owner.h"
#include "rule.h"

#define KEYS_UNASKED 256

struct patient {
	struct context *context;
	const struct machine *machine;
	GPtrArray *definitions;
	struct fence *fence;
	bool has_rule;
	struct ap_mask rule_apmask;	/* masks of the next boot */
	struct ap_mask rule_aqmask;
	const char *finding;		/* name of the present examination */
	bool remark;			/* ... whose findings are no faults */
	unsigned int said;
	unsigned int faults;
};

/* Report a finding and the way out. */
__attribute__((format(printf, 3, 4)))
static void report(struct patient *patient, const char *way_out, const char *format, ...)
{
	FILE *out = patient->context->out;
	va_list arguments;

	fprintf(out, "%s: ", patient->finding);
	va_start(arguments, format);
	vfprintf(out, format, arguments);
	va_end(arguments);
	fprintf(out, "\n  %s\n", way_out);
	patient->said++;
	patient->faults += !patient->remark;
}

static unsigned int count_driver(const struct machine *machine, enum driver driver)
{
	unsigned int count = 0;

	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		count += machine->queue[apqn].driver == driver;
	return count;
}

static bool masks_are_full(const struct ap_mask *apmask, const struct ap_mask *aqmask)
{
	return mask_count(apmask) + mask_count(aqmask) == 2 * AP_IDS;
}

static void find_missing_module(struct patient *patient)
{
	const struct machine *machine = patient->machine;

	if (machine->vfio_ap)
		return;
	if (!masks_are_full(&machine->apmask, &machine->aqmask) || patient->definitions->len)
		report(patient, "`modprobe vfio_ap` loads it; docs/install.md tells how it is installed",
		       "vfio_ap is not loaded, and %u queues wait for it",
		       count_driver(machine, DRIVER_NONE));
}

static void find_nothing_reserved(struct patient *patient)
{
	if (patient->machine->vfio_ap && !count_driver(patient->machine, DRIVER_VFIO))
		report(patient, "`apctl reserve ADAPTERS` takes some from the host",
		       "vfio_ap is loaded and has no queue");
}

static void find_unbound_queues(struct patient *patient)
{
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; patient->machine->vfio_ap && apqn < APQNS; apqn++) {
		g_autofree char *way = NULL;

		if (patient->machine->queue[apqn].driver != DRIVER_NONE)
			continue;
		apqn_text(apqn, name);
		way = g_strdup_printf("`echo %s >" AP_BUS "/drivers_probe` has the kernel look again", name);
		report(patient, way, "%s has no driver", name);
	}
}

static void device_lacks(struct patient *patient, const struct device *device)
{
	char name[APQN_TEXT];
	unsigned int apqn;

	matrix_for_each(apqn, &device->assigned) {
		g_autofree char *text = NULL;
		enum style style;

		if (patient->machine->queue[apqn].in_guest)
			continue;
		apqn_text(apqn, name);
		text = owner_text(patient->machine, apqn, &style);
		report(patient, "`apctl` shows the whole line; apctl(8) tells what each reason means",
		       "%s: %s %s (%s)", name, device->name,
		       device->running ? "runs without it" : "would run without it", text);
	}
}

static void find_lacking_guests(struct patient *patient)
{
	for (unsigned int i = 0; i < patient->machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(patient->machine->devices, i);

		if (!device->staged)
			device_lacks(patient, device);
	}
}

static void find_quarantined_queues(struct patient *patient)
{
	char name[APQN_TEXT];

	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (patient->machine->queue[apqn].condition != CONDITION_QUARANTINED)
			continue;
		apqn_text(apqn, name);
		report(patient, "it is tried again by itself; an adapter that is configured off and on (chzcrypt --config-off, --config-on) answers as a rule",
		       "%s could not be zeroized in time", name);
	}
}

/*
 * Examine the master keys of all readable queues. If these are more than
 * KEYS_UNASKED, the rest is read only with --keys.
 */
static void find_missing_keys(struct patient *patient)
{
	const struct machine *machine = patient->machine;
	unsigned int asked = 0;
	char name[APQN_TEXT];
	struct keys keys;

	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		g_autofree char *before = NULL;

		if (!keys_are_readable(machine, apqn))
			continue;
		if (asked++ >= KEYS_UNASKED && !patient->context->options.keys)
			break;
		apqn_text(apqn, name);
		before = fence_record(patient->fence, machine, apqn);
		if (before && *before)
			report(patient, "keys that the old ones wrap are of no use; who changed them can re-encipher them",
			       "%s: the master keys have changed since they were seen last; they were %s",
			       name, before);
		else if (!keys_read(machine->root, apqn, &keys) && !keys_are_set(&keys))
			report(patient, "set them at the key management console; without them the queue is good for clear keys only",
			       "%s: no master key is set", name);
	}
}

static void find_mixture(struct patient *patient)
{
	if (machine_uses_overrides(patient->machine) && patient->has_rule &&
	    !masks_are_full(&patient->rule_apmask, &patient->rule_aqmask))
		report(patient, "decide for one: remove " RULE " or release the queues with overrides",
		       "queues have overrides now, and the next boot sets masks, which exclude each other");
}

/* Return whether a line of the file is the name of the module. */
static bool lists_module(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++)
		if (!strcmp(g_strstrip(*line), "vfio_ap"))
			return true;
	return false;
}

struct directory {
	struct patient *patient;
	const char *path;
};

static void saw_module_list(const char *name, void *arg)
{
	struct directory *directory = arg;
	struct patient *patient = directory->patient;
	g_autofree char *text = file_read(patient->context->root, "%s/%s", directory->path, name);

	if (text && lists_module(text))
		report(patient, "remove the line, and let `apctl reserve --persist` or chzdev have the module loaded behind the masks",
		       "%s/%s loads vfio_ap before the masks are set, so devices find no queues at boot",
		       directory->path, name);
}

static void find_early_module(struct patient *patient)
{
	static const char *const places[] = {
		"/etc/modules-load.d", "/usr/lib/modules-load.d", "/usr/local/lib/modules-load.d",
	};
	g_autofree char *text = file_read(patient->context->root, "/etc/modules");

	for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
		struct directory directory = { patient, places[i] };

		file_each(patient->context->root, saw_module_list, &directory, "%s", places[i]);
	}
	if (text && lists_module(text)) {
		struct directory directory = { patient, "/etc" };

		saw_module_list("modules", &directory);
	}
}

static void find_lost_masks(struct patient *patient)
{
	const struct machine *machine = patient->machine;

	if (!patient->has_rule && !masks_are_full(&machine->apmask, &machine->aqmask))
		report(patient, "`apctl reserve ... --persist` or `chzdev -t ap` keeps them",
		       "the masks are set for this boot only");
}

static void definition_meets_masks(struct patient *patient, const struct definition *definition)
{
	char name[APQN_TEXT];
	unsigned int apqn;

	matrix_for_each(apqn, &definition->matrix) {
		if (!masks_keep(&patient->rule_apmask, &patient->rule_aqmask, apqn))
			continue;
		apqn_text(apqn, name);
		report(patient, "`apctl reserve ADAPTERS --persist` has them reserved, `apctl set` changes the device",
		       "%s: %s is started at boot, and the host keeps it then", name, definition->name);
		return;
	}
}

static void definitions_meet(struct patient *patient, const struct definition *a,
			     const struct definition *b)
{
	struct matrix both = matrix_and(&a->matrix, &b->matrix);
	char name[APQN_TEXT];

	if (!matrix_has_queues(&both))
		return;
	apqn_text(vfio_ap_matrix_next(&both, 0), name);
	report(patient, "`apctl set` takes it from one of them",
	       "%s: %s and %s are started at boot, and both claim it", name, a->name, b->name);
}

static void find_boot_conflict(struct patient *patient)
{
	bool asks_masks = !machine_uses_overrides(patient->machine);

	for (unsigned int i = 0; i < patient->definitions->len; i++) {
		const struct definition *a = g_ptr_array_index(patient->definitions, i);

		if (!a->autostart)
			continue;
		if (asks_masks)
			definition_meets_masks(patient, a);
		for (unsigned int j = i + 1; j < patient->definitions->len; j++) {
			const struct definition *b = g_ptr_array_index(patient->definitions, j);

			if (b->autostart)
				definitions_meet(patient, a, b);
		}
	}
}

/*
 * Report guests that cannot change the keys of their domains. This is normal,
 * unless the guest manages its keys; its administrator has to know then.
 */
static void find_uncontrolled_domains(struct patient *patient)
{
	for (unsigned int i = 0; i < patient->machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(patient->machine->devices, i);
		struct ap_mask missing = mask_andnot(&device->assigned.aqm, &device->assigned.adm);
		g_autofree char *domains = ids_text(&missing);
		g_autofree char *way = g_strdup_printf("`apctl set %s --control +%s` lets it",
						       device->name, domains);

		if (!mask_empty(&missing) && !device->controls_usage)
			report(patient, way, "%s uses domains %s without controlling them: its guest cannot change their master keys",
			       device->name, domains);
	}
}

static void find_keys_of_others(struct patient *patient)
{
	char *text = NULL;
	size_t size;
	FILE *told = open_memstream(&text, &size);
	unsigned int found = fence_adopt(patient->fence, patient->machine, told);

	fclose(told);
	if (found)
		report(patient, "start devices with --fence to have that refused",
		       "domains went from one device to another with their master keys:\n%s",
		       g_strchomp(text));
	free(text);
}

static const struct {
	const char *name;
	void (*find)(struct patient *patient);
	bool remark;
} examinations[] = {
	{ "module", find_missing_module, false },
	{ "nothing-reserved", find_nothing_reserved, false },
	{ "unbound", find_unbound_queues, false },
	{ "lacking", find_lacking_guests, false },
	{ "quarantined", find_quarantined_queues, false },
	{ "master-key", find_missing_keys, false },
	{ "mixed", find_mixture, false },
	{ "boot-order", find_early_module, false },
	{ "not-persistent", find_lost_masks, false },
	{ "boot-conflict", find_boot_conflict, false },
	{ "control-domain", find_uncontrolled_domains, true },
	{ "fence", find_keys_of_others, false },
};

static void examine(struct patient *patient)
{
	patient->rule_apmask = patient->rule_aqmask = mask_all();
	patient->has_rule = rule_read(patient->context->root, &patient->rule_apmask,
				      &patient->rule_aqmask);
	for (size_t i = 0; i < G_N_ELEMENTS(examinations); i++) {
		patient->finding = examinations[i].name;
		patient->remark = examinations[i].remark;
		examinations[i].find(patient);
	}
	if (!patient->said)
		fputs("nothing found\n", patient->context->out);
}

int doctor(struct context *context)
{
	struct machine *machine = machine_read(context->root, context->err);
	struct patient patient = { .context = context, .machine = machine };

	if (!machine)
		return EXIT_REFUSED;
	patient.definitions = definitions_read(context->root);
	patient.fence = fence_load(context->root);
	examine(&patient);
	fence_save(patient.fence, context->err);
	fence_free(patient.fence);
	g_ptr_array_unref(patient.definitions);
	machine_free(machine);
	return patient.faults ? EXIT_REFUSED : EXIT_DONE;
}
