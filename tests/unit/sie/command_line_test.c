// SPDX-License-Identifier: GPL-2.0-only
/* The command line of the LPAR's qemu-system-s390x. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sie/frontend/chardev.c"
#include "sie/frontend/command_line.c"
#include "sie/frontend/description.c"
#include "sie/frontend/device.c"
#include "sie/frontend/machine.c"
#include "sie/frontend/parser.c"
#include "sie/frontend/part.c"

#include "recorded.h"

#define MOST	64

static struct options options;
static char reason[512];

/*
 * Parse @line, whose arguments are separated by spaces. The program's name and
 * -kernel precede them.
 */
static bool parse(const char *line)
{
	char *argv[MOST] = { "qemu-system-s390x", "-kernel", "/guest/vmlinuz" };
	static char copy[2 * PATH_MAX];
	int argc = 3;

	memset(reason, 0, sizeof(reason));
	assert_true(strlen(line) < sizeof(copy));
	strcpy(copy, line);
	for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
		argv[argc++] = word;
	assert_true(argc < MOST);
	return command_line_read(&options, argc, argv, reason, sizeof(reason));
}

static void refused(const char *line, const char *why)
{
	assert_false(parse(line));
	assert_non_null(strstr(reason, why));
}

static void nothing_but_a_kernel(void **state)
{
	(void)state;
	assert_true(parse(""));
	assert_string_equal(options.kernel, "/guest/vmlinuz");
	assert_int_equal(options.memory, 512);
	assert_int_equal(options.cpus, 1);
	assert_false(options.has_device);
	assert_string_equal(options.name, "");
}

static void what_an_administrator_types(void **state)
{
	(void)state;
	assert_true(parse("-M s390-ccw-virtio,accel=kvm -enable-kvm -cpu host,ap=on,apqci=on,apft=on "
			  "-m 1G -smp 2 -nographic -no-reboot -name guest1 -initrd /guest/initrd "
			  "-append console=ttysclp0 "
			  "-drive file=/guest/root.squashfs,format=raw,if=virtio,readonly=on "
			  "--device vfio-ap,sysfsdev=/sys/devices/vfio_ap/matrix/U,id=ap0"));
	assert_int_equal(options.memory, 1024);
	assert_int_equal(options.cpus, 2);
	assert_string_equal(options.name, "guest1");
	assert_string_equal(options.initrd, "/guest/initrd");
	assert_string_equal(options.append, "console=ttysclp0");
	assert_int_equal(options.drives, 1);
	assert_string_equal(options.drive[0], "/guest/root.squashfs");
	assert_string_equal(options.device.sysfsdev, "/sys/devices/vfio_ap/matrix/U");
}

static void other_spellings(void **state)
{
	(void)state;
	assert_true(parse("-machine s390-ccw-virtio-11.0 -accel kvm -m size=256M -smp cpus=3 "
			  "-name guest=g -display none"));
	assert_int_equal(options.memory, 256);
	assert_int_equal(options.cpus, 3);
	assert_string_equal(options.name, "g");
}

static void a_comma_in_a_file_name(void **state)
{
	(void)state;
	assert_true(parse("-drive file=/guest/a,,b,readonly=on"));
	assert_string_equal(options.drive[0], "/guest/a,b");
}

static void no_second_device(void **state)
{
	(void)state;
	refused("-device vfio-ap,sysfsdev=/a -device vfio-ap,sysfsdev=/b", "at most one");
}

