// SPDX-License-Identifier: GPL-2.0-only
#include "conflict.h"
#include "definition.h"
#include "fence.h"
#include "file.h"
#include "lock.h"
#include "machine.h"
#include "names.h"
#include "plan.h"
#include "rule.h"
#include "share.h"
#include "transition.h"
#include "wish.h"

struct plan {
	struct context *context;
	const struct machine *machine;
	const struct wish *wish;
	struct share now;
	GPtrArray *definitions;
	struct transition *transition;
};

static void tell_ids(FILE *out, const char *noun, const struct ap_mask *from,
		     const struct ap_mask *to)
{
	g_autofree char *old = ids_text(from);
	g_autofree char *new = ids_text(to);

	if (!strcmp(old, new))
		fprintf(out, "%s %s", noun, new);
	else
		fprintf(out, "%s %s -> %s", noun, old, new);
}

static void tell_device(const struct plan *plan, char sign, const char *name,
			const struct matrix *from, const struct matrix *to)
{
	FILE *out = plan->context->out;

	fprintf(out, "%c %s:", sign, name);
	tell_ids(out, " adapters", &from->apm, &to->apm);
	tell_ids(out, ", domains", &from->aqm, &to->aqm);
	tell_ids(out, ", control", &from->adm, &to->adm);
	fputc('\n', out);
}

/*
 * Return whether the device can have all of @matrix before anything else
 * changes.
 */
static bool has_room(const struct plan *plan, const char *uuid, const struct matrix *matrix)
{
	unsigned int apqn;

	matrix_for_each(apqn, matrix) {
		const struct device *owner = machine_owner(plan->machine, apqn);

		if (owner ? strcmp(owner->uuid, uuid) != 0 : share_keeps(&plan->now, apqn))
			return false;
	}
	return true;
}

static const struct wished_device *wanted(const struct plan *plan, const struct device *device)
{
	const struct wished_device *wished = wish_find(plan->wish, device->uuid);

	return wished && wished->start ? wished : NULL;
}

/*
 * Plan what devices lose, which comes first. What they gain is part of the same
 * change if it is free already.
 */
static void plan_losses(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->machine->devices->len; i++) {
		const struct device *device = g_ptr_array_index(plan->machine->devices, i);
		const struct wished_device *wished = wanted(plan, device);
		struct matrix common;

		if (!wished) {
			fprintf(plan->context->out, "- %s: stopped\n", device->name);
			transition_stop(plan->transition, device->uuid, &device->assigned);
			continue;
		}
		if (matrix_equal(&device->assigned, &wished->matrix))
			continue;
		tell_device(plan, '~', wished->name, &device->assigned, &wished->matrix);
		common = matrix_and(&device->assigned, &wished->matrix);
		if (matrix_equal(&common, &device->assigned))
			continue;
		transition_change(plan->transition, device->uuid, &device->assigned,
				  has_room(plan, device->uuid, &wished->matrix) ?
				  &wished->matrix : &common);
	}
}

/* Plan what devices gain, which comes last, when all losses are complete. */
static void plan_gains(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->wish->devices->len; i++) {
		const struct wished_device *wished = g_ptr_array_index(plan->wish->devices, i);
		const struct device *device = machine_device(plan->machine, wished->uuid);
		struct matrix common;

		if (!wished->start)
			continue;
		if (!device) {
			tell_device(plan, '+', wished->name, &wished->matrix, &wished->matrix);
			transition_start(plan->transition, wished->uuid, &wished->matrix);
			continue;
		}
		common = matrix_and(&device->assigned, &wished->matrix);
		if (matrix_equal(&common, &device->assigned))
			transition_change(plan->transition, wished->uuid, &device->assigned,
					  &wished->matrix);
		else if (!has_room(plan, wished->uuid, &wished->matrix))
			transition_change(plan->transition, wished->uuid, &common, &wished->matrix);
	}
}

static void plan_share(struct plan *plan)
{
	const struct share *to = &plan->wish->share;
	bool equal = plan->now.by_override == to->by_override;

	if (to->by_override)
		equal &= !memcmp(plan->now.reserved, to->reserved, sizeof(to->reserved));
	else
		equal &= mask_equal(&plan->now.apmask, &to->apmask) &&
			 mask_equal(&plan->now.aqmask, &to->aqmask);
	if (equal)
		return;
	if (!share_tell(plan->machine, &plan->now, to, plan->context->out))
		fputs("the masks change, for queues that the machine does not have\n",
		      plan->context->out);
	transition_share(plan->transition, &plan->now, to);
}

static const struct definition *defined(const struct plan *plan, const char *uuid)
{
	for (unsigned int i = 0; i < plan->definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(plan->definitions, i);

		if (!strcmp(definition->uuid, uuid))
			return definition;
	}
	return NULL;
}

static void plan_definition(struct plan *plan, const struct wished_device *wished)
{
	const struct definition *old = defined(plan, wished->uuid);
	const struct definition definition = {
		.uuid = wished->uuid, .matrix = wished->matrix, .autostart = wished->start,
	};
	g_autofree char *path = g_strdup_printf(DEFINITIONS "/%s", wished->uuid);
	g_autofree char *text = definition_text(plan->machine->root, &definition);

	if (old && old->autostart == wished->start && matrix_equal(&old->matrix, &wished->matrix))
		return;
	fprintf(plan->context->out, "%c %s: defined%s\n", old ? '~' : '+', wished->name,
		wished->start ? ", and started at boot" : "");
	transition_file(plan->transition, path, text);
}

