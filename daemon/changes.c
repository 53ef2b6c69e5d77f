// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "changes.h"

/* F_SEAL_FUTURE_WRITE leaves the mapping that exists here writable. */
#define SEALS	(F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL)

static struct ap_changes *map(int fd)
{
	void *counts;

	if (ftruncate(fd, sizeof(struct ap_changes)))
		return MAP_FAILED;
	counts = mmap(NULL, sizeof(struct ap_changes), PROT_READ | PROT_WRITE,
		      MAP_SHARED, fd, 0);
	if (counts != MAP_FAILED && fcntl(fd, F_ADD_SEALS, SEALS)) {
		munmap(counts, sizeof(struct ap_changes));
		return MAP_FAILED;
	}
	return counts;
}

int changes_open(struct changes *changes)
{
	int error;

	changes->fd = memfd_create("swcexd-changes",
				   MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (changes->fd < 0)
		return -errno;
	changes->counts = map(changes->fd);
	if (changes->counts != MAP_FAILED)
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
	munmap(changes->counts, sizeof(*changes->counts));
	if (changes->fd >= 0)
		close(changes->fd);
}