static void monitors(void **state)
{
	static const char socket[] = "unix:/run/m,server=on,wait=off";

	(void)state;
	assert_true(parse("-nographic"));
	assert_null(options.monitor);
	assert_string_equal(options.console, "stdio");
	assert_true(parse("-nographic -monitor unix:/run/m,server=on,wait=off -qmp none"));
	assert_string_equal(options.monitor, socket);
	assert_null(options.qmp);
	assert_string_equal(options.console, "stdio");
	assert_true(parse("-display none -qmp stdio"));
	assert_string_equal(options.qmp, "stdio");
	assert_string_equal(options.console, "none");
	assert_true(parse("-serial none -nographic -monitor stdio"));
	assert_string_equal(options.console, "none");
	refused("-nographic -monitor stdio", "stdio is one of them only");
	refused("-serial stdio -qmp stdio", "stdio is one of them only");
	refused("-monitor stdio -qmp stdio", "stdio is one of them only");
	refused("-monitor tcp::4444,server=on,wait=off", "are offered");
	refused("-monitor unix:m,server=on,wait=off", "are offered");
	refused("-monitor unix:/m", "server=on,wait=off is needed");
	refused("-monitor unix:/m,server=on", "server=on,wait=off is needed");
	refused("-qmp unix:/m,server=on,wait=off,mux=on", "'mux=on' is not offered");
	refused("-serial file:/x", "stdio, pty and none are offered");
}

/* libvirt starts QEMU like this to query its capabilities. */
static void no_guest(void **state)
{
	char *argv[] = { "qemu-system-s390x", "-S", "-no-user-config", "-nodefaults", "-nographic",
			 "-machine", "none,accel=kvm:tcg", "-qmp", "unix:/m,server=on,wait=off",
			 "-pidfile", "/p", "-daemonize", NULL };

	(void)state;
	assert_true(command_line_read(&options, 12, argv, reason, sizeof(reason)));
	assert_false(options.has_guest);
	assert_string_equal(options.console, "none");
	assert_true(options.daemonizes);
	assert_string_equal(options.pidfile, "/p");
	assert_true(parse("-M s390-ccw-virtio-7.2"));
	assert_true(options.has_guest);
	assert_null(options.pidfile);
	refused("-S", "nobody can let the guest begin");
	assert_true(parse("-M none,accel=tcg"));
	assert_true(options.is_tcg);
	assert_true(parse("-machine none,accel=kvm:mshv:tcg"));
	assert_false(options.is_tcg);
	assert_true(parse("-machine none,accel=mshv:tcg"));
	assert_true(options.is_tcg);
	assert_true(parse("-M s390-ccw-virtio,accel=tcg:kvm"));
	assert_false(options.is_tcg);
	refused("-M none,accel=mshv", "'accel=mshv' is not offered");
	refused("-M none,accel", "'accel' is not offered");
	refused("-M none,accel=kvmm:tc", "'accel=kvmm:tc' is not offered");
	refused("-M none,accel=tcg,usb=off", "'usb=off' is not offered");
	refused("-daemonize -monitor stdio", "no monitor is on stdio");
	refused("-M none -device vfio-ap,sysfsdev=/a", "has no devices");
	refused("-M none,dump-guest-core=on", "is not offered");
}

/* As libvirt 9 and 11 write it, without spaces in the kernel's parameters */
static const char by_libvirt[] =
	"-name guest=guest1,debug-threads=on -S "
	"-object {\"qom-type\":\"secret\",\"id\":\"masterKey0\",\"format\":\"raw\",\"file\":\"/k\"} "
	"-machine s390-ccw-virtio-11.1,usb=off,dump-guest-core=off,memory-backend=s390.ram "
	"-accel kvm -m size=524288k "
	"-object {\"qom-type\":\"memory-backend-ram\",\"id\":\"s390.ram\",\"size\":536870912} "
	"-overcommit mem-lock=off -smp 2,sockets=2,cores=1,threads=1 "
	"-uuid 6f1ec5a2-0d5a-4b4f-9d0e-0c5c1a1f00aa -display none -no-user-config -nodefaults "
	"-chardev socket,id=charmonitor,fd=29,server=on,wait=off "
	"-mon chardev=charmonitor,id=monitor,mode=control -rtc base=utc -no-shutdown "
	"-boot strict=on -initrd /guest/initrd "
	"-blockdev {\"driver\":\"file\",\"filename\":\"/guest/r\",\"node-name\":\"libvirt-1-storage\"} "
	"-chardev pty,id=charserial0 "
	"-device {\"driver\":\"sclpconsole\",\"chardev\":\"charserial0\",\"id\":\"serial0\"} "
	"-audiodev {\"id\":\"audio1\",\"driver\":\"none\"} "
	"-device {\"driver\":\"vfio-ap\",\"id\":\"hostdev0\",\"sysfsdev\":\"/sys/bus/mdev/devices/U\"} "
	"-sandbox on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny "
	"-msg timestamp=on";

