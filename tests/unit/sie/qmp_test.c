// SPDX-License-Identifier: GPL-2.0-only
/*
 * The requests to QEMU that a program in the LPAR may send, and the changes to
 * answers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sie/host/qmp.c"

/*
 * Return whether the command is accepted. @arguments is JSON, or NULL if there
 * are none.
 */
static bool takes(const char *command, const char *arguments)
{
	struct json_object *object = arguments ? json_tokener_parse(arguments) : NULL;
	bool taken = qmp_takes(command, object);

	json_object_put(object);
	return taken;
}

static void commands(void **state)
{
	(void)state;
	assert_true(takes("query-status", NULL));
	assert_true(takes("system_reset", NULL));
	assert_false(takes("", NULL));
	assert_false(takes("STOP", NULL));
	assert_false(takes("stop ", NULL));
}

/*
 * Commands are refused that access files, memory, sockets, descriptors or other
 * processes of the host, or that change the guest's devices, even with
 * arguments that QEMU would accept.
 */
static void what_an_attacker_asks_for(void **state)
{
	static const char *const hostile[][2] = {
		{ "human-monitor-command", "{\"command-line\":\"info status\"}" },
		{ "blockdev-add", "{\"driver\":\"file\",\"node-name\":\"n\",\"filename\":\"/etc/shadow\"}" },
		{ "blockdev-reopen", "{\"options\":[]}" },
		{ "blockdev-del", "{\"node-name\":\"drive0\"}" },
		{ "blockdev-create", "{\"job-id\":\"j\",\"options\":{\"driver\":\"file\","
				     "\"filename\":\"/tmp/x\",\"size\":1}}" },
		{ "blockdev-mirror", "{\"device\":\"drive0\",\"target\":\"n\",\"sync\":\"full\"}" },
		{ "drive-mirror", "{\"device\":\"drive0\",\"target\":\"/tmp/x\",\"sync\":\"full\"}" },
		{ "drive-backup", "{\"device\":\"drive0\",\"target\":\"/tmp/x\",\"sync\":\"full\"}" },
		{ "blockdev-backup", "{}" }, { "block-commit", "{}" }, { "block-stream", "{}" },
		{ "blockdev-snapshot", "{}" },
		{ "blockdev-snapshot-sync", "{\"device\":\"drive0\",\"snapshot-file\":\"/tmp/x\"}" },
		{ "blockdev-change-medium", "{\"id\":\"d\",\"filename\":\"/etc/shadow\"}" },
		{ "blockdev-insert-medium", "{}" }, { "change-backing-file", "{}" },
		{ "transaction", "{\"actions\":[]}" }, { "x-blockdev-change", "{}" },
		{ "block-export-add", "{\"type\":\"nbd\",\"id\":\"e\",\"node-name\":\"n\"}" },
		{ "nbd-server-start", "{\"addr\":{\"type\":\"unix\",\"data\":{\"path\":\"/tmp/x\"}}}" },
		{ "nbd-server-add", "{\"device\":\"drive0\"}" },
		{ "chardev-add", "{\"id\":\"c\",\"backend\":{\"type\":\"file\",\"data\":{\"out\":\"/tmp/x\"}}}" },
		{ "chardev-change", "{\"id\":\"console\",\"backend\":{\"type\":\"file\",\"data\":"
				    "{\"out\":\"/tmp/x\"}}}" },
		{ "chardev-remove", "{\"id\":\"agent\"}" },
		{ "chardev-send-break", "{\"id\":\"console\"}" },
		{ "ringbuf-read", "{}" }, { "ringbuf-write", "{}" },
		{ "object-add", "{\"qom-type\":\"memory-backend-file\",\"id\":\"m\",\"size\":1,"
				"\"mem-path\":\"/etc/shadow\"}" },
		{ "object-del", "{\"id\":\"rng\"}" }, { "device_add", "{\"driver\":\"virtio-net-ccw\"}" },
		{ "device_del", "{\"id\":\"swcex\"}" }, { "netdev_add", "{\"type\":\"user\",\"id\":\"n\"}" },
		{ "netdev_del", "{\"id\":\"n\"}" }, { "set_link", "{\"name\":\"n\",\"up\":true}" },
		{ "getfd", "{\"fdname\":\"f\"}" }, { "closefd", "{\"fdname\":\"f\"}" },
		{ "add-fd", "{}" }, { "remove-fd", "{\"fdset-id\":1}" }, { "query-fdsets", NULL },
		{ "add_client", "{\"protocol\":\"vnc\",\"fdname\":\"f\"}" },
		{ "dump-guest-memory", "{\"paging\":false,\"protocol\":\"file:/tmp/x\"}" },
		{ "dump-skeys", "{\"filename\":\"/tmp/x\"}" },
		{ "memsave", "{\"val\":0,\"size\":1,\"filename\":\"/tmp/x\"}" },
		{ "pmemsave", "{\"val\":0,\"size\":1,\"filename\":\"/tmp/x\"}" },
		{ "screendump", "{\"filename\":\"/tmp/x\"}" }, { "dumpdtb", "{\"filename\":\"/tmp/x\"}" },
		{ "migrate", "{\"uri\":\"exec:true\"}" },
		{ "migrate-incoming", "{\"uri\":\"exec:true\"}" },
		{ "migrate-recover", "{\"uri\":\"unix:/tmp/x\"}" },
		{ "migrate-set-parameters", "{\"tls-creds\":\"x\"}" },
		{ "snapshot-save", "{}" }, { "snapshot-load", "{}" },
		{ "xen-save-devices-state", "{\"filename\":\"/tmp/x\"}" },
		{ "xen-load-devices-state", "{\"filename\":\"/tmp/x\"}" },
		{ "xen-set-replication", "{}" }, { "x-colo-lost-heartbeat", NULL },
		{ "trace-event-set-state", "{\"name\":\"*\",\"enable\":true}" },
		{ "x-query-ramblock", NULL }, { "x-query-jit", NULL }, { "query-chardev", NULL },
		{ "query-chardev-backends", NULL }, { "query-rx-filter", NULL },
		{ "query-pr-managers", NULL }, { "query-vnc", NULL }, { "query-block-exports", NULL },
		{ "query-sev", NULL }, { "query-memdev", NULL }, { "set_password", "{}" },
		{ "display-reload", "{}" }, { "display-update", "{}" }, { "expire_password", "{}" },
		{ "inject-nmi", NULL },
		{ "watchdog-set-action", "{\"action\":\"debug\"}" },
		{ "replay-break", "{\"icount\":1}" }, { "rtc-reset-reinjection", NULL },
		{ "calc-dirty-rate", "{\"calc-time\":1}" }, { "set-vcpu-dirty-limit", "{}" },
		{ "job-cancel", "{\"id\":\"j\"}" }, { "yank", "{\"instances\":[]}" },
		{ "device-sync-config", "{\"id\":\"d\"}" }, { "x-exit-preconfig", NULL },
		{ "qmp_capabilities", NULL }, { "cxl-inject-uncorrectable-errors", "{}" },
	};

	(void)state;
	for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++)
		assert_false(takes(hostile[i][0], hostile[i][1]));
}

