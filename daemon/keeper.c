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
#include "keeper.h"
#include "log.h"

#define RETRY_SECONDS	1

static void log_gone(uint16_t apqn, const char *type)
{
	log_line(LOG_WARNING, "the machine has no %02x.%04x in a %s any more; its state is kept until it has",
		 AP_ADAPTER(apqn), AP_DOMAIN(apqn), type);
}

static bool load(struct keeper *keeper)
{
	uint8_t *bytes;
	size_t length = 0;
	bool loaded;

	if (!store_read(&keeper->store, &bytes, &length))
		return false;
	if (!bytes)
		return true;
	loaded = state_load(keeper->machine, (struct slice){ bytes, length },
			    log_gone);
	if (!loaded)
		log_line(LOG_ERROR, "%s: another version of swcexd wrote this state; use that one, or move the file away",
			 keeper->store.path);
	OPENSSL_clear_free(bytes, length);
	return loaded;
}

/* False with errno set. */
static bool save(struct keeper *keeper, uint64_t *revision)
{
	struct slice bytes = state_save(keeper->state, revision);

	errno = ENOMEM;
	return bytes.at && store_write(&keeper->store, bytes);
}

static void tell(struct keeper *keeper)
{
	const uint64_t one = 1;

	if (write(keeper->source.fd, &one, sizeof(one)) != sizeof(one))
		log_line(LOG_ERROR, "eventfd: %s", strerror(errno));
}

/* The operator hears of trouble when it begins, when it changes and when it ends. */
static void log_trouble(const struct keeper *keeper, int error)
{
	if (error == keeper->error)
		return;
	if (error)
		log_line(LOG_ERROR, "%s: the state cannot be kept: %s; VMs wait, and it is tried again each second",
			 keeper->store.path, strerror(error));
	else
		log_line(LOG_WARNING, "%s: the state is kept again",
			 keeper->store.path);
}

/* The lock is held. False: it was in vain. */
static bool keep(struct keeper *keeper)
{
	uint64_t wanted = keeper->wanted, revision;
	bool saved;
	int error;

	pthread_mutex_unlock(&keeper->lock);
	saved = save(keeper, &revision);
	error = saved ? 0 : errno;
	log_trouble(keeper, error);
	pthread_mutex_lock(&keeper->lock);
	if (saved)
		keeper->kept = revision;
	else
		keeper->failed = wanted;
	keeper->error = error;
	tell(keeper);
	return saved;
}

static void pause_for_retry(struct keeper *keeper)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += RETRY_SECONDS;
	while (!keeper->stopping &&
	       !pthread_cond_timedwait(&keeper->change, &keeper->lock, &end))
		;
}

static void *run(void *opaque)
{
	struct keeper *keeper = opaque;

	pthread_mutex_lock(&keeper->lock);
	for (;;) {
		while (keeper->wanted <= keeper->kept && !keeper->stopping)
			pthread_cond_wait(&keeper->change, &keeper->lock);
		if (keeper->wanted <= keeper->kept)
			break;
		if (keep(keeper))
			continue;
		if (keeper->stopping)
			break;
		pause_for_retry(keeper);
	}
	pthread_mutex_unlock(&keeper->lock);
	return NULL;
}

static void something_kept(struct source *source)
{
	struct keeper *keeper = container_of(source, struct keeper, source);
	uint64_t count;

	if (read(source->fd, &count, sizeof(count)) == sizeof(count))
		keeper->tell(keeper->context);
}

/* What cannot be written at the start is told at the start. */
static bool start(struct keeper *keeper, struct loop *loop)
{
	keeper->state = state_new(keeper->machine);
	if (!keeper->state || !save(keeper, &keeper->kept)) {
		log_line(LOG_ERROR, "%s: the state cannot be kept: %s",
			 keeper->store.path, strerror(errno));
		return false;
	}
	keeper->source = (struct source){ eventfd(0, EFD_CLOEXEC),
					  something_kept };
	if (keeper->source.fd >= 0 &&
	    loop_add(loop, &keeper->source, EPOLLIN) &&
	    !pthread_create(&keeper->thread, NULL, run, keeper))
		return true;
	log_line(LOG_ERROR, "the keeper of the state cannot start");
	if (keeper->source.fd >= 0)
		close(keeper->source.fd);
	return false;
}

/* One that a step of the host's clock does not make wait longer. */
static void condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t monotonic;

	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

bool keeper_open(struct keeper *keeper, struct loop *loop,
		 struct cex_machine *machine, const char *path, const char *key,
		 void (*tell)(void *context), void *context)
{
	*keeper = (struct keeper){
		.machine = machine,
		.tell = tell,
		.context = context,
	};
	pthread_mutex_init(&keeper->lock, NULL);
	condition_init(&keeper->change);
	if (!store_open(&keeper->store, path, key))
		return false;
	if (load(keeper) && start(keeper, loop))
		return true;
	state_free(keeper->state);
	store_close(&keeper->store);
	return false;
}

bool keeper_has(struct keeper *keeper, uint64_t revision)
{
	bool has;

	if (!keeper)
		return true;
	pthread_mutex_lock(&keeper->lock);
	has = keeper->stopping || revision <= keeper->kept;
	if (!has && revision > keeper->wanted) {
		keeper->wanted = revision;
		pthread_cond_broadcast(&keeper->change);
	}
	pthread_mutex_unlock(&keeper->lock);
	return has;
}

int keeper_error(struct keeper *keeper, uint64_t revision)
{
	int error = 0;

	pthread_mutex_lock(&keeper->lock);
	if (revision > keeper->kept && revision <= keeper->failed)
		error = keeper->error;
	pthread_mutex_unlock(&keeper->lock);
	return error;
}

void keeper_close(struct keeper *keeper)
{
	keeper_has(keeper, cex_revision(keeper->machine));
	pthread_mutex_lock(&keeper->lock);
	keeper->stopping = true;
	pthread_cond_broadcast(&keeper->change);
	pthread_mutex_unlock(&keeper->lock);
	pthread_join(keeper->thread, NULL);
	close(keeper->source.fd);
	state_free(keeper->state);
	store_close(&keeper->store);
}
