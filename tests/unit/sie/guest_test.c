// SPDX-License-Identifier: GPL-2.0-only
/* The arguments of a guest's QEMU, and how it ends. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "sie/host/guest.c"

static char *directory;
static struct config config;
static char reason[REQUEST_REASON];

static struct start a_start(void)
{
	return (struct start){
		.guest = UINT64_MAX,
		.name = "guest1",
		.memory = 512,
		.cpus = 2,
		.kernel = "/guest/vmlinuz",
	};
}

static char *path_of(const char *name)
{
	return g_build_filename(directory, name, NULL);
}

static void make_file(const char *name)
{
	g_autofree char *path = path_of(name);

	assert_true(g_file_set_contents(path, name, -1, NULL));
}

static int setup(void **state)
{
	(void)state;
	directory = g_dir_make_tmp("guest,XXXXXX", NULL);
	config = (struct config){
		.qemu = "/bin/sh",
		.plugin = "/a,b/swcex.so",
		.machine = "/run/s,t",
		.files = directory,
		.run = directory,
		.named = g_hash_table_new(g_str_hash, g_str_equal),
		.given = g_hash_table_new(g_str_hash, g_str_equal),
	};
	make_file("vmlinuz");
	make_file("disk");
	return 0;
}

static int teardown(void **state)
{
	g_autofree char *kernel = path_of("vmlinuz");
	g_autofree char *disk = path_of("disk");

	(void)state;
	unlink(kernel);
	unlink(disk);
	rmdir(directory);
	g_free(directory);
	g_hash_table_unref(config.named);
	g_hash_table_unref(config.given);
	return 0;
}

/*
 * Return the argument of the first @option whose argument begins with @prefix,
 * or NULL.
 */
static const char *after(char **arguments, const char *option, const char *prefix)
{
	for (; arguments[0] && arguments[1]; arguments++) {
		if (!strcmp(arguments[0], option) && g_str_has_prefix(arguments[1], prefix))
			return arguments[1];
	}
	return NULL;
}

/*
 * Return the contents of the descriptor whose number is the first one in @text.
 */
static char *contents(const char *text)
{
	static char bytes[32];
	int fd = atoi(text + strcspn(text, "0123456789"));
	ssize_t length = read(fd, bytes, sizeof(bytes) - 1);

	assert_true(length >= 0);
	bytes[length] = '\0';
	return bytes;
}

static void arguments(void **state)
{
	struct start start = a_start();
	struct command command;
	char **arguments;
	const char *plugin;

	(void)state;
	assert_true(command_make(&command, &config, &start, reason));
	arguments = (char **)command.arguments->pdata;
	assert_string_equal(arguments[0], "/bin/sh");
	plugin = after(arguments, "-plugin", "/a,,b/swcex.so,link=/run/s,,t,guest-fd=");
	assert_non_null(plugin);
	assert_true(g_str_has_suffix(plugin, ",wake=wake"));
	assert_string_equal(contents(strstr(plugin, "guest-fd=")), "18446744073709551615");
	assert_string_equal(contents(after(arguments, "-kernel", "/proc/self/fd/")), "vmlinuz");
	assert_string_equal(after(arguments, "-m", ""), "512M");
	assert_string_equal(after(arguments, "-smp", ""), "2");
	assert_null(after(arguments, "-initrd", ""));
	assert_null(after(arguments, "-append", ""));
	assert_null(after(arguments, "-blockdev", ""));
	command_free(&command);
}

/*
 * Devices of guestd.conf are given to the guest of that name, and to no other.
 */
static void what_the_host_gives(void **state)
{
	static const char *words[] = { "-device", "virtio-net-ccw", NULL };
	struct start start = a_start();
	struct command command;

	(void)state;
	g_hash_table_insert(config.given, "guest1", words);
	assert_true(command_make(&command, &config, &start, reason));
	assert_non_null(after((char **)command.arguments->pdata, "-device", "virtio-net-ccw"));
	command_free(&command);
	start.name = "guest2";
	assert_true(command_make(&command, &config, &start, reason));
	assert_null(after((char **)command.arguments->pdata, "-device", "virtio-net-ccw"));
	command_free(&command);
}

