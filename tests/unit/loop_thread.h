/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * swcexd's event loop in a thread of its own, until it is told to end. For a test
 * that opens the loop and adds its sources, and closes both afterwards; and a peer
 * that waits for an answer no longer than ten seconds.
 */
#ifndef LOOP_THREAD_H
#define LOOP_THREAD_H

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "daemon/listener.h"
#include "daemon/loop.h"

static struct loop loop;
static pthread_t server;
static int ending[2];

static void *loop_thread(void *unused)
{
	(void)unused;
	loop_run(&loop);
	return NULL;
}

static void loop_thread_end(struct source *source)
{
	(void)source;
	loop_stop(&loop);
}

static bool loop_thread_start(void)
{
	static struct source stop = { .ready = loop_thread_end };

	if (pipe(ending))
		return false;
	stop.fd = ending[0];
	return !loop_add(&loop, &stop, EPOLLIN) &&
	       !pthread_create(&server, NULL, loop_thread, NULL);
}

static inline void loop_thread_stop(void)
{
	close(ending[1]);
	pthread_join(server, NULL);
	close(ending[0]);
}

static inline int peer_at(const char *path, int type)
{
	const struct timeval limit = { .tv_sec = 10 };
	int fd = listener_connect(path, type);

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	return fd;
}

#endif /* LOOP_THREAD_H */
