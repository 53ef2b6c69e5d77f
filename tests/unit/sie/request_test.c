// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sie/host/request.c"

static struct start start;
static char reason[REQUEST_REASON];

#define GOOD \
	"guest=18446744073709551615\0name=guest1\0memory=512\0cpus=2\0kernel=/guest/vmlinuz\0"

#define PARSE(text) parse_start(text, sizeof(text) - 1)

static bool parse_start(const char *payload, size_t length)
{
	const struct frame frame = { FRAME_START, (const uint8_t *)payload, length };

	memset(reason, 0, sizeof(reason));
	return request_start(&start, &frame, reason);
}

#define REFUSED(text, why) do { \
	assert_false(PARSE(text)); \
	assert_non_null(strstr(reason, why)); \
} while (0)

static void a_guest(void **state)
{
	(void)state;
	assert_true(PARSE(GOOD));
	assert_int_equal(start.guest, UINT64_MAX);
	assert_string_equal(start.name, "guest1");
	assert_int_equal(start.memory, 512);
	assert_int_equal(start.cpus, 2);
	assert_string_equal(start.kernel, "/guest/vmlinuz");
	assert_null(start.initrd);
	assert_null(start.append);
	assert_int_equal(start.drives, 0);
}

static void what_may_be_left_out(void **state)
{
	(void)state;
	assert_true(PARSE(GOOD "initrd=/guest/i\0append=a=b,c -x\0drive=/guest/a\0drive=/guest/b\0"));
	assert_string_equal(start.initrd, "/guest/i");
	assert_string_equal(start.append, "a=b,c -x");
	assert_int_equal(start.drives, 2);
	assert_string_equal(start.drive[1], "/guest/b");
}

static void reboots(void **state)
{
	(void)state;
	assert_true(PARSE(GOOD));
	assert_false(start.ends_at_reboot);
	assert_true(PARSE(GOOD "reboot=off\0"));
	assert_true(start.ends_at_reboot);
	REFUSED(GOOD "reboot=on\0", "reboot is off, or left out");
}

static void what_libvirt_says_of_a_guest(void **state)
{
	(void)state;
	assert_true(PARSE(GOOD "machine=s390-ccw-virtio-11.1\0cpu=gen16a-base,aen=on,vx=off\0process=77\0"
			  "uuid=6f1ec5a2-0d5a-4b4f-9d0e-0c5c1a1f00aa\0console=charserial0\0"
			  "paused=on\0shutdown=pause\0chardev=charserial0=pty:/dev/pts/0\0"
			  "object={}\0device={1}\0blockdev={2}\0device={3}\0"));
	assert_string_equal(start.machine, "s390-ccw-virtio-11.1");
	assert_string_equal(start.cpu, "gen16a-base,aen=on,vx=off");
	assert_int_equal(start.process, 77);
	assert_string_equal(start.console, "charserial0");
	assert_true(start.is_paused && start.stays_after_shutdown);
	assert_int_equal(start.chardevs, 1);
	assert_int_equal(start.parts, 4);
	assert_string_equal(start.part[0].kind, "object");
	assert_string_equal(start.part[2].kind, "blockdev");
	assert_string_equal(start.part[3].json, "{3}");
}

