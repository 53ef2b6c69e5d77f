// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <linux/landlock.h>
#include <openssl/crypto.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "log.h"
#include "sandbox.h"

#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER	(1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE	(1ULL << 14)
#endif

#define READ	LANDLOCK_ACCESS_FS_READ_FILE
#define LIST	(READ | LANDLOCK_ACCESS_FS_READ_DIR)
#define REPLACE	(LIST | LANDLOCK_ACCESS_FS_WRITE_FILE |	\
		 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE)
#define SOCKETS	(LANDLOCK_ACCESS_FS_READ_DIR |	\
		 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_REMOVE_FILE)

/*
 * All that Landlock's first version knows; later versions add one right each.
 */
#define ALL	((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

/*
 * Return the rights that the kernel can confine, or 0 if it has no Landlock, or
 * if Landlock is disabled.
 */
static uint64_t confinable(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	if (version < 1)
		return 0;
	return ALL | (version >= 2 ? LANDLOCK_ACCESS_FS_REFER : 0) |
	       (version >= 3 ? LANDLOCK_ACCESS_FS_TRUNCATE : 0);
}

/* A missing file cannot be reached anyway, and is reported where it is used. */
static void allow(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = access,
		.parent_fd = open(path, O_PATH | O_CLOEXEC),
	};

	if (rule.parent_fd < 0)
		return;
	syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule,
		0);
	close(rule.parent_fd);
}

/* Allow access to the directory that contains the file @path. */
static void allow_beside(int rules, const char *path, uint64_t access)
{
	char copy[PATH_MAX];

	if (!path)
		return;
	snprintf(copy, sizeof(copy), "%s", path);
	allow(rules, dirname(copy), access);
}

static void allow_files(int rules, const struct sandbox_files *files)
{
	allow(rules, "/proc", LIST);
	allow(rules, "/sys/devices/system/cpu", LIST);
	allow(rules, files->machine, READ);
	allow_beside(rules, files->state, REPLACE);
	allow_beside(rules, files->key, REPLACE);
	if (files->state)
		allow(rules, files->state, READ);
	for (unsigned int i = 0; i < 3; i++)
		allow_beside(rules, files->sockets[i], SOCKETS);
}

static int restrict_self(const struct sandbox_files *files, uint64_t handled)
{
	const struct landlock_ruleset_attr attributes = {
		.handled_access_fs = handled,
	};
	int rules = syscall(SYS_landlock_create_ruleset, &attributes,
			    sizeof(attributes.handled_access_fs), 0);
	int error = 0;

	if (rules < 0)
		return -errno;
	allow_files(rules, files);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    syscall(SYS_landlock_restrict_self, rules, 0))
		error = -errno;
	close(rules);
	return error;
}

int sandbox_confine_files(const struct sandbox_files *files)
{
	uint64_t handled = confinable();
	int error;

	/*
	 * OpenSSL reads its configuration at first use, so it is used before.
	 */
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG |
			    OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL);
	if (!handled) {
		log_line(LOG_INFO, "the kernel has no Landlock: swcexd can access all files that its user can");
		return 0;
	}
	error = restrict_self(files, handled);
	if (error)
		log_line(LOG_ERROR, "files cannot be confined: %s",
			 strerror(-error));
	return error;
}

/*
 * The system calls that serving takes, including those of the C library and of
 * OpenSSL: memory, existing threads, time, descriptors, the state file, and the
 * ends of processes.
 */
static const int calls[] = {
	SCMP_SYS(brk), SCMP_SYS(madvise), SCMP_SYS(mlock), SCMP_SYS(mremap),
	SCMP_SYS(munlock), SCMP_SYS(munmap),
	SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(futex), SCMP_SYS(getpid),
	SCMP_SYS(gettid), SCMP_SYS(restart_syscall), SCMP_SYS(rseq),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sched_yield), SCMP_SYS(set_robust_list), SCMP_SYS(sigreturn),
	SCMP_SYS(clock_getres), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(nanosleep),
	SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(getrlimit),
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(close),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait),
	SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(ftruncate),
	SCMP_SYS(getsockopt), SCMP_SYS(lseek), SCMP_SYS(memfd_create),
	SCMP_SYS(pidfd_open), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(read),
	SCMP_SYS(readv), SCMP_SYS(recv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(send), SCMP_SYS(sendmsg),
	SCMP_SYS(sendto), SCMP_SYS(shutdown), SCMP_SYS(timerfd_settime),
	SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(fsync), SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(open),
	SCMP_SYS(openat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(stat), SCMP_SYS(statx), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
};

/* Allow to map and protect memory, unless it becomes executable. */
static int allow_memory(scmp_filter_ctx filter, int call)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

/* abort() may signal this process only. */
static int allow_abort(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
				SCMP_A0(SCMP_CMP_EQ, getpid()));
}

static int fill(scmp_filter_ctx filter)
{
	int error = seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]) && !error; i++)
		error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	if (!error)
		error = allow_memory(filter, SCMP_SYS(mmap));
	if (!error)
		error = allow_memory(filter, SCMP_SYS(mprotect));
	if (!error)
		error = allow_abort(filter);
	return error;
}

int sandbox_confine_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int error;

	if (!filter)
		return -ENOMEM;
	error = fill(filter);
	if (!error)
		error = seccomp_load(filter);
	seccomp_release(filter);
	if (error == -EINVAL || error == -ENOSYS) {
		log_line(LOG_INFO, "the kernel has no seccomp: swcexd can make every system call");
		return 0;
	}
	if (error)
		log_line(LOG_ERROR, "system calls cannot be confined: %s",
			 strerror(-error));
	return error;
}
