// SPDX-License-Identifier: GPL-2.0-only
#include "root.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
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
#define QCOW2		"qcow2"
#define EXTERNAL_DATA	4	/* an incompatible feature of qcow2 */
#define HEAD		(65 * 1024)	/* contains all magic numbers */

/*
 * The magic numbers of formats, each at @offset of the file. An image without
 * @type is a disk, or has a file system in which the supervisor finds the root.
 */
static const struct format {
	size_t offset;
	const char *bytes;
	size_t length;
	const char *format, *type;	/* NULL @format: a tarball */
} formats[] = {
	{ 0, "hsqs", 4, "raw", "squashfs" },
	{ 0, "QFI\xfb", 4, QCOW2, NULL },
	{ 0, "XFSB", 4, "raw", NULL },
	{ 65600, "_BHRfS_M", 8, "raw", NULL },
	{ 1080, "\x53\xef", 2, "raw", "ext4" },
	{ 257, "ustar", 5, NULL, NULL },
	{ 0, "\x1f\x8b", 2, NULL, NULL },
	{ 0, "\xfd" "7zXZ", 5, NULL, NULL },
	{ 0, "\x28\xb5\x2f\xfd", 4, NULL, NULL },
	{ 510, "\x55\xaa", 2, "raw", NULL },
};

/* Return the format of a file, or NULL after a complaint. */
static const struct format *format_of(int fd, const char *path)
{
	char head[HEAD] = "";
	ssize_t length = read(fd, head, sizeof(head));

	for (size_t i = 0; length > 0 && i < G_N_ELEMENTS(formats); i++) {
		if (!memcmp(head + formats[i].offset, formats[i].bytes, formats[i].length))
			return &formats[i];
	}
	complain("--root %s: %s", path, length < 0 ? strerror(errno) :
		 "this is no directory, no tarball, and no image of squashfs, ext4, xfs, btrfs, qcow2 or a partitioned disk; `qemu-img convert -O qcow2` makes one of other disks");
	return NULL;
}

/*
 * Refuse an image of qcow2 that names other files of the host, where QEMU would
 * look for contents: whoever made the image would choose what the VM can read.
 * The header is that of QEMU's docs/interop/qcow2.txt.
 */
static bool stands_alone(int fd, const char *path)
{
	struct {
		uint32_t magic, version;
		uint64_t backing_file;
		uint64_t others[7];
		uint64_t incompatible;	/* not before version 3 */
	} __attribute__((packed)) header = { 0 };
	ssize_t length = pread(fd, &header, sizeof(header), 0);

	if (length < 0)
		return complain("--root %s: %s", path, strerror(errno));
	if (!header.backing_file && (be32toh(header.version) < 3 || !(be64toh(header.incompatible) & EXTERNAL_DATA)))
		return true;
	return complain("--root %s: contents of this image are in another file that it names; `qemu-img convert -O qcow2` makes one that stands alone",
			path);
}

/* Lock the image. A run that writes to it excludes all others. */
static bool lock_image(const struct root *root, const char *path)
{
	if (!flock(root->lock, (root->write ? LOCK_EX : LOCK_SH) | LOCK_NB))
		return true;
	return complain(root->write ? "--write: another run uses %s; wait for its end, or give this one a copy" :
				      "--root %s: another run writes to it; wait for its end, or give this one a copy",
			path);
}

/*
 * Return the path of the image that a script of run/ has made and printed. The
 * caller frees it. Return NULL after a complaint.
 */
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