static void what_libvirt_writes(void **state)
{
	(void)state;
	assert_true(parse(by_libvirt));
	assert_string_equal(options.name, "guest1");
	assert_string_equal(options.machine, "s390-ccw-virtio-11.1");
	assert_string_equal(options.uuid, "6f1ec5a2-0d5a-4b4f-9d0e-0c5c1a1f00aa");
	assert_int_equal(options.memory, 512);
	assert_int_equal(options.cpus, 2);
	assert_true(options.is_paused && options.stays_after_shutdown);
	assert_string_equal(options.qmp, "fd:29");
	assert_string_equal(options.console, "pty");
	assert_string_equal(options.console_id, "charserial0");
	assert_string_equal(options.device.id, "hostdev0");
	assert_string_equal(options.device.sysfsdev, "/sys/bus/mdev/devices/U");
	assert_int_equal(options.parts, 3);
	assert_string_equal(options.part[0].name, "object");
	assert_string_equal(options.part[1].name, "blockdev");
	assert_string_equal(options.part[2].name, "device");
	assert_int_equal(options.chardevs, 2);
}

/* Take a command line that libvirt wrote for a guest of `make check-libvirt`. */
static void take_recorded(const char *path, const char *monitor, unsigned int parts)
{
	char *argv[RECORDED_MAX];
	int argc = recorded(path, argv);

	assert_true(command_line_read(&options, argc, argv, reason, sizeof(reason)));
	assert_string_equal(options.name, "guest1");
	assert_string_equal(options.append, "console=ttysclp0 vm=guest1 cryptomgr.notests "
			    "init_on_alloc=0 nokaslr norandmaps");
	assert_int_equal(options.memory, 512);
	assert_int_equal(options.cpus, 1);
	assert_string_equal(options.qmp, monitor);
	assert_string_equal(options.console, "pty");
	assert_string_equal(options.device.id, "hostdev0");
	assert_string_equal(options.device.sysfsdev,
			    "/sys/bus/mdev/devices/00000001-1111-4222-8333-444444444444");
	assert_int_equal(options.parts, parts);
}

static void what_libvirt_wrote(void **state)
{
	(void)state;
	take_recorded("tests/unit/sie/libvirt-9.0.args", "fd:30", 8);
	take_recorded("tests/unit/sie/libvirt-12.8.args", "fd:31", 7);
}

/* What libvirt gives instead of -mon where QEMU has such objects */
static void a_monitor_that_is_an_object(void **state)
{
	(void)state;
	assert_true(parse("-chardev socket,id=c,fd=3,server=on,wait=off "
			  "-object {\"qom-type\":\"monitor-qmp\",\"id\":\"m\",\"chardev\":\"c\"}"));
	assert_string_equal(options.qmp, "fd:3");
	assert_int_equal(options.parts, 0);
	refused("-object {\"qom-type\":\"monitor-qmp\",\"id\":\"m\",\"chardev\":\"c\"}",
		"has the id 'c'");
	refused("-object {\"qom-type\":\"monitor-qmp\",\"id\":\"m\"}", "chardev is missing");
	refused("-chardev pty,id=c -object {\"qom-type\":\"monitor-qmp\",\"chardev\":\"c\"}",
		"stdio or a socket");
	refused("-object {\"qom-type\":\"monitor-qmp\",\"pretty\":true}", "'pretty=true' is not offered");
}