static void what_libvirt_does_not_say(void **state)
{
	(void)state;
	REFUSED(GOOD "machine=none\0", "or a version of it");
	REFUSED(GOOD "machine=s390-ccw-virtio,kernel=/x\0", "machine has letters, digits");
	REFUSED(GOOD "machine=s390-ccw-virtio=x\0", "machine has letters, digits");
	REFUSED(GOOD "cpu=gen16a-base aen\0", "cpu has letters, digits");
	REFUSED(GOOD "cpu=\0", "cpu has letters, digits");
	REFUSED(GOOD "cpu=max,aen\0", "cpu is a model");
	REFUSED(GOOD "cpu=max,=on\0", "cpu is a model");
	REFUSED(GOOD "cpu=max,on\0", "cpu is a model");
	REFUSED(GOOD "cpu=max,memory=x\0", "cpu is a model");
	REFUSED(GOOD "cpu=max,aen=on,\0", "cpu is a model");
	REFUSED(GOOD "cpu=max,aen=on,x=offer\0", "cpu is a model");
	REFUSED(GOOD "cpu=memory=x\0", "cpu is a model");
	REFUSED(GOOD "process=0\0", "process is a number");
	REFUSED(GOOD "process=4194305\0", "process is a number");
	REFUSED(GOOD "uuid=6f1ec5a2\0", "uuid is no UUID");
	REFUSED(GOOD "console=a,path=/x\0", "console has letters, digits");
	REFUSED(GOOD "paused=off\0", "paused is on, or left out");
	REFUSED(GOOD "shutdown=off\0", "shutdown is pause, or left out");
	REFUSED(GOOD "chardev=a\0", "chardev is ID=WHAT");
	REFUSED(GOOD "chardev=a=b\0chardev=a=b\0chardev=a=b\0chardev=a=b\0chardev=a=b\0chardev=a=b\0"
		"chardev=a=b\0chardev=a=b\0chardev=a=b\0", "at most 8 chardevs");
}

/* Options of QEMU that the LPAR cannot express are refused. */
static void what_an_attacker_gives(void **state)
{
	(void)state;
	REFUSED(GOOD "incoming=exec:true\0", "unknown field");
	REFUSED(GOOD "monitor=stdio\0", "unknown field");
	REFUSED(GOOD "mon=chardev=agent\0", "unknown field");
	REFUSED(GOOD "qmp=unix:/x,server=on\0", "unknown field");
	REFUSED(GOOD "serial=file:/x\0", "unknown field");
	REFUSED(GOOD "netdev=user,id=n\0", "unknown field");
	REFUSED(GOOD "fsdev=local,path=/,id=f\0", "unknown field");
	REFUSED(GOOD "virtfs=local,path=/\0", "unknown field");
	REFUSED(GOOD "add-fd=fd=3,set=1\0", "unknown field");
	REFUSED(GOOD "readconfig=/x\0", "unknown field");
	REFUSED(GOOD "writeconfig=/x\0", "unknown field");
	REFUSED(GOOD "plugin=/x\0", "unknown field");
	REFUSED(GOOD "accel=kvm\0", "unknown field");
	REFUSED(GOOD "sandbox=off\0", "unknown field");
	REFUSED(GOOD "trace=file=/x\0", "unknown field");
	REFUSED(GOOD "bios=/x\0", "unknown field");
	REFUSED(GOOD "dtb=/x\0", "unknown field");
	REFUSED(GOOD "D=/x\0", "unknown field");
	REFUSED(GOOD "gdb=tcp::1234\0", "unknown field");
	REFUSED(GOOD "runas=root\0", "unknown field");
	REFUSED(GOOD "chroot=/\0", "unknown field");
	REFUSED(GOOD "set=a.b.c=d\0", "unknown field");
	REFUSED(GOOD "global=a.b=c\0", "unknown field");
}

static void what_may_not(void **state)
{
	(void)state;
	REFUSED("", "guest is missing");
	REFUSED("guest=1\0memory=512\0cpus=2\0kernel=/guest/vmlinuz\0", "name is missing");
	REFUSED("guest=1\0name=a\0memory=512\0cpus=2\0", "kernel is missing");
}

static void what_comes_twice(void **state)
{
	(void)state;
	REFUSED(GOOD "name=guest2\0", "name was given twice");
	REFUSED(GOOD "append=\0append=\0", "append was given twice");
}

static void too_many_drives(void **state)
{
	(void)state;
	assert_true(PARSE(GOOD "drive=/guest/1\0drive=/guest/2\0drive=/guest/3\0drive=/guest/4\0"
			  "drive=/guest/5\0drive=/guest/6\0drive=/guest/7\0drive=/guest/8\0"));
	REFUSED(GOOD "drive=/guest/1\0drive=/guest/2\0drive=/guest/3\0drive=/guest/4\0"
		"drive=/guest/5\0drive=/guest/6\0drive=/guest/7\0drive=/guest/8\0"
		"drive=/guest/9\0", "at most 8");
}

