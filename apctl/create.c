// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "change.h"
#include "claim.h"
#include "create.h"
#include "definition.h"
#include "driver/parse.h"
#include "locked.h"
#include "names.h"
#include "start.h"
#include "which.h"

/*
 * Change @ids as @text demands. A list replaces them; one that begins with a
 * sign edits them.
 */
static int edit_ids(const char *text, const char *noun, struct ap_mask *ids, FILE *err)
{
	struct mask_edit edit;

	if (!text)
		return 0;
	if (!strcmp(text, "none")) {
		memset(ids, 0, sizeof(*ids));
		return 0;
	}
	if (*text != '+' && *text != '-')
		return ids_parse(text, noun, ids, err);
	if (vfio_ap_parse_ids(text, AP_IDS - 1, true, &edit)) {
		fprintf(err, "apctl: \"%s\" is not a change of %s: give signs, numbers and ranges, separated by commas, as in +7,-5\n",
			text, noun);
		return -EINVAL;
	}
	*ids = mask_or(ids, &edit.add);
	*ids = mask_andnot(ids, &edit.del);
	return 0;
}

/*
 * Change @matrix as the options demand. A domain that is removed from the
 * device is removed from its control domains, too, as it contains the next
 * owner's keys.
 */
static int edit_matrix(const struct context *context, struct matrix *matrix)
{
	const struct options *options = &context->options;
	struct ap_mask left = matrix->aqm;

	if (edit_ids(options->adapters, "adapters", &matrix->apm, context->err) ||
	    edit_ids(options->domains, "domains", &matrix->aqm, context->err))
		return -EINVAL;
	left = mask_andnot(&left, &matrix->aqm);
	matrix->adm = mask_andnot(&matrix->adm, &left);
	return edit_ids(options->control, "control domains", &matrix->adm, context->err);
}

static bool name_is_free(const struct context *context, const char *name)
{
	g_autofree char *uuid = name_find(context->root, name);

	if (!name_is_valid(name))
		fprintf(context->err, "apctl: \"%s\" is not a name: give a letter and up to 31 letters, digits, '-', '_' or '.'\n",
			name);
	else if (uuid)
		fprintf(context->err, "apctl: %s: there is such a device, %s; `apctl set` changes it\n",
			name, uuid);
	return name_is_valid(name) && !uuid;
}

static int write_definition(const struct context *context, const struct definition *definition)
{
	int rc = definition_write(context->root, definition);

	if (!rc)
		rc = name_set(context->root, definition->uuid, definition->name);
	if (rc)
		fprintf(context->err, "apctl: " DEFINITIONS "/%s: %s\n", definition->uuid,
			strerror(-rc));
	return rc;
}

static int create_defined(struct context *context, const struct machine *machine, void *arg)
{
	const struct definition *definition = arg;
	struct definition *other = definition_read(context->root, definition->uuid);

	if (other || machine_device(machine, definition->uuid)) {
		fprintf(context->err, "apctl: %s: there is a device with this UUID, %s\n",
			definition->uuid, other ? other->name : "which is active");
		definition_free(other);
		return EXIT_REFUSED;
	}
	if (claim_check_range(machine, &definition->matrix, context->err))
		return EXIT_REFUSED;
	return write_definition(context, definition) ? EXIT_REFUSED : EXIT_DONE;
}

int create(struct context *context)
{
	char *name = context->words[0];
	g_autofree char *uuid = g_strdup(context->options.uuid) ?: name_uuid(name);
	struct definition definition = {
		.uuid = uuid, .name = name, .autostart = context->options.autostart,
	};
	int status;

	if (!name_is_free(context, name) || edit_matrix(context, &definition.matrix))
		return EXIT_USAGE;
	if (!uuid_is_valid(uuid)) {
		fprintf(context->err, "apctl: \"%s\" is not a UUID\n", uuid);
		return EXIT_USAGE;
	}
	status = locked(context, &definition, create_defined);
	return !status && context->options.start ? start(context) : status;
}

/* Change the active device and the definition, as far as these exist. */
static int set_both(struct context *context, const struct machine *machine, const char *uuid)
{
	const struct device *device = machine_device(machine, uuid);
	struct definition *definition = definition_read(context->root, uuid);
	struct matrix matrix = { 0 };
	int status = EXIT_REFUSED;
	int rc;

	if (device)
		matrix = device->assigned;
	else if (definition)
		matrix = definition->matrix;
	rc = edit_matrix(context, &matrix);
	if (rc)
		status = EXIT_USAGE;
	else if (device)
		rc = claim_check(machine, uuid, &matrix, context->err);
	else
		rc = claim_check_range(machine, &matrix, context->err);
	if (!rc && device)
		rc = change_active(context, machine, device, &matrix);
	if (!rc && definition) {
		definition->matrix = matrix;
		if (context->options.autostart)
			definition->autostart = true;
		rc = write_definition(context, definition);
	}
	definition_free(definition);
	return rc ? status : EXIT_DONE;
}

static int set_named(struct context *context, const struct machine *machine, void *arg)
{
	g_autofree char *uuid = which_device(machine, arg, context->err);

	return uuid ? set_both(context, machine, uuid) : EXIT_REFUSED;
}

int set(struct context *context)
{
	return locked(context, context->words[0], set_named);
}

static int remove_defined(struct context *context, const struct machine *machine, const char *uuid)
{
	int rc;

	if (machine_device(machine, uuid)) {
		fprintf(context->err, "apctl: %s is active; `apctl stop %s` first\n",
			context->words[0], context->words[0]);
		return EXIT_REFUSED;
	}
	rc = definition_remove(context->root, uuid);
	if (!rc)
		rc = name_set(context->root, uuid, NULL);
	if (rc)
		fprintf(context->err, "apctl: " DEFINITIONS "/%s: %s\n", uuid, strerror(-rc));
	return rc ? EXIT_REFUSED : EXIT_DONE;
}

static int remove_named(struct context *context, const struct machine *machine, void *arg)
{
	g_autofree char *uuid = which_device(machine, arg, context->err);

	return uuid ? remove_defined(context, machine, uuid) : EXIT_REFUSED;
}

int remove_device(struct context *context)
{
	return locked(context, context->words[0], remove_named);
}