static void plan_names(struct plan *plan)
{
	const char *root = plan->machine->root;
	g_autofree char *old = file_read(root, NAMES);
	g_autofree char *names = g_strdup(old ? old : "");

	for (unsigned int i = 0; i < plan->wish->devices->len; i++) {
		const struct wished_device *wished = g_ptr_array_index(plan->wish->devices, i);
		g_autofree char *name = name_of(root, wished->uuid);
		char *edited;

		if (!strcmp(name, wished->name))
			continue;
		fprintf(plan->context->out, "~ %s: the name of %s\n", wished->name, wished->uuid);
		edited = names_edit(names, wished->uuid, wished->name);
		g_free(names);
		names = edited;
	}
	if (g_strcmp0(old, names) && *names)
		transition_file(plan->transition, NAMES, names);
}

static void plan_definitions(struct plan *plan)
{
	for (unsigned int i = 0; i < plan->wish->devices->len; i++)
		plan_definition(plan, g_ptr_array_index(plan->wish->devices, i));
	for (unsigned int i = 0; i < plan->definitions->len; i++) {
		const struct definition *definition = g_ptr_array_index(plan->definitions, i);
		g_autofree char *path = g_strdup_printf(DEFINITIONS "/%s", definition->uuid);

		if (wish_find(plan->wish, definition->uuid))
			continue;
		fprintf(plan->context->out, "- %s: not defined any more\n", definition->name);
		transition_file(plan->transition, path, NULL);
	}
}

/* Plan the masks of the next boot. Overrides do not survive it. */
static void plan_rule(struct plan *plan)
{
	const struct wish *wish = plan->wish;
	unsigned int steps = transition_length(plan->transition);
	g_autofree char *rule = rule_text(&wish->share.apmask, &wish->share.aqmask);

	if (!wish->has_share || wish->share.by_override)
		return;
	transition_file(plan->transition, RULE, rule);
	if (transition_length(plan->transition) > steps)
		fputs("~ the masks of the next boot\n", plan->context->out);
}

/*
 * Report domains that would pass to another device with their master keys, and
 * return their number.
 */
static unsigned int check_fence(const struct plan *plan, const struct fence *fence)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < plan->wish->devices->len; i++) {
		const struct wished_device *wished = g_ptr_array_index(plan->wish->devices, i);

		if (wished->start)
			count += fence_check(fence, plan->machine, wished->uuid, wished->name,
					     &wished->matrix, plan->context->err);
	}
	return count;
}

static int execute(const struct plan *plan, struct fence *fence)
{
	int rc = transition_run(plan->transition, plan->context->err);

	for (unsigned int i = 0; !rc && i < plan->wish->devices->len; i++) {
		const struct wished_device *wished = g_ptr_array_index(plan->wish->devices, i);

		if (wished->start)
			fence_given(fence, plan->machine, wished->uuid, wished->name,
				    &wished->matrix);
	}
	if (!rc)
		fence_save(fence, plan->context->err);
	return rc ? EXIT_REFUSED : EXIT_DONE;
}

/*
 * Carry out the plan if @act is set, and return an exit status. All keys that
 * are readable now are recorded before, as some may not be readable afterwards.
 */
static int act_or_not(const struct plan *plan, bool act)
{
	struct fence *fence = fence_load(plan->context->root);
	int status = EXIT_DONE;

	for (unsigned int apqn = 0; act && apqn < APQNS; apqn++)
		if (!share_keeps(&plan->wish->share, apqn))
			g_free(fence_record(fence, plan->machine, apqn));
	if (check_fence(plan, fence) && plan->context->options.fence)
		status = EXIT_REFUSED;
	else if (!transition_length(plan->transition))
		fputs("all is as the file has it\n", plan->context->out);
	else
		status = act ? execute(plan, fence) : EXIT_DIFFERS;
	fence_free(fence);
	return status;
}

/*
 * Make the plan, and carry it out if @act is set. apply() holds the lock, so
 * that the machine does not change in between.
 */
static int plan_and(struct context *context, const struct machine *machine,
		    const struct wish *wish, bool act)
{
	g_autofree struct plan *plan = g_new0(struct plan, 1);
	int status = EXIT_DONE;

	plan->context = context;
	plan->machine = machine;
	plan->wish = wish;
	plan->definitions = definitions_read(context->root);
	plan->transition = transition_new(machine);
	share_read(machine, &plan->now);
	if (wish_check(machine, wish, context->err)) {
		status = EXIT_REFUSED;
	} else {
		plan_losses(plan);
		plan_share(plan);
		plan_gains(plan);
		plan_definitions(plan);
		plan_names(plan);
		plan_rule(plan);
		status = act_or_not(plan, act);
	}
	transition_free(plan->transition);
	g_ptr_array_unref(plan->definitions);
	return status;
}

static int run(struct context *context, bool act)
{
	struct machine *machine = machine_read(context->root, context->err);
	struct wish *wish = machine ? wish_read(machine, context->words[0], context->err) : NULL;
	int status = wish ? plan_and(context, machine, wish, act) : EXIT_REFUSED;

	wish_free(wish);
	if (machine)
		machine_free(machine);
	return status;
}

int plan(struct context *context)
{
	return run(context, false);
}

int apply(struct context *context)
{
	int status;

	if (lock_take(context->root, context->err))
		return EXIT_REFUSED;
	status = run(context, true);
	lock_release(context->root);
	return status;
}
