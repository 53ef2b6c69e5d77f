// SPDX-License-Identifier: GPL-2.0-only
#include "file.h"
#include "mdev.h"
#include "transition.h"

enum kind { START, STOP, CHANGE, SHARE, FILE_TEXT };

struct step {
	enum kind kind;
	char *name;			/* UUID or path */
	struct matrix from, to;
	const struct share *share_from, *share_to;
	char *old_text, *new_text;
};

struct transition {
	const struct machine *machine;
	GPtrArray *steps;
};

static void free_step(gpointer data)
{
	struct step *step = data;

	g_free(step->name);
	g_free(step->old_text);
	g_free(step->new_text);
	g_free(step);
}

struct transition *transition_new(const struct machine *machine)
{
	struct transition *transition = g_new0(struct transition, 1);

	transition->machine = machine;
	transition->steps = g_ptr_array_new_with_free_func(free_step);
	return transition;
}

void transition_free(struct transition *transition)
{
	g_ptr_array_unref(transition->steps);
	g_free(transition);
}

static struct step *add(struct transition *transition, enum kind kind, const char *name)
{
	struct step *step = g_new0(struct step, 1);

	step->kind = kind;
	step->name = g_strdup(name);
	g_ptr_array_add(transition->steps, step);
	return step;
}

void transition_start(struct transition *transition, const char *uuid, const struct matrix *matrix)
{
	add(transition, START, uuid)->to = *matrix;
}

void transition_stop(struct transition *transition, const char *uuid, const struct matrix *matrix)
{
	add(transition, STOP, uuid)->from = *matrix;
}

void transition_change(struct transition *transition, const char *uuid,
		       const struct matrix *from, const struct matrix *to)
{
	struct step *step;

	if (matrix_equal(from, to))
		return;
	step = add(transition, CHANGE, uuid);
	step->from = *from;
	step->to = *to;
}

void transition_share(struct transition *transition, const struct share *from,
		      const struct share *to)
{
	struct step *step = add(transition, SHARE, NULL);

	step->share_from = from;
	step->share_to = to;
}

void transition_file(struct transition *transition, const char *path, const char *text)
{
	g_autofree char *old = file_read(transition->machine->root, "%s", path);
	g_autofree char *old_text = old ? g_strconcat(old, "\n", NULL) : NULL;
	struct step *step;

	if (!g_strcmp0(old_text, text))
		return;
	step = add(transition, FILE_TEXT, path);
	step->old_text = g_steal_pointer(&old_text);
	step->new_text = g_strdup(text);
}

unsigned int transition_length(const struct transition *transition)
{
	return transition->steps->len;
}

static int change_share(const struct machine *machine, const struct share *from,
			const struct share *to, FILE *err)
{
	int rc = share_change(machine, from, to, err);

	if (!rc)
		share_wait(machine, from, to, err);
	return rc;
}

static int write_file(const char *root, const char *path, const char *text, FILE *err)
{
	int rc = file_replace(root, text, "%s", path);

	if (rc)
		fprintf(err, "apctl: %s%s: %s\n", root, path, strerror(-rc));
	return rc;
}

static int forward(const struct machine *machine, const struct step *step, FILE *err)
{
	switch (step->kind) {
	case START:
		return mdev_start(machine->root, step->name, &step->to, err);
	case STOP:
		return mdev_stop(machine->root, step->name, err);
	case CHANGE:
		return mdev_change(machine->root, step->name, &step->from, &step->to, err);
	case SHARE:
		return change_share(machine, step->share_from, step->share_to, err);
	default:
		return write_file(machine->root, step->name, step->new_text, err);
	}
}

static int backward(const struct machine *machine, const struct step *step, FILE *err)
{
	switch (step->kind) {
	case START:
		return mdev_stop(machine->root, step->name, err);
	case STOP:
		return mdev_start(machine->root, step->name, &step->from, err);
	case CHANGE:
		return mdev_change(machine->root, step->name, &step->to, &step->from, err);
	case SHARE:
		return change_share(machine, step->share_to, step->share_from, err);
	default:
		return write_file(machine->root, step->name, step->old_text, err);
	}
}

int transition_run(struct transition *transition, FILE *err)
{
	bool whole = true;
	unsigned int done;
	int rc = 0;

	for (done = 0; done < transition->steps->len && !rc; done++)
		rc = forward(transition->machine, g_ptr_array_index(transition->steps, done), err);
	if (!rc)
		return 0;
	for (done--; done-- > 0;)
		whole &= !backward(transition->machine,
				   g_ptr_array_index(transition->steps, done), err);
	fputs(whole ? "apctl: everything is as it was before\n" :
		      "apctl: not all could be taken back, see above; `apctl plan` tells what is different\n",
	      err);
	return rc;
}