/* What becomes of a guest that reboots, powers down or panics is its LPAR's to say. */
static void ends_of_a_guest(void **state)
{
	(void)state;
	assert_true(takes("set-action", "{\"panic\":\"shutdown\"}"));
	assert_true(takes("set-action", "{\"reboot\":\"shutdown\"}"));
	assert_true(takes("set-action", "{\"shutdown\":\"pause\",\"reboot\":\"reset\"}"));
}

static void capabilities_of_migration(void **state)
{
	(void)state;
	assert_true(takes("migrate-set-capabilities",
			  "{\"capabilities\":[{\"capability\":\"events\",\"state\":true}]}"));
	assert_false(takes("migrate-set-capabilities",
			   "{\"capabilities\":[{\"capability\":\"events\",\"state\":true},"
			   "{\"capability\":\"xbzrle\",\"state\":true}]}"));
	assert_false(takes("migrate-set-capabilities", "{\"capabilities\":[1]}"));
	assert_false(takes("migrate-set-capabilities", "{\"capabilities\":1}"));
	assert_false(takes("migrate-set-capabilities", NULL));
}

static void properties(void **state)
{
	(void)state;
	assert_true(takes("qom-get", "{\"path\":\"/machine/peripheral/balloon0\","
				     "\"property\":\"guest-stats\"}"));
	assert_true(takes("qom-set", "{\"path\":\"/machine/peripheral/balloon0\","
				     "\"property\":\"guest-stats-polling-interval\",\"value\":2}"));
	assert_false(takes("qom-get", "{\"path\":\"/machine\",\"property\":\"kernel\"}"));
	assert_false(takes("qom-get", "{\"path\":\"/objects/rng\",\"property\":\"guest-stats\"}"));
	assert_false(takes("qom-set", "{\"path\":\"/machine/peripheral/d\",\"property\":\"drive\"}"));
	assert_false(takes("qom-get", "{\"path\":\"/machine/peripheral/balloon0\"}"));
	assert_false(takes("qom-get", NULL));
	assert_false(takes("qom-get", "{\"path\":\"/chardevs/agent\",\"property\":\"guest-stats\"}"));
	assert_false(takes("qom-set", "{\"path\":1,\"property\":\"guest-stats\",\"value\":1}"));
}