static void models_of_libvirt(void **state)
{
	(void)state;
	assert_true(parse("-cpu gen16a-base,aen=on,ap=on,vx=off"));
	assert_string_equal(options.cpu, "gen16a-base,aen=on,vx=off");
	refused("-cpu gen16a-base,ap=off", "'ap=off'");
	refused("-cpu gen16a-base,vx=maybe", "'vx=maybe'");
	refused("-cpu gen16a-base,vx", "'vx'");
}

static void what_of_libvirt_is_not_offered(void **state)
{
	(void)state;
	refused("-sandbox off", "'off' is not offered");
	refused("-audiodev {\"driver\":\"alsa\",\"id\":\"a\"}", "no sound");
	refused("-audiodev {", "no sound");
	refused("-uuid x", "no UUID");
	refused("-device {\"driver\":\"vfio-ap\"}", "sysfsdev= is missing");
	refused("-device {\"driver\":\"vfio-ap\",\"host\":1}", "'host=1' is not offered");
	refused("-device {vfio-ap", "no object of JSON");
	refused("-device {\"driver\":\"sclpconsole\",\"chardev\":\"c\"}", "has the id 'c'");
	refused("-chardev socket,id=c,host=1,port=2", "'host=1' is not offered");
	refused("-chardev socket,id=c,fd=3", "server=on,wait=off are needed");
	refused("-chardev socket,id=c,path=m,server=on,wait=off", "'path=m' is not offered");
	refused("-chardev file,id=c,path=/x", "socket, pty, stdio and null are offered");
	refused("-chardev pty", "id= is missing");
	refused("-mon chardev=c", "has the id 'c'");
	refused("-chardev pty,id=c -mon chardev=c", "stdio or a socket");
	refused("-chardev stdio,id=c -mon chardev=c,mode=x", "modes are");
	refused("-chardev socket,id=c,fd=3,server=on,wait=off -serial chardev:c", "stdio or a pty");
	refused("-object rng-random,id=r", "an object of JSON");
	refused("-name guest=g,process=x", "'process=x' is not offered");
}

/* The help contains every option once, but no other names of an option. */
static void the_usage(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	(void)state;
	command_line_print_help(file);
	assert_int_equal(fclose(file), 0);
	assert_non_null(strstr(text, "\n  -m MiB|SIZE{M|G}\n\tstorage (default 512)\n"));
	assert_non_null(strstr(text, "\n  -nographic\n"));
	assert_null(strstr(text, "-machine"));
	assert_null(strstr(text, "(null)"));
	free(text);
}

static void reboots(void **state)
{
	(void)state;
	assert_true(parse("-nographic"));
	assert_false(options.ends_at_reboot);
	assert_true(parse("-no-reboot"));
	assert_true(options.ends_at_reboot);
}

/* device_add has the syntax of -device. */
static void a_device_by_itself(void **state)
{
	struct device device;

	(void)state;
	assert_true(device_read(&device, "vfio-ap,id=ap-0.x_1,sysfsdev=/a,,b", reason,
					 sizeof(reason)));
	assert_string_equal(device.id, "ap-0.x_1");
	assert_string_equal(device.sysfsdev, "/a,b");
	assert_false(device_read(&device, "vfio-ap,sysfsdev=/a,id=0", reason,
					  sizeof(reason)));
	assert_string_equal(reason, "vfio-ap,sysfsdev=/a,id=0: an id is a letter and up to 63 "
			    "letters, digits, '-', '.' and '_'");
	assert_false(device_read(&device, "vfio-ap,sysfsdev=/a,id=a/b", reason,
					  sizeof(reason)));
	assert_false(device_read(&device, "vfio-ap,sysfsdev=/a,id=a123456789b123456789"
					  "c123456789d123456789e123456789f123456789g1234", reason,
					  sizeof(reason)));
}