static bool is_squashfs(const struct root *root)
{
	return root->type && !strcmp(root->type, "squashfs");
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

static bool find_image(struct root *root, const char *path)
{
	const struct format *format = format_of(root->lock, path);

	if (!format)
		return false;
	root->format = format->format;
	root->type = format->type;
	if (!root->format)
		return unpack_tarball(root);
	if (!strcmp(root->format, QCOW2) && !stands_alone(root->lock, path))
		return false;
	if (root->write && is_squashfs(root))
		return complain("--write: squashfs cannot be written to; unpack %s with unsquashfs, and give the directory",
				path);
	if (root->write && access(root->path, W_OK))
		return complain("--write: %s: %s", path, strerror(errno));
	return lock_image(root, path);
}

/*
 * Find a root of the caller's own. Opening does not wait for a peer if the path
 * is not a file, such as a FIFO.
 */
static bool find_own(struct root *root, const char *path)
{
	struct stat status;

	root->path = realpath(path, NULL);
	root->lock = root->path ? open(root->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC) : -1;
	if (root->lock < 0 || fstat(root->lock, &status))
		return complain("--root %s: %s; a root is debian:trixie, debian:bookworm, debian:sid, kit, or a path",
				path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return find_image(root, path);
	root->type = "9p";
	return true;
}

/*
 * Return the name of the root. That of the kit is there without being made, but
 * has neither packages nor systemd.
 */
static const char *name_of(const struct options *options)
{
	if (options->root)
		return options->root;
	return options->packages->len || options->install->len || options->systemd ? DEBIAN "trixie" : "kit";
}

bool root_find(struct root *root, const struct options *options, const char *kit)
{
	const char *name = name_of(options);

	*root = (struct root){ .write = options->write, .lock = -1 };
	if (root->write && (g_str_has_prefix(name, DEBIAN) || !strcmp(name, "kit")))
		return complain("--write belongs to a --root that is a directory or an image of yours; %s is in a cache, which others use",
				name);
	if (g_str_has_prefix(name, DEBIAN))
		return find_debian(root, options, name + strlen(DEBIAN));
	if (options->packages->len || options->install->len)
		return complain("--packages and --install are for a root of Debian's, not for --root %s; without --root, it is debian:trixie", name);
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
	if (root->lock > 0)
		close(root->lock);
	root->lock = -1;
}

/*
 * Mount an overlay over the root. What the command writes to it is in memory,
 * and is lost when the VM ends.
 */
static void overlay(bool payload, GByteArray *order)
{
	order_mount(order, "tmpfs", "tmpfs", UPPER, "rw", "mode=0755");
	order_setup(order, "directory", UPPER "/data");
	order_setup(order, "directory", UPPER "/work");
	order_mount(order, "overlay", "overlay", ROOT_TARGET, "rw",
		    payload ? "lowerdir=" PAYLOAD ":" LOWER OVER : "lowerdir=" LOWER OVER);
}

/*
 * Attach an image. Without --write, QEMU writes changes to a file without a
 * name. So a file system that was not unmounted cleanly can recover when it is
 * mounted.
 */
static void use_image(const struct root *root, struct vm *vm, GByteArray *order)
{
	g_autofree char *path = vm_escape(root->path);

	vm_add(vm, "-drive", "file=%s,format=%s,if=none,id=root%s", path, root->format,
	       is_squashfs(root) ? ",readonly=on" : root->write ? "" : ",snapshot=on");
	vm_add(vm, "-device", "virtio-blk-ccw,drive=root");
	order_setup(order, "wait", "/dev/vda");
	if (is_squashfs(root))
		order_mount(order, root->type, "/dev/vda", LOWER, "ro", "");
	else if (root->type)
		order_mount(order, root->type, "/dev/vda", ROOT_TARGET, "rw", "");
	else
		order_setup(order, "partition", "/dev/vda\t" ROOT_TARGET);
}

static void use_directory(const struct root *root, struct vm *vm, GByteArray *order)
{
	vm_share(vm, "root", root->path, root->write ? "" : "readonly=on");
	order_mount(order, "9p", "root", root->write ? ROOT_TARGET : LOWER, root->write ? "rw" : "ro",
		    root->write ? OPTIONS_9P ",cache=mmap" : OPTIONS_9P ",cache=loose");
}

void root_use(const struct root *root, bool payload, struct vm *vm, GByteArray *order)
{
	bool directory = root->type && !strcmp(root->type, "9p");

	if (directory)
		use_directory(root, vm, order);
	else
		use_image(root, vm, order);
	if (is_squashfs(root) || (directory && !root->write))
		overlay(payload, order);
}

const char *const *root_modules(const struct root *root, bool possible)
{
	static const char *const any[] = { "ext4", "xfs", "btrfs", NULL };
	static const char *one[2];

	one[0] = root->type;
	return root->type || !possible ? one : any;
}
