// SPDX-License-Identifier: GPL-2.0-only
#include "root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "order.h"
#include "place.h"
#include "process.h"
#include "status.h"

#define LOWER		"/lower"
#define UPPER		"/upper"
#define PAYLOAD		"/payload"
#define OVER		",upperdir=" UPPER "/data,workdir=" UPPER "/work"
#define OPTIONS_9P	"trans=virtio,version=9p2000.L,msize=524288"
#define DEBIAN		"debian:"
#define HEAD		2048	/* where all that tells formats apart is */

/* What a file begins with, or has at @offset, and what it then is. */
static const struct format {
	size_t offset;
	const char *bytes;
	size_t length;
	const char *format, *type;	/* no format: a tarball */
} formats[] = {
	{ 0, "hsqs", 4, "raw", "squashfs" },
	{ 1080, "\x53\xef", 2, "raw", "ext4" },
	{ 257, "ustar", 5, NULL, NULL },
	{ 0, "\x1f\x8b", 2, NULL, NULL },
	{ 0, "\xfd" "7zXZ", 5, NULL, NULL },
	{ 0, "\x28\xb5\x2f\xfd", 4, NULL, NULL },
	{ 510, "\x55\xaa", 2, "raw", NULL },
};

static const struct format *format_of(const char *path)
{
	char head[HEAD] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, head, sizeof(head));

	if (fd >= 0)
		close(fd);
	for (size_t i = 0; length > 0 && i < G_N_ELEMENTS(formats); i++) {
		if (!memcmp(head + formats[i].offset, formats[i].bytes, formats[i].length))
			return &formats[i];
	}
	return NULL;
}

/* What a script of run/ prints: the path of an image. NULL when it has complained. */
static char *made_by(const char *name, GPtrArray *words)
{
	g_autofree char *script = place_find(name), *self = g_file_read_link("/proc/self/exe", NULL);
	g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "SWCEX", self ? self : "swcex", TRUE);
	char *said;

	if (!script)
		return NULL;
	if (quiet)
		environment = g_environ_setenv(environment, "QUIET", "1", TRUE);
	g_ptr_array_insert(words, 0, g_strdup(script));
	g_ptr_array_add(words, NULL);
	said = process_output((char **)words->pdata, environment);
	return said ? g_strstrip(said) : NULL;
}

static char *joined(GPtrArray *lists)
{
	GString *all = g_string_new(NULL);

	for (guint i = 0; i < lists->len; i++)
		g_string_append_printf(all, "%s%s", i ? "," : "", (char *)lists->pdata[i]);
	return g_string_free(all, FALSE);
}

static bool is_suite(const char *name)
{
	static const char *const suites[] = { "trixie", "bookworm", "sid", NULL };

	return g_strv_contains(suites, name);
}

static bool find_debian(struct root *root, const struct options *options, const char *suite)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	if (!is_suite(suite))
		return complain("--root debian:%s: the suites are trixie, bookworm and sid", suite);
	g_ptr_array_add(words, g_strdup(suite));
	g_ptr_array_add(words, joined(options->packages));
	for (guint i = 0; i < options->install->len; i++)
		g_ptr_array_add(words, g_strdup(options->install->pdata[i]));
	root->type = "ext4";
	root->format = "raw";
	root->path = made_by("run/image", words);
	return root->path;
}

static bool unpack_tarball(struct root *root)
{
	g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);

	if (root->write)
		return complain("--write: a tarball cannot be written to; unpack it, and give the directory");
	g_ptr_array_add(words, g_steal_pointer(&root->path));
	root->type = "squashfs";
	root->format = "raw";
	root->path = made_by("run/tarball", words);
	return root->path;
}