static void what_is_unknown(void **state)
{
	(void)state;
	REFUSED(GOOD "plugin=/tmp/x\0", "unknown field");
	REFUSED(GOOD "nam=x\0", "unknown field");
	REFUSED(GOOD "=x\0", "unknown field");
	REFUSED(GOOD "x", "not a list");
}

static void numbers(void **state)
{
	(void)state;
	REFUSED("guest=18446744073709551616\0", "guest is a number");
	REFUSED("guest=-1\0", "guest is a number");
	REFUSED("guest= 1\0", "guest is a number");
	REFUSED("guest=1,x=y\0", "guest is a number");
	REFUSED("guest=\0", "guest is a number");
	REFUSED("memory=63\0", "from 64 to 8192");
	REFUSED("memory=8193\0", "from 64 to 8192");
	REFUSED("cpus=0\0", "from 1 to 8");
	REFUSED("cpus=9\0", "from 1 to 8");
}

static void names(void **state)
{
	(void)state;
	REFUSED("name=\0", "a guest's name");
	REFUSED("name=-a\0", "a guest's name");
	REFUSED("name=.a\0", "a guest's name");
	REFUSED("name=a/b\0", "a guest's name");
	REFUSED("name=a,b\0", "a guest's name");
	REFUSED("name=a b\0", "a guest's name");
	REFUSED("name=abcdefghijklmnopqrstuvwxyz0123456\0", "a guest's name");
	assert_false(PARSE("name=abcdefghijklmnopqrstuvwxyz012345\0"));
	assert_string_equal(reason, "guest is missing");
}

static void files(void **state)
{
	(void)state;
	assert_string_equal(request_file("/guest/a"), "a");
	assert_string_equal(request_file("/guest/a/b.c,d"), "a/b.c,d");
	assert_null(request_file("/guest/"));
	assert_null(request_file("/guest"));
	assert_null(request_file("/guests/a"));
	assert_null(request_file("guest/a"));
	assert_null(request_file("/guest/../a"));
	assert_null(request_file("/guest/a/../b"));
	assert_null(request_file("/guest/a/.."));
	assert_null(request_file("/guest/a//b"));
	assert_null(request_file("/guest//etc/passwd"));
	assert_null(request_file("/guest/a/"));
	assert_null(request_file("/guest/.hidden"));
	REFUSED("kernel=/etc/passwd\0", "/etc/passwd");
	REFUSED("drive=/guest/../x\0", "/guest/");
}

static void a_command(void **state)
{
	static const char good[] = "name=guest1\0seconds=5\0command=echo a=b; exit 3";
	const struct frame frame = { FRAME_EXEC, (const uint8_t *)good, sizeof(good) };
	struct exec exec;

	(void)state;
	assert_true(request_exec(&exec, &frame, reason));
	assert_string_equal(exec.name, "guest1");
	assert_string_equal(exec.command, "echo a=b; exit 3");
	assert_int_equal(exec.seconds, 5);
}

static void a_command_without_time(void **state)
{
	static const char bad[] = "name=guest1\0command=true";
	const struct frame frame = { FRAME_EXEC, (const uint8_t *)bad, sizeof(bad) };
	struct exec exec;

	(void)state;
	assert_false(request_exec(&exec, &frame, reason));
	assert_string_equal(reason, "seconds is missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guest),
		cmocka_unit_test(what_may_be_left_out),
		cmocka_unit_test(reboots),
		cmocka_unit_test(what_libvirt_says_of_a_guest),
		cmocka_unit_test(what_libvirt_does_not_say),
		cmocka_unit_test(what_an_attacker_gives),
		cmocka_unit_test(what_may_not),
		cmocka_unit_test(what_comes_twice),
		cmocka_unit_test(too_many_drives),
		cmocka_unit_test(what_is_unknown),
		cmocka_unit_test(numbers),
		cmocka_unit_test(names),
		cmocka_unit_test(files),
		cmocka_unit_test(a_command),
		cmocka_unit_test(a_command_without_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
