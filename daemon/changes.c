// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "changes.h"

/* F_SEAL_FUTURE_WRITE leaves the mapping that exists here writable. */
#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

static struct link_memory *map(int fd)
{
	void *memory;

	if (ftruncate(fd, sizeof(struct link_memory)))
		return MAP_FAILED;
	memory = mmap(NULL, sizeof(struct link_memory), PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (memory != MAP_FAILED && fcntl(fd, F_ADD_SEALS, SEALS)) {
		munmap(memory, sizeof(struct link_memory));
		return MAP_FAILED;
	}
	return memory;
}

int changes_open(struct changes *changes)
{
	int error;

	changes->fd = memfd_create("swcexd-changes",
				   MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (changes->fd < 0)
		return -errno;
	changes->memory = map(changes->fd);
	if (changes->memory != MAP_FAILED)
		return 0;
	error = -errno;
	close(changes->fd);
	return error;
}

void changes_given(struct changes *changes)
{
	close(changes->fd);
	changes->fd = -1;
}

void changes_close(struct changes *changes)
{
	munmap(changes->memory, sizeof(*changes->memory));
	if (changes->fd >= 0)
		close(changes->fd);
}