static const struct qmp_lpar with_device = { .device = "hostdev0", .process = 77,
					     .lists_devices = true };
static const struct qmp_lpar without_device = { .device = "", .lists_devices = true };
static const struct qmp_lpar elsewhere = { .device = "hostdev0" };
static const struct qmp_lpar without_kvm = { .device = "", .lacks_kvm = true };

static void mended(const char *command, const struct qmp_lpar *lpar, const char *returned,
		   const char *expected)
{
	struct json_object *object = json_tokener_parse(returned);

	qmp_mend(command, object, lpar);
	assert_string_equal(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE), expected);
	json_object_put(object);
}

static void stays(const char *command, const struct qmp_lpar *lpar, const char *returned)
{
	mended(command, lpar, returned, returned);
}

static void the_device_is_listed(void **state)
{
	struct json_object *arguments = json_tokener_parse("{\"path\":\"/machine/peripheral\"}");

	(void)state;
	assert_true(qmp_lists_devices("qom-list", arguments));
	assert_false(qmp_lists_devices("qom-get", arguments));
	assert_false(qmp_lists_devices("qom-list", NULL));
	json_object_put(arguments);
	mended("qom-list", &with_device, "[]",
	       "[{\"name\":\"hostdev0\",\"type\":\"child<vfio-ap>\"}]");
	stays("qom-list", &without_device, "[]");
	stays("qom-list", &with_device, "{}");
	stays("qom-list", &elsewhere, "[]");
}

static void the_host_is_the_cpu(void **state)
{
	(void)state;
	mended("query-machines", &without_device,
	       "[{\"name\":\"m\",\"default-cpu-type\":\"qemu-s390x-cpu\"},{\"name\":\"none\"},1]",
	       "[{\"name\":\"m\",\"default-cpu-type\":\"host-s390x-cpu\"},{\"name\":\"none\"},1]");
	stays("query-machines", &without_device, "1");
	stays("query-machines", &without_kvm, "[{\"default-cpu-type\":\"qemu-s390x-cpu\"}]");
	mended("query-cpu-model-expansion", &without_device, "{\"model\":{\"props\":{\"aen\":true}}}",
	       "{\"model\":{\"props\":{\"aen\":true,\"ap\":true,\"apqci\":true,\"apft\":true}}}");
	stays("query-cpu-model-expansion", &without_kvm, "{\"model\":{\"props\":{\"aen\":true}}}");
	stays("query-cpu-model-expansion", &without_device, "{\"model\":{\"props\":1}}");
	stays("query-cpu-model-expansion", &without_device, "{}");
}

/* libvirt would move the thread that has this number in the LPAR. */
/* libvirt 12 asks this in place of query-kvm. */
static void the_accelerator_is_kvm(void **state)
{
	(void)state;
	mended("query-accelerators", &without_device, "{\"enabled\":\"tcg\",\"present\":[\"qtest\",\"tcg\"]}",
	       "{\"enabled\":\"kvm\",\"present\":[\"qtest\",\"tcg\",\"kvm\"]}");
	mended("query-accelerators", &without_kvm, "{\"enabled\":\"tcg\",\"present\":[\"tcg\"]}",
	       "{\"enabled\":\"tcg\",\"present\":[\"tcg\",\"kvm\"]}");
	stays("query-accelerators", &without_device, "{\"enabled\":\"kvm\",\"present\":[1,\"kvm\"]}");
	stays("query-accelerators", &without_device, "{\"enabled\":\"tcg\"}");
}

