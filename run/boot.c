// SPDX-License-Identifier: GPL-2.0-only
#include "boot.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "initramfs.h"
#include "order.h"
#include "protocol.h"
#include "status.h"
#include "terminal.h"

#define HOST_NAME	"swcex"
#define PATH_OF_ROOTS	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Addresses of QEMU's user-mode network */
#define ADDRESS		"10.0.2.15"
#define NAME_SERVER	"10.0.2.3"

#define SHARED		"trans=virtio,version=9p2000.L,msize=524288,cache=mmap"

/*
 * Under emulation, the parameters of the second line reduce the time to boot by
 * a third.
 */
#define PARAMETERS	"console=ttysclp0 quiet panic=-1 " \
			"cryptomgr.notests init_on_alloc=0 nokaslr norandmaps"

/*
 * Parameters that keep a root's systemd from waiting for the disks of its own
 * machine or the data of a cloud, and from asking for input on the console. The
 * network device keeps its name.
 */
#define FOR_SYSTEMD	" fstab=no systemd.mask=systemd-remount-fs.service cloud-init=disabled " \
			"systemd.firstboot=off systemd.getty_auto=no net.ifnames=0"

static void add_system_mounts(GByteArray *order)
{
	order_mount(order, "proc", "proc", ROOT_TARGET "/proc", "rw", "");
	order_mount(order, "sysfs", "sys", ROOT_TARGET "/sys", "rw", "");
	order_mount(order, "devtmpfs", "dev", ROOT_TARGET "/dev", "rw", "");
	order_mount(order, "devpts", "pts", ROOT_TARGET "/dev/pts", "rw", "mode=0620,gid=5,ptmxmode=0666");
	order_mount(order, "tmpfs", "shm", ROOT_TARGET "/dev/shm", "rw", "mode=1777");
	order_mount(order, "tmpfs", "run", ROOT_TARGET "/run", "rw", "mode=0755");
	order_mount(order, "tmpfs", "tmp", ROOT_TARGET "/tmp", "rw", "mode=1777");
	order_setup(order, "directory", ROOT_TARGET "/run/lock");
	order_setup(order, "link", "/proc/self/fd\t" ROOT_TARGET "/dev/fd");
	order_setup(order, "link", "/proc/self/fd/0\t" ROOT_TARGET "/dev/stdin");
	order_setup(order, "link", "/proc/self/fd/1\t" ROOT_TARGET "/dev/stdout");
	order_setup(order, "link", "/proc/self/fd/2\t" ROOT_TARGET "/dev/stderr");
}

static void add_modules(const struct plan *plan, struct vm *vm, GByteArray *order)
{
	g_autofree char *modules = g_strconcat(ROOT_TARGET "/lib/modules/", plan->kernel.release, NULL);

	if (!plan->kernel.modules || plan->payload)
		return;
	vm_share(vm, "modules", plan->kernel.modules, "readonly=on");
	order_mount(order, "9p", "modules", modules, "ro",
		    "trans=virtio,version=9p2000.L,msize=524288,cache=loose");
}

/*
 * Mount the command's directory. This follows the start of the root's own init,
 * which cleans up its temporary directories, and the directory may be in one of
 * these.
 */
static void add_share(const struct plan *plan, struct vm *vm, GByteArray *order)
{
	if (!plan->share)
		return;
	vm_share(vm, "share", plan->share, "");
	order_mount(order, "9p", "share", plan->share, "rw", SHARED);
}

/*
 * Return whether @variable is not passed to the VM, because it names a thing
 * that only the caller's machine has.
 */
static bool stays(const char *variable)
{
	return g_str_has_prefix(variable, "LD_") || g_str_has_prefix(variable, "TMPDIR=") ||
	       g_str_has_prefix(variable, "XDG_RUNTIME_DIR=") || g_str_has_prefix(variable, "PATH=");
}

/*
 * Pass the caller's environment. The directories that every root has are
 * appended to PATH.
 */
static void add_environment(GByteArray *order)
{
	extern char **environ;
	const char *path = g_getenv("PATH"), *home = g_getenv("HOME");
	g_autofree char *longer = g_strconcat("PATH=", path ? path : "", path && *path ? ":" : "",
					      PATH_OF_ROOTS, NULL);

	for (char **variable = environ; *variable; variable++) {
		if (!stays(*variable))
			order_string(order, RUN_VARIABLE, *variable);
	}
	order_string(order, RUN_VARIABLE, longer);
	order_setup(order, "directory", "%s", home && *home == '/' ? home : "/root");
}