static void devices_that_are_not_offered(void **state)
{
	(void)state;
	refused("-device virtio-net-ccw", "'virtio-net-ccw' is not offered");
	refused("-device vfio-ap", "sysfsdev= is missing");
	refused("-device vfio-ap,sysfsdev", "'sysfsdev' is not offered");
	refused("-device vfio-ap,host=1", "'host=1' is not offered");
}

static void drives_that_are_not_offered(void **state)
{
	(void)state;
	refused("-drive file=/guest/a", "readonly=on is needed");
	refused("-drive readonly=on", "file= is missing");
	refused("-drive file=/guest/a,format=qcow2,readonly=on", "'format=qcow2'");
	refused("-drive file=/guest/a,readonly=off", "'readonly=off'");
}

static void machines_that_are_not_offered(void **state)
{
	(void)state;
	refused("-M pc", "'pc' is not offered");
	refused("-M s390-ccw-virtio,accel=tcg", "'accel=tcg' is not offered");
	refused("-accel tcg", "'tcg' is not offered");
	refused("-cpu max", "'max' is not offered");
	refused("-cpu host,ap=off", "'ap=off' is not offered");
}

static void numbers_that_are_none(void **state)
{
	(void)state;
	refused("-m x", "size in MiB");
	refused("-m -1", "size in MiB");
	refused("-m 1T", "unit");
	refused("-m 1Mx", "follows the size");
	refused("-m 99999999999999999999", "size in MiB");
	refused("-smp 2x", "number of CPUs");
	refused("-smp 2,maxcpus=4", "all its CPUs from its start");
	refused("-smp 2,cores=3", "make 3 CPUs");
	refused("-smp 2,cores=x", "'cores=x' is not offered");
	refused("-m 1000k", "no number of MiB");
}

static void options_that_do_not_exist(void **state)
{
	(void)state;
	refused("-netdev user,id=n", "-netdev: no such option");
	refused("image.qcow2", "image.qcow2: no such option");
	refused("-name", "requires an argument");
}

static void no_kernel(void **state)
{
	char *argv[] = { "qemu-system-s390x", "-nographic", NULL };

	(void)state;
	assert_false(command_line_read(&options, 2, argv, reason, sizeof(reason)));
	assert_non_null(strstr(reason, "-kernel: is missing"));
}

static void help_needs_no_kernel(void **state)
{
	char *argv[] = { "qemu-system-s390x", "--help", NULL };

	(void)state;
	assert_true(command_line_read(&options, 2, argv, reason, sizeof(reason)));
	assert_true(options.help);
}

static void the_longest_argument(void **state)
{
	char line[PATH_MAX + 64] = "-drive file=/guest/";
	size_t length = strlen(line);

	(void)state;
	memset(line + length, 'a', PATH_MAX - length);
	refused(line, "");
	memset(line + PATH_MAX, 'a', 40);
	refused(line, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_but_a_kernel),
		cmocka_unit_test(what_an_administrator_types),
		cmocka_unit_test(other_spellings),
		cmocka_unit_test(a_comma_in_a_file_name),
		cmocka_unit_test(no_second_device),
		cmocka_unit_test(monitors),
		cmocka_unit_test(no_guest),
		cmocka_unit_test(what_libvirt_writes),
		cmocka_unit_test(what_libvirt_wrote),
		cmocka_unit_test(a_monitor_that_is_an_object),
		cmocka_unit_test(models_of_libvirt),
		cmocka_unit_test(what_of_libvirt_is_not_offered),
		cmocka_unit_test(the_usage),
		cmocka_unit_test(reboots),
		cmocka_unit_test(a_device_by_itself),
		cmocka_unit_test(devices_that_are_not_offered),
		cmocka_unit_test(drives_that_are_not_offered),
		cmocka_unit_test(machines_that_are_not_offered),
		cmocka_unit_test(numbers_that_are_none),
		cmocka_unit_test(options_that_do_not_exist),
		cmocka_unit_test(no_kernel),
		cmocka_unit_test(help_needs_no_kernel),
		cmocka_unit_test(the_longest_argument),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
