// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "abi/ap.h"
#include "bytes/container_of.h"
#include "cex/state.h"
#include "state_writer.h"
#include "log.h"

#define SECOND		UINT64_C(1000000000)
#define RETRY_SECONDS	1

static uint64_t now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void log_gone(uint16_t apqn, const char *type)
{
	log_line(LOG_WARNING, "the machine has no %02x.%04x in a %s any more; its state stays in the file",
		 AP_ADAPTER(apqn), AP_DOMAIN(apqn), type);
}

static int load(struct state_writer *writer)
{
	uint8_t *bytes;
	size_t length = 0;
	int error = store_read(&writer->store, &bytes, &length);

	if (error || !bytes)
		return error;
	error = state_load(writer->machine, (struct slice){ bytes, length },
			   log_gone);
	if (error == -ENOMEM)
		log_line(LOG_ERROR, "%s: there is no memory to load this state; free some",
			 writer->store.path);
	else if (error)
		log_line(LOG_ERROR, "%s: another version of swcexd wrote this state; use that one, or move the file away",
			 writer->store.path);
	OPENSSL_clear_free(bytes, length);
	return error;
}

static int save(struct state_writer *writer, uint64_t *revision)
{
	struct slice bytes;
	int error = state_snapshot(writer->state, &bytes, revision);

	if (error)
		return error;
	allowance_take(&writer->allowance, bytes.length);
	error = store_write(&writer->store, bytes);
	if (!error)
		cex_set_saved(writer->machine, *revision);
	return error;
}

static void wake_loop(struct state_writer *writer)
{
	const uint64_t one = 1;

	if (write(writer->source.fd, &one, sizeof(one)) != sizeof(one))
		log_line(LOG_ERROR, "eventfd: %s", strerror(errno));
}

/* Log a failure when it begins, when its reason changes and when it ends. */
static void log_trouble(const struct state_writer *writer, int error)
{
	if (error == writer->error)
		return;
	if (error)
		log_line(LOG_ERROR, "%s: the state cannot be saved: %s; VMs wait, and swcexd tries again each second",
			 writer->store.path, strerror(-error));
	else
		log_line(LOG_WARNING, "%s: the state is saved again",
			 writer->store.path);
}

/*
 * Save the state. The lock is held, except while the file is written. Return 0
 * or -errno.
 */
static int write_state(struct state_writer *writer)
{
	uint64_t wanted = writer->wanted, revision;
	int error;

	pthread_mutex_unlock(&writer->lock);
	error = save(writer, &revision);
	log_trouble(writer, error);
	pthread_mutex_lock(&writer->lock);
	if (error)
		writer->failed = wanted;
	else
		writer->saved = revision;
	writer->error = error;
	wake_loop(writer);
	return error;
}

/*
 * Wait, for a shorter time if the writer is being stopped. The lock is held,
 * except during the wait.
 */
static void pause_for(struct state_writer *writer, uint64_t nanoseconds)
{
	uint64_t end_at = now() + nanoseconds;
	const struct timespec end = { end_at / SECOND, end_at % SECOND };

	while (!writer->stopping &&
	       !pthread_cond_timedwait(&writer->change, &writer->lock, &end))
		;
}

static void await_allowance(struct state_writer *writer)
{
	uint64_t wait = allowance_wait(&writer->allowance, now());

	if (wait)
		pause_for(writer, wait);
}

static void *write_states(void *opaque)
{
	struct state_writer *writer = opaque;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		while (writer->wanted <= writer->saved && !writer->stopping)
			pthread_cond_wait(&writer->change, &writer->lock);
		if (writer->wanted <= writer->saved)
			break;
		await_allowance(writer);
		if (!write_state(writer))
			continue;
		if (writer->stopping)
			break;
		pause_for(writer, RETRY_SECONDS * SECOND);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

static void something_saved(struct source *source)
{
	struct state_writer *writer = container_of(source, struct state_writer, source);
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		writer->tell(writer->context);
}

static int start_thread(struct state_writer *writer, struct loop *loop)
{
	int error;

	writer->source = (struct source){ eventfd(0, EFD_CLOEXEC),
					  something_saved };
	if (writer->source.fd < 0)
		return -errno;
	error = loop_add(loop, &writer->source, EPOLLIN);
	if (!error)
		error = -pthread_create(&writer->thread, NULL, write_states,
					writer);
	if (error)
		close(writer->source.fd);
	return error;
}

/* A state file that cannot be written is reported when swcexd starts. */
static int start(struct state_writer *writer, struct loop *loop)
{
	int error = -ENOMEM;

	writer->state = state_new(writer->machine);
	if (writer->state)
		error = save(writer, &writer->saved);
	if (error) {
		log_line(LOG_ERROR, "%s: the state cannot be saved: %s",
			 writer->store.path, strerror(-error));
		return error;
	}
	error = start_thread(writer, loop);
	if (error)
		log_line(LOG_ERROR, "the thread that saves the state cannot start: %s",
			 strerror(-error));
	return error;
}

/* Waits on this condition are not affected by steps of the host's clock. */
static void condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

int state_writer_open(struct state_writer *writer, struct loop *loop,
		      struct cex_machine *machine, const char *path,
		      const char *key, void (*tell)(void *context),
		      void *context)
{
	int error;

	*writer = (struct state_writer){
		.machine = machine,
		.allowance = allowance_of(STATE_WRITER_RATE, STATE_WRITER_MOST),
		.tell = tell,
		.context = context,
	};
	pthread_mutex_init(&writer->lock, NULL);
	condition_init(&writer->change);
	error = store_open(&writer->store, path, key);
	if (error)
		return error;
	error = load(writer);
	if (!error)
		error = start(writer, loop);
	if (!error)
		return 0;
	state_free(writer->state);
	store_close(&writer->store);
	return error;
}

void state_writer_request(struct state_writer *writer, uint64_t revision)
{
	if (!writer)
		return;
	pthread_mutex_lock(&writer->lock);
	if (revision > writer->wanted) {
		writer->wanted = revision;
		pthread_cond_broadcast(&writer->change);
	}
	pthread_mutex_unlock(&writer->lock);
}

bool state_writer_has(struct state_writer *writer, uint64_t revision)
{
	bool has;

	if (!writer)
		return true;
	pthread_mutex_lock(&writer->lock);
	has = writer->stopping || revision <= writer->saved;
	pthread_mutex_unlock(&writer->lock);
	return has;
}

int state_writer_error(struct state_writer *writer, uint64_t revision)
{
	int error = 0;

	pthread_mutex_lock(&writer->lock);
	if (revision > writer->saved && revision <= writer->failed)
		error = writer->error;
	pthread_mutex_unlock(&writer->lock);
	return error;
}

void state_writer_close(struct state_writer *writer)
{
	state_writer_request(writer, cex_revision(writer->machine));
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_broadcast(&writer->change);
	pthread_mutex_unlock(&writer->lock);
	pthread_join(writer->thread, NULL);
	close(writer->source.fd);
	state_free(writer->state);
	store_close(&writer->store);
}