/* The guest's number is neither an argument nor part of one. */
static void the_number_is_in_no_argument(void **state)
{
	struct start start = a_start();
	struct command command;

	(void)state;
	assert_true(command_make(&command, &config, &start, reason));
	for (guint i = 0; i + 1 < command.arguments->len; i++)
		assert_null(strstr(command.arguments->pdata[i], "18446744073709551615"));
	command_free(&command);
}

static void describe(struct start *start, const char *kind, const char *json)
{
	start->part[start->parts].kind = kind;
	start->part[start->parts++].json = json;
}

/*
 * A file that the LPAR describes is opened by guestd, and read-only, whatever
 * the description demands.
 */
static void parts(void **state)
{
	struct start start = a_start();
	struct command command;
	const char *blockdev;
	char **arguments;

	(void)state;
	start.console = "con0";
	start.is_paused = start.stays_after_shutdown = true;
	start.machine = "s390-ccw-virtio-11.1";
	describe(&start, "object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"a,b\","
				   "\"size\":536870912}");
	describe(&start, "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/disk\","
				     "\"node-name\":\"n\",\"read-only\":false}");
	describe(&start, "device", "{\"driver\":\"sclpconsole\",\"chardev\":\"con0\"}");
	assert_true(command_make(&command, &config, &start, reason));
	arguments = (char **)command.arguments->pdata;
	assert_string_equal(after(arguments, "-M", ""), "s390-ccw-virtio-11.1,memory-backend=a,,b");
	assert_non_null(after(arguments, "-chardev", "stdio,id=con0,"));
	assert_non_null(after(arguments, "-device", "{\"driver\":\"sclpconsole\""));
	assert_null(after(arguments, "-device", "sclpconsole"));
	blockdev = after(arguments, "-blockdev", "{\"driver\":\"file\",");
	assert_non_null(blockdev);
	assert_null(strstr(blockdev, "disk"));
	assert_non_null(strstr(blockdev, "\"read-only\":true"));
	assert_string_equal(contents(strstr(blockdev, "fd\\/")), "disk");
	assert_true(g_strv_contains((const char *const *)arguments, "-S"));
	assert_true(g_strv_contains((const char *const *)arguments, "-no-shutdown"));
	command_free(&command);
}

static void parts_that_are_refused(void **state)
{
	struct start start = a_start();
	struct command command;

	(void)state;
	describe(&start, "blockdev", "{\"driver\":\"file\",\"filename\":\"/guest/none\"}");
	assert_false(command_make(&command, &config, &start, reason));
	assert_non_null(strstr(reason, "could not read '/guest/none'"));
	command_free(&command);
	start.parts = 0;
	for (int i = 0; i < 2; i++)
		describe(&start, "object", "{\"qom-type\":\"memory-backend-ram\",\"id\":\"m\","
					   "\"size\":536870912}");
	assert_false(command_make(&command, &config, &start, reason));
	assert_non_null(strstr(reason, "its storage once"));
	command_free(&command);
	*reason = '\0';
}

static void drives(void **state)
{
	struct start start = a_start();
	struct command command;
	const char *blockdev;

	(void)state;
	start.drive[start.drives++] = "/guest/disk";
	assert_true(command_make(&command, &config, &start, reason));
	blockdev = after((char **)command.arguments->pdata, "-blockdev", "driver=file,");
	assert_non_null(strstr(blockdev, "read-only=on"));
	assert_string_equal(contents(strstr(blockdev, "/fd/")), "disk");
	command_free(&command);
}

