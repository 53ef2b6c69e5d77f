// SPDX-License-Identifier: GPL-2.0-only
/* The parts of a guest that the LPAR may describe. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sie/host/part.c"

#include "recorded.h"

static const struct start start = { .memory = 512, .console = "charserial0" };
static char reason[REQUEST_REASON];

static void becomes(const char *kind, const char *json, const char *expected)
{
	struct json_object *part = part_read(kind, json, &start, reason);

	assert_non_null(part);
	assert_string_equal(json_object_to_json_string_ext(part, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE), expected);
	json_object_put(part);
}

static void stays(const char *kind, const char *json)
{
	becomes(kind, json, json);
}

static void refused(const char *kind, const char *json, const char *why)
{
	assert_null(part_read(kind, json, &start, reason));
	assert_non_null(strstr(reason, why));
}

static void what_libvirt_describes(void **state)
{
	(void)state;
	stays("object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"s390.ram\",\"size\":536870912}");
	stays("object", "{\"qom-type\":\"rng-random\",\"id\":\"objrng0\",\"filename\":\"/dev/urandom\"}");
	stays("device", "{\"driver\":\"virtio-blk-ccw\",\"devno\":\"fe.0.0000\",\"drive\":"
			"\"libvirt-1-format\",\"id\":\"virtio-disk0\",\"bootindex\":1}");
	stays("device", "{\"driver\":\"sclpconsole\",\"chardev\":\"charserial0\",\"id\":\"serial0\"}");
	stays("device", "{\"driver\":\"virtio-balloon-ccw\",\"id\":\"balloon0\",\"devno\":\"fe.0.0001\"}");
	stays("blockdev", "{\"node-name\":\"libvirt-1-format\",\"read-only\":true,\"driver\":\"raw\","
			  "\"file\":\"libvirt-1-storage\"}");
}

/* Count the parts that are accepted, which all are. */
static int count_accepted(const char *path)
{
	char *argv[RECORDED_MAX];
	int argc = recorded(path, argv), taken = 0;

	*reason = '\0';
	for (int i = 0; i + 1 < argc; i++) {
		const char *kind = argv[i] + 1, *json = argv[i + 1];

		if (*json != '{' || strstr(json, "\"secret\"") || strstr(json, "\"vfio-ap\"") ||
		    strstr(json, "\"monitor-qmp\"") || !strcmp(kind, "audiodev"))
			continue;
		json_object_put(part_read(kind, json, &start, reason));
		assert_string_equal(reason, "");
		taken++;
	}
	return taken;
}

/* What libvirt wrote for a guest, except what the front end keeps */
static void what_libvirt_wrote(void **state)
{
	(void)state;
	assert_int_equal(count_accepted("tests/unit/sie/libvirt-9.0.args"), 8);
	assert_int_equal(count_accepted("tests/unit/sie/libvirt-12.8.args"), 7);
}

/* guestd decides how a file is opened. */
static void what_is_left_out(void **state)
{
	(void)state;
	becomes("blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/root\",\"node-name\":\"s\","
			    "\"auto-read-only\":true,\"discard\":\"unmap\",\"cache\":{\"direct\":true},"
			    "\"aio\":\"native\",\"locking\":\"on\"}",
		"{\"driver\":\"file\",\"filename\":\"/guest/root\",\"node-name\":\"s\"}");
}

static void what_is_not_offered(void **state)
{
	(void)state;
	refused("device", "{\"driver\":\"virtio-net-ccw\"}", "-device virtio-net-ccw is not offered");
	refused("device", "{\"driver\":\"vfio-ap\",\"sysfsdev\":\"/x\"}", "is not offered");
	refused("device", "{\"driver\":\"raw\",\"file\":\"x\"}", "-device raw is not offered");
	refused("object", "{\"qom-type\":\"memory-backend-file\",\"mem-path\":\"/x\"}", "not offered");
	refused("object", "{\"qom-type\":\"secret\",\"file\":\"/x\"}", "not offered");
	refused("blockdev", "{\"driver\":\"nbd\",\"node-name\":\"n\"}", "-blockdev nbd is not offered");
	refused("blockdev", "{\"driver\":\"host_device\",\"filename\":\"/dev/sda\"}", "not offered");
	refused("device", "{\"driver\":\"virtio-blk-ccw\",\"drive\":\"d\",\"iothread\":\"i\"}",
		"the property iothread is not offered");
	refused("object", "{\"qom-type\":\"rng-random\",\"id\":\"r\",\"filename\":\"/etc/shadow\"}",
		"/dev/urandom");
	refused("object", "{\"qom-type\":\"rng-random\",\"id\":\"r\"}", "/dev/urandom");
}