static void add_network(const struct plan *plan, struct vm *vm, GByteArray *order)
{
	if (!plan->network)
		return;
	vm_add(vm, "-netdev", "%s", plan->network);
	vm_add(vm, "-device", "virtio-net-ccw,netdev=net");
	order_setup(order, "wait", "/sys/class/net/eth0");
	order_setup(order, "address", ADDRESS);
	order_setup(order, "file", ROOT_TARGET "/etc/resolv.conf\tnameserver " NAME_SERVER "\n");
}

static void add_command(const struct plan *plan, GByteArray *order)
{
	static char *shell[] = {
		"/bin/sh", "-c", "if [ -x /bin/bash ]; then exec /bin/bash; else exec /bin/sh; fi", NULL,
	};
	char **words = plan->options->command;

	for (words = *words ? words : shell; *words; words++)
		order_string(order, RUN_ARGUMENT, *words);
}

static mode_t caller_mask(void)
{
	mode_t mask = umask(0);

	umask(mask);
	return mask;
}

static void add_start(const struct plan *plan, const char *name, GByteArray *order)
{
	g_autoptr(GString) start = g_string_new("directory=");

	g_string_append(start, plan->share ? plan->share : "/");
	g_string_append_c(start, '\0');
	g_string_append_printf(start, "name=%s", name);
	g_string_append_c(start, '\0');
	g_string_append_printf(start, "umask=%o", caller_mask());
	g_string_append_c(start, '\0');
	g_string_append_printf(start, "terminal=%d", terminal_streams(plan->options));
	order_frame(order, RUN_START, start->str, start->len + 1);
}

static void add_machine(const struct plan *plan, const struct directory *directory, const char *link,
			struct vm *vm)
{
	g_autofree char *wake = directory_file(directory, "wake");
	const struct options *options = plan->options;

	vm_add(vm, "-m", "%" G_GUINT64_FORMAT, options->memory);
	vm_add(vm, "-smp", "%" G_GUINT64_FORMAT, options->cpus);
	vm_add(vm, "-chardev", "socket,id=wake,path=%s,server=on,wait=off", wake);
	vm_add(vm, "-device", "virtserialport,chardev=wake,name=org.swcex.wake");
	vm_add(vm, "-plugin", "%s,link=%s,wake=%s", plan->plugin, link, wake);
}

/* Add the devices of the VM, and what its supervisor does with them. */
static void add_all(const struct plan *plan, const char *name, struct vm *vm, GByteArray *order)
{
	root_use(&plan->root, plan->payload, vm, order);
	add_system_mounts(order);
	add_modules(plan, vm, order);
	add_network(plan, vm, order);
	order_setup(order, "root", ROOT_TARGET);
	if (plan->options->systemd)
		order_setup(order, "systemd", "1");
	add_share(plan, vm, order);
	order_setup(order, "adapters", "1");
	add_environment(order);
	add_command(plan, order);
	add_start(plan, name, order);
}

bool boot_write_initramfs(const struct plan *plan, const char *path)
{
	g_autoptr(GPtrArray) modules = g_ptr_array_new();

	plan_modules(plan, true, modules);
	return initramfs_write(path, plan->supervisor, &plan->kernel, (const char **)modules->pdata,
			       plan->payload);
}

char *boot_parameters(const struct plan *plan)
{
	const char *append = plan->options->append;

	return g_strconcat(PARAMETERS, plan->options->systemd ? FOR_SYSTEMD : "", append ? " " : NULL,
			   append, NULL);
}

bool boot_prepare(const struct plan *plan, const struct directory *directory, const char *link,
		  struct vm *vm, GByteArray *order)
{
	g_autofree char *initrd = directory_file(directory, "initrd");
	g_autofree char *parameters = boot_parameters(plan);

	if (!boot_write_initramfs(plan, initrd))
		return false;
	vm_init(vm, plan->qemu);
	vm_add(vm, "-kernel", "%s", plan->kernel.image);
	vm_add(vm, "-initrd", "%s", initrd);
	vm_add(vm, "-append", "%s", parameters);
	add_machine(plan, directory, link, vm);
	add_all(plan, HOST_NAME, vm, order);
	return true;
}

void boot_prepare_foreign(const struct plan *plan, const char *name, struct vm *vm, GByteArray *order)
{
	vm_init_foreign(vm);
	add_all(plan, name, vm, order);
}