static void a_kernel_command_line_is_one_argument(void **state)
{
	struct start start = a_start();
	struct command command;
	char **arguments;

	(void)state;
	start.append = "-monitor stdio, a=b";
	assert_true(command_make(&command, &config, &start, reason));
	arguments = (char **)command.arguments->pdata;
	assert_string_equal(after(arguments, "-append", ""), "-monitor stdio, a=b");
	assert_null(after(arguments, "-monitor", ""));
	command_free(&command);
}

static void a_probe(void **state)
{
	struct command command;
	char **arguments;

	(void)state;
	assert_true(command_make_probe(&command, &config, reason));
	arguments = (char **)command.arguments->pdata;
	assert_string_equal(after(arguments, "-M", ""), "none");
	assert_non_null(after(arguments, "-sandbox", "on,"));
	assert_null(after(arguments, "-plugin", ""));
	assert_true(command.monitor >= 0);
	command_free(&command);
}

static void a_file_that_is_not_there(void **state)
{
	struct start start = a_start();
	struct command command;

	(void)state;
	start.initrd = "/guest/initrd";
	assert_false(command_make(&command, &config, &start, reason));
	assert_string_equal(reason, "could not read '/guest/initrd': No such file or directory");
	command_free(&command);
}

/* Run a program in place of QEMU. */
static struct guest spawn(const char *program, const char *option, const char *argument, int fd)
{
	const char *arguments[] = { program, option, argument, NULL };
	GPtrArray pointers = { .pdata = (gpointer *)arguments, .len = 4 };
	GArray *fds = g_array_new(FALSE, FALSE, sizeof(int));
	struct guest guest;

	if (fd >= 0)
		g_array_append_val(fds, fd);
	assert_true(guest_spawn(&guest, "/", &(struct command){ &pointers, fds, -1, NULL }, reason));
	g_array_unref(fds);
	return guest;
}

static struct guest run(const char *script)
{
	return spawn("/bin/sh", "-c", script, -1);
}

static void close_guest(struct guest *guest)
{
	close(guest->in);
	close(guest->out);
	close(guest->err);
}

static void exit_status(void **state)
{
	struct guest guest = run("exit 7");

	(void)state;
	assert_int_equal(guest_wait(&guest), 7);
	close_guest(&guest);
}

static void killed(void **state)
{
	struct guest guest = run("exec sleep 1000");

	(void)state;
	guest_kill(&guest);
	assert_int_equal(guest_wait(&guest), 128 + SIGKILL);
	guest_kill(&guest);
	close_guest(&guest);
}

static void no_such_program(void **state)
{
	struct guest guest = spawn("/nonexistent/qemu", NULL, NULL, -1);

	(void)state;
	assert_int_equal(guest_wait(&guest), 127);
	close_guest(&guest);
}

static void descriptors(void **state)
{
	g_autofree char *path = path_of("disk");
	int named = open(path, O_RDONLY | O_CLOEXEC);
	int other = open(path, O_RDONLY | O_CLOEXEC);
	g_autofree char *script = g_strdup_printf("[ $(cat /proc/self/fd/%d) = disk ] && "
						  "[ ! -e /proc/self/fd/%d ]", named, other);
	struct guest guest = spawn("/bin/sh", "-c", script, named);

	(void)state;
	assert_int_equal(guest_wait(&guest), 0);
	close_guest(&guest);
	close(named);
	close(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments),
		cmocka_unit_test(what_the_host_gives),
		cmocka_unit_test(the_number_is_in_no_argument),
		cmocka_unit_test(parts),
		cmocka_unit_test(parts_that_are_refused),
		cmocka_unit_test(drives),
		cmocka_unit_test(a_kernel_command_line_is_one_argument),
		cmocka_unit_test(a_probe),
		cmocka_unit_test(a_file_that_is_not_there),
		cmocka_unit_test(exit_status),
		cmocka_unit_test(killed),
		cmocka_unit_test(no_such_program),
		cmocka_unit_test(descriptors),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
