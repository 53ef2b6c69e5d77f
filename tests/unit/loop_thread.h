/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's event loop in a thread of its own, until it is told to end. For a test
 * that opens the loop, adds its sources, and closes both afterwards.
 */
#ifndef LOOP_THREAD_H
#define LOOP_THREAD_H

#include <pthread.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "daemon/loop.h"

static struct loop loop;
static pthread_t server;
static int ending[2];

static void *serve(void *unused)
{
	(void)unused;
	loop_run(&loop);
	return NULL;
}

static void end(struct source *source)
{
	(void)source;
	loop_stop(&loop);
}

/* The loop ends when ending[1] is closed. */
static bool loop_thread_start(void)
{
	static struct source stop = { .ready = end };

	if (pipe(ending))
		return false;
	stop.fd = ending[0];
	return loop_add(&loop, &stop, EPOLLIN) &&
	       !pthread_create(&server, NULL, serve, NULL);
}

#endif /* LOOP_THREAD_H */
