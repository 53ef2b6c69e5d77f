// SPDX-License-Identifier: GPL-2.0-only
#include "plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place.h"
#include "process.h"
#include "status.h"

/* The paths that run/kit prints, in order */
enum { KIT_DIRECTORY, KIT_QEMU, KIT_IMAGE, KIT_MODULES, KIT_PATHS };

static const char *const always[] = {
	"virtio_console", "9pnet_virtio", "9p", "overlay", "virtio_blk", "zcrypt", "zcrypt_cex4",
	"virtio_rng",
};

static bool find_files(struct plan *plan)
{
	plan->plugin = place_find("swcex.so");
	plan->daemon = place_find("swcexd");
	plan->supervisor = place_find("run/supervisor");
	return plan->plugin && plan->daemon && plan->supervisor;
}

/* The names are those of lab/kernels. */
bool plan_is_name(const char *kernel)
{
	return !strchr(kernel, '/') && access(kernel, F_OK);
}

static bool is_file(const char *kernel)
{
	return kernel && !plan_is_name(kernel);
}

/*
 * Return the paths of the kit, which the caller frees, or NULL after a
 * complaint. The kit is fetched on first use, which is reported on standard
 * error.
 */
static char **find_kit(const struct plan *plan)
{
	g_autofree char *script = place_find("run/kit");
	const char *kernel = is_file(plan->options->kernel) ? NULL : plan->options->kernel;
	char *argv[] = { script, (char *)kernel, NULL };
	g_autofree char *said = NULL;
	char **kit;

	if (!script)
		return NULL;
	if (plan->options->bundle)
		g_setenv("SWCEX_BUNDLE", plan->options->bundle, TRUE);
	said = process_output(argv, NULL);
	kit = g_strsplit(said ? said : "", "\n", -1);
	if (g_strv_length(kit) >= KIT_PATHS)
		return kit;
	complain("there is no kit of QEMU, kernel and root file system; the lines above say why");
	g_strfreev(kit);
	return NULL;
}

static bool find_kernel(struct plan *plan, char **kit)
{
	const struct options *options = plan->options;
	bool own = is_file(options->kernel);

	if (options->modules && !own)
		return complain("--modules belongs to a --kernel that is a file");
	return kernel_open(&plan->kernel, own ? options->kernel : kit[KIT_IMAGE],
			   own ? options->modules : kit[KIT_MODULES]);
}

void plan_modules(const struct plan *plan, bool possible, GPtrArray *names)
{
	for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
		g_ptr_array_add(names, (char *)always[i]);
	for (const char *const *name = root_modules(&plan->root, possible); *name; name++)
		g_ptr_array_add(names, (char *)*name);
	if (plan->network)
		g_ptr_array_add(names, "virtio_net");
	g_ptr_array_add(names, NULL);
}

/* Find the command's directory. It must not hide the root's own programs. */
static bool find_directory(struct plan *plan)
{
	static const char *const hidden[] = { "/", "/bin", "/dev", "/etc", "/lib", "/proc", "/run", "/sbin",
					      "/sys", "/usr", "/usr/bin", "/usr/lib", "/usr/sbin", NULL };
	const char *wanted = plan->options->directory ? plan->options->directory : ".";

	if (!strcmp(wanted, "none"))
		return true;
	plan->share = realpath(wanted, NULL);
	if (!plan->share)
		return complain("the directory %s: %s", wanted, strerror(errno));
	if (!g_strv_contains(hidden, plan->share))
		return true;
	return complain("in the VM, %s is the root's own, so it cannot be the command's directory; change to another one, or say --directory none",
			plan->share);
}

bool plan_make(struct plan *plan, const struct options *options)
{
	g_auto(GStrv) kit = NULL;
	const char *qemu;

	*plan = (struct plan){ .options = options };
	if (!find_directory(plan) || !find_files(plan))
		return false;
	kit = find_kit(plan);
	if (!kit || !find_kernel(plan, kit))
		return false;
	qemu = options->qemu ? options->qemu : kit[KIT_QEMU];
	plan->qemu = g_find_program_in_path(qemu);
	if (!plan->qemu)
		return complain("QEMU: there is no program %s that can be executed", qemu);
	plan->network = options->net ? g_strdup("user,id=net") : NULL;
	return root_find(&plan->root, options, kit[KIT_DIRECTORY]);
}

void plan_free(struct plan *plan)
{
	kernel_close(&plan->kernel);
	root_free(&plan->root);
	g_free(plan->qemu);
	g_free(plan->plugin);
	g_free(plan->supervisor);
	g_free(plan->daemon);
	g_free(plan->network);
	g_free(plan->payload);
	free(plan->share);
}