static void threads_are_the_front_end(void **state)
{
	(void)state;
	mended("query-cpus-fast", &with_device, "[{\"cpu-index\":0,\"thread-id\":4711},5]",
	       "[{\"cpu-index\":0,\"thread-id\":77},5]");
	mended("query-iothreads", &without_kvm, "[{\"id\":\"i\",\"thread-id\":4711}]",
	       "[{\"id\":\"i\",\"thread-id\":0}]");
	stays("query-cpus-fast", &with_device, "{}");
}

/* The guest's devices may come from guestd.conf. */
static void names_of_files_are_hidden(void **state)
{
	(void)state;
	mended("query-block", &without_kvm,
	       "[{\"io-status\":\"ok\",\"device\":\"drive0\",\"qdev\":\"/machine/peripheral/d\","
	       "\"locked\":false,\"inserted\":{\"node-name\":\"#block1\",\"drv\":\"raw\","
	       "\"file\":\"/srv/secret\",\"backing_file\":\"/srv/other\",\"image\":{"
	       "\"virtual-size\":512,\"filename\":\"/srv/secret\",\"format\":\"raw\","
	       "\"full-backing-filename\":\"/srv/other\",\"format-specific\":{\"type\":\"qcow2\","
	       "\"data\":{\"data-file\":\"/srv/third\",\"names\":[\"/srv/fourth\",[\"/srv/fifth\"]]}}}}}]",
	       "[{\"io-status\":\"ok\",\"device\":\"drive0\",\"qdev\":\"/machine/peripheral/d\","
	       "\"locked\":false,\"inserted\":{\"node-name\":\"#block1\",\"drv\":\"raw\","
	       "\"file\":\"\",\"backing_file\":\"\",\"image\":{"
	       "\"virtual-size\":512,\"filename\":\"\",\"format\":\"raw\","
	       "\"full-backing-filename\":\"\",\"format-specific\":{\"type\":\"qcow2\","
	       "\"data\":{\"data-file\":\"\",\"names\":[\"\",[\"\"]]}}}}}]");
	mended("query-named-block-nodes", &with_device, "[{\"file\":\"json:{...}\",\"ro\":true}]",
	       "[{\"file\":\"\",\"ro\":true}]");
	mended("query-blockstats", &with_device, "[{\"device\":\"d\",\"stats\":{\"rd_bytes\":1},"
	       "\"parent\":{\"x\":\"/srv/secret\"}}]",
	       "[{\"device\":\"d\",\"stats\":{\"rd_bytes\":1},\"parent\":{\"x\":\"\"}}]");
	mended("query-block", &with_device, "\"/srv/secret\"", "\"\"");
	stays("query-status", &with_device, "{\"status\":\"running\"}");
	stays("quit", &with_device, "{}");
}

static void the_host_is_called_max(void **state)
{
	struct json_object *arguments = json_tokener_parse("{\"model\":{\"name\":\"host\"}}");

	(void)state;
	assert_true(qmp_takes("query-cpu-model-expansion", arguments));
	assert_string_equal(json_object_to_json_string_ext(arguments, JSON_C_TO_STRING_PLAIN),
			    "{\"model\":{\"name\":\"max\"}}");
	json_object_put(arguments);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(what_an_attacker_asks_for),
		cmocka_unit_test(ends_of_a_guest),
		cmocka_unit_test(capabilities_of_migration),
		cmocka_unit_test(properties),
		cmocka_unit_test(the_device_is_listed),
		cmocka_unit_test(the_host_is_the_cpu),
		cmocka_unit_test(the_accelerator_is_kvm),
		cmocka_unit_test(threads_are_the_front_end),
		cmocka_unit_test(names_of_files_are_hidden),
		cmocka_unit_test(the_host_is_called_max),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