static bool find_own(struct root *root, const char *path)
{
	const struct format *format;
	struct stat status;

	root->path = realpath(path, NULL);
	if (!root->path || stat(root->path, &status))
		return complain("--root %s: %s; a root is debian:trixie, debian:bookworm, debian:sid, kit, or a path",
				path, strerror(errno));
	if (S_ISDIR(status.st_mode)) {
		root->type = "9p";
		return true;
	}
	format = format_of(root->path);
	if (!format)
		return complain("--root %s: this is no directory, and no tar, squashfs, ext4 or partitioned image",
				path);
	root->format = format->format;
	root->type = format->type;
	if (!root->format)
		return unpack_tarball(root);
	return !root->write || !root->type || strcmp(root->type, "squashfs") ||
	       complain("--write: squashfs cannot be written to; unpack %s with unsquashfs, and give the directory",
			path);
}

bool root_find(struct root *root, const struct options *options, const char *kit)
{
	const char *name = options->root ? options->root : "kit";

	*root = (struct root){ .write = options->write };
	if (root->write && (g_str_has_prefix(name, DEBIAN) || !strcmp(name, "kit")))
		return complain("--write belongs to a --root that is a directory or an image of yours; %s is in a cache, which others use",
				name);
	if (g_str_has_prefix(name, DEBIAN))
		return find_debian(root, options, name + strlen(DEBIAN));
	if (options->packages->len || options->install->len)
		return complain("--packages and --install are for a root of Debian's, such as --root debian:bookworm");
	if (strcmp(name, "kit"))
		return find_own(root, name);
	root->path = g_build_filename(kit, "root.squashfs", NULL);
	root->type = "squashfs";
	root->format = "raw";
	return true;
}

void root_free(struct root *root)
{
	g_clear_pointer(&root->path, g_free);
}

/* What is written lies in memory, over the root, and goes with the VM. */
static void overlay(bool payload, GByteArray *order)
{
	order_mount(order, "tmpfs", "tmpfs", UPPER, "rw", "mode=0755");
	order_setup(order, "directory", UPPER "/data");
	order_setup(order, "directory", UPPER "/work");
	order_mount(order, "overlay", "overlay", ROOT_TARGET, "rw",
		    payload ? "lowerdir=" PAYLOAD ":" LOWER OVER : "lowerdir=" LOWER OVER);
}

/* A file system that was not unmounted would be mended before it is mounted. */
static const char *options_of(const struct root *root)
{
	return !root->write && !strcmp(root->type, "ext4") ? "noload" : "";
}

static void use_image(const struct root *root, struct vm *vm, GByteArray *order)
{
	g_autofree char *path = vm_escape(root->path);
	const char *target = root->write ? ROOT_TARGET : LOWER, *flags = root->write ? "rw" : "ro";

	vm_add(vm, "-drive", "file=%s,format=%s,if=none,id=root%s", path, root->format,
	       root->write ? "" : ",readonly=on");
	vm_add(vm, "-device", "virtio-blk-ccw,drive=root");
	order_setup(order, "wait", "/dev/vda");
	if (root->type)
		order_mount(order, root->type, "/dev/vda", target, flags, options_of(root));
	else
		order_setup(order, "partition", "/dev/vda\t%s\t%s", target, flags);
}

static void use_directory(const struct root *root, struct vm *vm, GByteArray *order)
{
	vm_share(vm, "root", root->path, root->write ? "" : "readonly=on");
	order_mount(order, "9p", "root", root->write ? ROOT_TARGET : LOWER, root->write ? "rw" : "ro",
		    root->write ? OPTIONS_9P ",cache=mmap" : OPTIONS_9P ",cache=loose");
}

void root_use(const struct root *root, bool payload, struct vm *vm, GByteArray *order)
{
	if (root->type && !strcmp(root->type, "9p"))
		use_directory(root, vm, order);
	else
		use_image(root, vm, order);
	if (!root->write)
		overlay(payload, order);
}

const char *const *root_modules(const struct root *root, bool possible)
{
	static const char *const any[] = { "ext4", "xfs", "btrfs", NULL };
	static const char *one[2];

	one[0] = root->type;
	return root->type || !possible ? one : any;
}
