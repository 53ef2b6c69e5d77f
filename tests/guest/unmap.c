// SPDX-License-Identifier: GPL-2.0-only
/*
 * unmap PROCESS SECONDS: maps memory for the guest of a front end, and unmaps it again, over and
 * over, two pages by a thread each: at guest addresses 40000000 and 40001000, where a guest of
 * this lab has none. Says at the end how often it has done it.
 */
#include <linux/vfio.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>

#include "borrow.h"

#define ADDRESS		0x40000000
#define PAGE		4096

static int container;
static time_t end;

/* @failed: the call that was refused, or NULL */
struct mapper {
	pthread_t thread;
	void *page;
	uint64_t iova;
	unsigned long rounds;
	const char *failed;
};

static bool map(struct mapper *m)
{
	struct vfio_iommu_type1_dma_map map = {
		.argsz = sizeof(map),
		.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE,
		.vaddr = (uintptr_t)m->page,
		.iova = m->iova,
		.size = PAGE,
	};

	return !ioctl(container, VFIO_IOMMU_MAP_DMA, &map);
}

static bool unmap(struct mapper *m)
{
	struct vfio_iommu_type1_dma_unmap unmap = {
		.argsz = sizeof(unmap),
		.iova = m->iova,
		.size = PAGE,
	};

	return !ioctl(container, VFIO_IOMMU_UNMAP_DMA, &unmap) && unmap.size == PAGE;
}

static void *run(void *opaque)
{
	struct mapper *m = opaque;
	const struct timespec pause = { .tv_nsec = 5000000 };

	while (!m->failed && time(NULL) < end) {
		if (!map(m))
			m->failed = "map";
		nanosleep(&pause, NULL);
		if (!unmap(m))
			m->failed = "unmap";
		m->rounds++;
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	struct mapper mappers[2] = { 0 };
	int status = 0;

	if (argc != 3) {
		fprintf(stderr, "usage: unmap PROCESS SECONDS\n");
		return 2;
	}
	container = borrow(atoi(argv[1]), "/dev/vfio/vfio");
	end = time(NULL) + atoi(argv[2]);
	for (int i = 0; i < 2; i++) {
		mappers[i].page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		mappers[i].iova = ADDRESS + i * PAGE;
		pthread_create(&mappers[i].thread, NULL, run, &mappers[i]);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(mappers[i].thread, NULL);
		if (mappers[i].failed)
			fprintf(stderr, "unmap: VFIO refuses to %s\n", mappers[i].failed);
		status |= mappers[i].failed != NULL;
	}
	printf("%lu\n", mappers[0].rounds + mappers[1].rounds);
	return status;
}