static void none_is_offered(const char *kind, const char *key, const char *const types[])
{
	for (; *types; types++) {
		g_autofree char *json = g_strdup_printf("{\"%s\":\"%s\",\"id\":\"x\"}", key, *types);

		refused(kind, json, "is not offered to guests");
	}
}

/*
 * Parts that name a file, a device, a descriptor, an address or a process of
 * the host are refused.
 */
static void what_an_attacker_describes(void **state)
{
	static const char *const objects[] = {
		"memory-backend-file", "memory-backend-memfd", "memory-backend-shm",
		"memory-backend-epc", "rng-egd", "secret", "secret_keyring", "input-linux",
		"input-barrier", "filter-dump", "filter-mirror", "filter-redirector",
		"colo-compare", "pr-manager-helper", "authz-list-file", "authz-pam",
		"tls-creds-x509", "tls-creds-psk", "tls-cipher-suites", "cryptodev-backend",
		"cryptodev-vhost-user", "cryptodev-backend-lkcf", "can-host-socketcan",
		"dbus-vmstate", "iothread", "main-loop", "thread-context", "iommufd",
		"throttle-group", "qtest", "x-remote-object", "x-vfio-user-server",
		"s390-pv-guest", "container", NULL
	};
	static const char *const blocks[] = {
		"host_device", "host_cdrom", "nbd", "ssh", "http", "https", "ftp", "iscsi",
		"nfs", "rbd", "gluster", "nvme", "io_uring", "nvme-io_uring", "vvfat", "qcow2",
		"qcow", "qed", "vdi", "vmdk", "vhdx", "vpc", "dmg", "parallels", "luks",
		"blkdebug", "blkverify", "blklogwrites", "blkreplay", "quorum", "replication",
		"copy-on-read", "copy-before-write", "preallocate", "snapshot-access",
		"throttle", "compress", "null-co", "null-aio", "virtio-blk-vhost-user",
		"virtio-blk-vfio-pci", "virtio-blk-vhost-vdpa", "FILE", "", NULL
	};
	static const char *const devices[] = {
		"loader", "guest-loader", "virtio-9p-ccw", "virtio-net-ccw", "virtio-gpu-ccw",
		"virtio-scsi-ccw", "virtio-crypto-ccw", "virtio-input-host-ccw",
		"vhost-vsock-ccw", "vhost-scsi-ccw", "vhost-user-fs-ccw", "vhost-user-blk",
		"virtserialport", "x-terminal3270", "sclplmconsole", "scsi-generic", "scsi-hd",
		"vfio-ap", "vfio-ccw", "vfio-pci", "s390-ipl", "zpci", "ivshmem-doorbell",
		"virtio-mem-ccw", "virtio-pmem", "diag288", "can-host-socketcan", NULL
	};

	(void)state;
	none_is_offered("object", "qom-type", objects);
	none_is_offered("blockdev", "driver", blocks);
	none_is_offered("device", "driver", devices);
}

