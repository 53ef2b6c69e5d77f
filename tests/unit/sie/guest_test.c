// SPDX-License-Identifier: GPL-2.0-only
/* What a guest's QEMU is given, and how it ends. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "sie/host/guest.c"

static char *folder;
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

static void make_file(const char *name)
{
	g_autofree char *path = g_strdup_printf("%s/%s", folder, name);

	assert_true(g_file_set_contents(path, "", 0, NULL));
}

static int setup(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("guest,XXXXXX", NULL);
	config = (struct config){ "/bin/sh", "/a,b/swcex.so", "/run/s,t", folder, folder };
	make_file("vmlinuz");
	make_file("a,b");
	return 0;
}

static int teardown(void **state)
{
	g_autofree char *kernel = g_strdup_printf("%s/vmlinuz", folder);
	g_autofree char *disk = g_strdup_printf("%s/a,b", folder);

	(void)state;
	unlink(kernel);
	unlink(disk);
	rmdir(folder);
	g_free(folder);
	return 0;
}

/* The argument after the first @option whose argument starts with @prefix. */
static const char *after(char **arguments, const char *option, const char *prefix)
{
	for (; arguments[0] && arguments[1]; arguments++) {
		if (!strcmp(arguments[0], option) && g_str_has_prefix(arguments[1], prefix))
			return arguments[1];
	}
	return NULL;
}

static void arguments(void **state)
{
	struct start start = a_start();
	g_auto(GStrv) arguments = guest_arguments(&config, &start, reason);
	g_autofree char *kernel = g_strdup_printf("%s/vmlinuz", folder);

	(void)state;
	assert_non_null(arguments);
	assert_string_equal(arguments[0], "/bin/sh");
	assert_string_equal(after(arguments, "-plugin", ""),
			    "/a,,b/swcex.so,link=/run/s,,t,guest=18446744073709551615,"
			    "wake=guest1.agent/wake");
	assert_string_equal(after(arguments, "-kernel", ""), kernel);
	assert_string_equal(after(arguments, "-m", ""), "512M");
	assert_string_equal(after(arguments, "-smp", ""), "2");
	assert_null(after(arguments, "-initrd", ""));
	assert_null(after(arguments, "-append", ""));
	assert_null(after(arguments, "-blockdev", ""));
}

static void a_comma_ends_no_option(void **state)
{
	struct start start = a_start();
	g_auto(GStrv) arguments = NULL;

	(void)state;
	start.drive[start.drives++] = "/guest/a,b";
	arguments = guest_arguments(&config, &start, reason);
	assert_non_null(arguments);
	assert_non_null(strstr(after(arguments, "-blockdev", ""), "/a,,b"));
	assert_non_null(strstr(after(arguments, "-blockdev", ""), "read-only=on"));
	assert_null(strstr(after(arguments, "-blockdev", ""), "/guest,XXXX"));
	assert_non_null(strstr(after(arguments, "-blockdev", ""), "/guest,,"));
}

static void a_kernel_command_line_is_one_argument(void **state)
{
	struct start start = a_start();
	g_auto(GStrv) arguments = NULL;

	(void)state;
	start.append = "-monitor stdio, a=b";
	arguments = guest_arguments(&config, &start, reason);
	assert_string_equal(after(arguments, "-append", ""), "-monitor stdio, a=b");
	assert_null(after(arguments, "-monitor", ""));
}

static void a_file_that_is_not_there(void **state)
{
	struct start start = a_start();

	(void)state;
	start.initrd = "/guest/initrd";
	assert_null(guest_arguments(&config, &start, reason));
	assert_string_equal(reason, "could not read '/guest/initrd': No such file or directory");
}

/* Runs a shell script in place of QEMU. */
static struct guest run(const char *script)
{
	char *arguments[] = { "/bin/sh", "-c", (char *)script, NULL };
	struct guest guest;

	assert_true(guest_spawn(&guest, &config, arguments, reason));
	return guest;
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
	char *arguments[] = { "/nonexistent/qemu", NULL };
	struct guest guest;

	(void)state;
	assert_true(guest_spawn(&guest, &config, arguments, reason));
	assert_int_equal(guest_wait(&guest), 127);
	close_guest(&guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments),
		cmocka_unit_test(a_comma_ends_no_option),
		cmocka_unit_test(a_kernel_command_line_is_one_argument),
		cmocka_unit_test(a_file_that_is_not_there),
		cmocka_unit_test(exit_status),
		cmocka_unit_test(killed),
		cmocka_unit_test(no_such_program),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
