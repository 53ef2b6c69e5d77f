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
	struct link_memory *memory;
	int error, fd = memfd_create("swcexd-changes",
				     MFD_CLOEXEC | MFD_ALLOW_SEALING);

	*changes = (struct changes){ 0 };
	if (fd < 0)
		return -errno;
	memory = map(fd);
	if (memory != MAP_FAILED) {
		*changes = (struct changes){ .memory = memory, .fd = fd };
		return 0;
	}
	error = -errno;
	close(fd);
	return error;
}

void changes_close(struct changes *changes)
{
	if (!changes->memory)
		return;
	munmap(changes->memory, sizeof(*changes->memory));
	close(changes->fd);
	*changes = (struct changes){ 0 };
}