/* An offered type is refused if it has members that would extend its reach. */
static void what_an_attacker_adds(void **state)
{
	static const struct {
		const char *kind, *json;
	} hostile[] = {
		{ "object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":536870912,"
			    "\"share\":true}" },
		{ "object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":536870912,"
			    "\"host-nodes\":[0],\"policy\":\"bind\"}" },
		{ "object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":536870912,"
			    "\"prealloc-threads\":4096}" },
		{ "object", "{\"qom-type\":\"rng-builtin\",\"id\":\"r\",\"driver\":\"x\"}" },
		{ "object", "{\"qom-type\":\"rng-random\",\"id\":\"r\",\"filename\":[\"/dev/urandom\"]}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/a\",\"pr-manager\":\"p\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/a\",\"file.filename\":\"/x\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/a\",\"qom-type\":\"x\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":{\"x\":1}}" },
		{ "blockdev", "{\"driver\":\"raw\",\"node-name\":\"n\",\"file.driver\":\"file\","
			      "\"file.filename\":\"/etc/shadow\"}" },
		{ "blockdev", "{\"driver\":\"raw\",\"node-name\":\"n\",\"file\":\"f\",\"offset\":1}" },
		{ "device", "{\"driver\":\"virtio-blk-ccw\",\"drive\":\"d\",\"share-rw\":true}" },
		{ "device", "{\"driver\":\"virtio-blk-ccw\",\"drive\":{\"driver\":\"file\"}}" },
		{ "device", "{\"driver\":\"virtio-serial-ccw\",\"iommu_platform\":true}" },
		{ "device", "{\"driver\":\"virtconsole\",\"chardev\":\"qmp\"}" },
		{ "device", "{\"driver\":\"virtconsole\",\"chardev\":\"wake\"}" },
		{ "device", "{\"driver\":\"virtconsole\",\"chardev\":\"charserial0\\u0000x\"}" },
		{ "device", "{\"driver\":\"sclpconsole\",\"chardev\":\"charserial0\",\"qom-type\":\"x\"}" },
		{ "object", "{\"qom-type\":\"rng-random\",\"id\":\"r\","
			    "\"filename\":\"/dev/urandom\\u0000\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/a\\u0000b\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"/dev/fdset/1\"}" },
		{ "blockdev", "{\"driver\":\"file\",\"filename\":\"json:{}\"}" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++)
		refused(hostile[i].kind, hostile[i].json, "");
}

/*
 * The last of two equal members counts, for guestd and also for QEMU, as the
 * part is written anew.
 */
static void what_is_said_twice(void **state)
{
	(void)state;
	refused("blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/a\","
			    "\"filename\":\"/etc/shadow\"}", "only files in /guest/");
	becomes("blockdev", "{\"driver\":\"nbd\",\"driver\":\"file\",\"filename\":\"/etc/shadow\","
			    "\"filename\":\"/guest/a\"}",
		"{\"driver\":\"file\",\"filename\":\"/guest/a\"}");
}

static void what_does_not_fit_the_guest(void **state)
{
	(void)state;
	refused("object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":536870913}",
		"another size");
	refused("object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\"}", "another size");
	refused("object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\",\"size\":\"512M\"}",
		"another size");
	refused("object", "{\"qom-type\":\"memory-backend-ram\",\"size\":536870912}", "needs an id");
	refused("object", "{\"qom-type\":\"memory-backend-ram\",\"id\":1,\"size\":536870912}",
		"needs an id");
	refused("device", "{\"driver\":\"sclpconsole\",\"chardev\":\"agent\"}",
		"chardev agent is not the guest's console");
}

static void files(void **state)
{
	(void)state;
	refused("blockdev", "{\"driver\":\"file\",\"filename\":\"/etc/shadow\"}", "only files in /guest/");
	refused("blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/../x\"}", "only files in /guest/");
	refused("blockdev", "{\"driver\":\"file\",\"node-name\":\"n\"}", "without filename");
	refused("blockdev", "{\"driver\":\"raw\",\"node-name\":\"n\",\"file\":{\"driver\":\"file\","
			    "\"filename\":\"/etc/shadow\"}}", "the property file is not offered so");
	refused("blockdev", "{\"driver\":\"raw\",\"node-name\":\"n\",\"filename\":\"/etc/shadow\"}",
		"the property filename is not offered");
}

static void what_is_no_description(void **state)
{
	(void)state;
	refused("device", "", "no object of JSON");
	refused("device", "{", "no object of JSON");
	refused("device", "[]", "no object of JSON");
	refused("device", "{\"driver\":1}", "no object of JSON");
	refused("object", "{\"driver\":\"rng-random\"}", "no object of JSON");
	refused("device", "{\"driver\":\"sclpconsole\",\"id\":[]}", "the property id");
	refused("device", "{\"driver\":\"sclpconsole\",\"id\":null}", "the property id");
	refused("device", "{\"driver\":\"virtio-blk-ccw\",\"serial\":\""
		"a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789"
		"a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789"
		"a123456789a123456789a123456789a123456789a123456789a123456789a123456789a123456789"
		"a123456789a12345\"}", "the property serial");
}

/* The LPAR has not named a console of the guest. */
static void no_console(void **state)
{
	static const struct start without = { .memory = 512 };

	(void)state;
	assert_null(part_read("device", "{\"driver\":\"sclpconsole\",\"chardev\":\"console\"}", &without,
			      reason));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_libvirt_describes),
		cmocka_unit_test(what_libvirt_wrote),
		cmocka_unit_test(what_is_left_out),
		cmocka_unit_test(what_is_not_offered),
		cmocka_unit_test(what_an_attacker_describes),
		cmocka_unit_test(what_an_attacker_adds),
		cmocka_unit_test(what_is_said_twice),
		cmocka_unit_test(what_does_not_fit_the_guest),
		cmocka_unit_test(files),
		cmocka_unit_test(what_is_no_description),
		cmocka_unit_test(no_console),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
