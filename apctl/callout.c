// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <unistd.h>

#include "attribute.h"
#include "callout.h"
#include "change.h"
#include "claim.h"
#include "definition.h"
#include "file.h"
#include "locked.h"

/* Exit status for a device of another type, for which mdevctl calls others */
#define NOT_OURS	2

/* Limit of what mdevctl passes: all attributes take less than 64 KiB. */
#define INPUT_MAX	(1 << 20)

/* Version 2 of the interface has changes of active devices, as "live". */
static const char capabilities[] =
	"{\"supports\":{\"version\":2,\"actions\":[\"start\",\"stop\",\"define\",\"undefine\","
	"\"modify\",\"attributes\",\"capabilities\"],"
	"\"events\":[\"pre\",\"post\",\"notify\",\"get\",\"live\"]}}\n";

/*
 * Return what mdevctl writes, which the caller frees. It is read even if it is
 * not used, as mdevctl would fail to write it.
 */
static char *read_input(void)
{
	GString *text = g_string_new(NULL);
	char piece[4096];
	ssize_t length;

	while (text->len < INPUT_MAX && (length = read(STDIN_FILENO, piece, sizeof(piece))) > 0)
		g_string_append_len(text, piece, length);
	return g_string_free(text, FALSE);
}

/* Print the attributes of the active device in the form of its definition. */
static int print_attributes(struct context *context)
{
	struct machine *machine = machine_read(context->root, context->err);
	const struct device *device = machine ? machine_device(machine, context->options.uuid) : NULL;
	g_autofree char *text = device ? definition_attributes(&device->assigned,
							       device->controls_usage) : NULL;

	if (text)
		fprintf(context->out, "%s\n", text);
	if (machine)
		machine_free(machine);
	return EXIT_DONE;
}

static int write_controls(const struct context *context, bool controls)
{
	int rc = attribute_write(context->root, controls ? "1" : "0",
				 MATRIX "/%s/control_usage_domains", context->options.uuid);

	if (rc)
		fprintf(context->err, "apctl: %s: control_usage_domains: %s\n",
			context->options.uuid, strerror(-rc));
	return rc;
}

static int change_both(const struct context *context, const struct machine *machine,
		       const struct device *device, const struct wanted *wanted)
{
	int rc = change_active(context, machine, device, &wanted->matrix);

	if (!rc && wanted->controls_usage != device->controls_usage)
		rc = write_controls(context, wanted->controls_usage);
	return rc ? EXIT_REFUSED : EXIT_DONE;
}

static int change_locked(struct context *context, const struct machine *machine, void *arg)
{
	const struct device *device = machine_device(machine, context->options.uuid);
	const struct wanted *wanted = arg;

	if (!device) {
		fprintf(context->err, "apctl: %s is not active\n", context->options.uuid);
		return EXIT_REFUSED;
	}
	if (claim_check(machine, device->uuid, &wanted->matrix, context->err))
		return EXIT_REFUSED;
	return change_both(context, machine, device, wanted);
}

static int change(struct context *context, const char *input)
{
	struct wanted wanted;

	if (definition_parse(input, &wanted, context->err))
		return EXIT_REFUSED;
	return locked(context, &wanted, change_locked);
}

/*
 * Print why the device could not be started. mdevctl may have removed it, but
 * then the driver still tells the reason at the parent, in lines with the
 * device's name.
 */
static int print_refusal(struct context *context)
{
	const char *uuid = context->options.uuid;
	g_autofree char *own = file_read(context->root, MATRIX "/%s/refusal", uuid);
	g_autofree char *kept = own ? NULL : file_read(context->root, MATRIX "/refusal");
	g_auto(GStrv) lines = g_strsplit(own ?: kept ?: "", "\n", -1);

	for (char **line = lines; *line; line++) {
		if (**line && (own || strstr(*line, uuid)))
			fprintf(context->err, "%s\n", *line);
	}
	return EXIT_DONE;
}

int callout(struct context *context)
{
	const struct options *o = &context->options;
	g_autofree char *input = NULL;

	if (!o->type || !o->event || !o->action || !o->state || !o->uuid || !o->parent) {
		fputs("apctl: mdevctl gives a call-out --type, --event, --action, --state, --uuid and --parent\n",
		      context->err);
		return EXIT_REFUSED;
	}
	if (strcmp(o->type, MDEV_TYPE_NAME))
		return NOT_OURS;
	input = read_input();
	if (!strcmp(o->event, "get") && !strcmp(o->action, "capabilities"))
		return fputs(capabilities, context->out) < 0 ? EXIT_REFUSED : EXIT_DONE;
	if (!strcmp(o->event, "get") && !strcmp(o->action, "attributes"))
		return print_attributes(context);
	if (!strcmp(o->event, "live") && !strcmp(o->action, "modify"))
		return change(context, input);
	if (!strcmp(o->event, "post") && !strcmp(o->action, "start") && strcmp(o->state, "success"))
		return print_refusal(context);
	return EXIT_DONE;
}
