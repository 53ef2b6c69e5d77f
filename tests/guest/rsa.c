// SPDX-License-Identifier: GPL-2.0-only
/*
 * RSA through zcrypt, on an AP queue of one's choice: is the result the one
 * that OpenSSL computed, and how many can be had in a second?
 *
 * A queue is chosen by a device node of its own, made below /sys/class/zcrypt
 * with nothing but that queue in its masks, and taken away at the end.
 */
#include <asm/zcrypt.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "rsa_vector.h"

#define CLASS		"/sys/class/zcrypt"
#define THREADS_MAX	256
#define NODE_SECONDS	5
#define KEY_EXTRA	8	/* zeros before p, dp and u, which may be longer */

static const char usage[] =
	"usage: rsa [OPTIONS] [QUEUE]...\n"
	"\n"
	"Computes RSA by the zcrypt device and compares with what OpenSSL computed.\n"
	"QUEUE is an APQN as lszcrypt prints it, e.g. 05.0004; without one, any queue\n"
	"serves. Prints one line for every queue and operation; exits with 0 if all\n"
	"results are right, with 1 if not, with 2 if it could not try.\n"
	"\n"
	"  -b, --bits N      1023, 1024, 2048 (default) or 4096; 1023 in 129 bytes\n"
	"  -o, --operation O private, crt or public; default: all three\n"
	"  -s, --seconds N   go on for N seconds and print operations per second\n"
	"  -t, --threads N   that many callers at once (default: 1)\n";

/* Operations: each computes one message and returns 0, or -1 with errno. */

static int exponentiate(int fd, const struct rsa_vector *v,
			const unsigned char *exponent, const unsigned char *in,
			unsigned char *out)
{
	struct ica_rsa_modexpo request = {
		.inputdata = (unsigned char *)in,
		.inputdatalength = v->bytes,
		.outputdata = out,
		.outputdatalength = v->bytes,
		.b_key = (unsigned char *)exponent,
		.n_modulus = (unsigned char *)v->n,
	};

	return ioctl(fd, ICARSAMODEXPO, &request);
}

static int by_private(int fd, const struct rsa_vector *v,
		      const unsigned char *in, unsigned char *out)
{
	return exponentiate(fd, v, v->d, in, out);
}

static int by_public(int fd, const struct rsa_vector *v,
		     const unsigned char *in, unsigned char *out)
{
	return exponentiate(fd, v, v->e, in, out);
}

static int by_crt(int fd, const struct rsa_vector *v, const unsigned char *in,
		  unsigned char *out)
{
	unsigned char p[KEY_EXTRA + RSA_BYTES_MAX / 2] = { 0 };
	unsigned char dp[KEY_EXTRA + RSA_BYTES_MAX / 2] = { 0 };
	unsigned char u[KEY_EXTRA + RSA_BYTES_MAX / 2] = { 0 };
	size_t half = (v->bytes + 1) / 2;
	struct ica_rsa_modexpo_crt request = {
		.inputdata = (unsigned char *)in,
		.inputdatalength = v->bytes,
		.outputdata = out,
		.outputdatalength = v->bytes,
		.bp_key = dp,
		.bq_key = (unsigned char *)v->dq,
		.np_prime = p,
		.nq_prime = (unsigned char *)v->q,
		.u_mult_inv = u,
	};

	memcpy(p + KEY_EXTRA, v->p, half);
	memcpy(dp + KEY_EXTRA, v->dp, half);
	memcpy(u + KEY_EXTRA, v->u, half);
	return ioctl(fd, ICARSACRT, &request);
}

static const struct operation {
	const char *name;
	int (*compute)(int fd, const struct rsa_vector *v,
		       const unsigned char *in, unsigned char *out);
	bool encrypts;
} operations[] = {
	{ "private", by_private, false },
	{ "crt", by_crt, false },
	{ "public", by_public, true },
	{ NULL, NULL, false },
};

/*
 * One thread's share of a job: @done right results, until @until or, without
 * it, one of each message. @error says what went wrong first.
 */
struct caller {
	pthread_t thread;
	int fd;
	const struct rsa_vector *vector;
	const struct operation *operation;
	double until;
	unsigned long done;
	char error[80];
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static bool compute_one(struct caller *c, unsigned int message)
{
	const struct rsa_vector *v = c->vector;
	bool encrypts = c->operation->encrypts;
	const unsigned char *in = encrypts ? v->plain[message] :
					     v->cipher[message];
	const unsigned char *right = encrypts ? v->cipher[message] :
						v->plain[message];
	unsigned char out[RSA_BYTES_MAX];

	memset(out, 0xa5, sizeof(out));
	if (c->operation->compute(c->fd, v, in, out))
		snprintf(c->error, sizeof(c->error), "%s", strerror(errno));
	else if (memcmp(out, right, v->bytes))
		snprintf(c->error, sizeof(c->error),
			 "the result differs from OpenSSL's");
	return !*c->error;
}

static void *call(void *argument)
{
	struct caller *c = argument;

	while (c->until ? now() < c->until : c->done < RSA_MESSAGES) {
		if (!compute_one(c, c->done % RSA_MESSAGES))
			break;
		c->done++;
	}
	return NULL;
}

struct job {
	const struct rsa_vector *vector;
	const struct operation *operation;	/* NULL: all */
	unsigned int threads;
	double seconds;
	bool failed;
};

static void report(struct job *job, const char *queue, const char *operation,
		   struct caller *callers, double took)
{
	unsigned long done = 0;

	printf("%s rsa-%u %s: ", queue, job->vector->bits, operation);
	for (unsigned int i = 0; i < job->threads; i++) {
		done += callers[i].done;
		if (!*callers[i].error)
			continue;
		printf("failed: %s\n", callers[i].error);
		job->failed = true;
		return;
	}
	if (job->seconds)
		printf("%.1f operations per second, %lu right, ", done / took,
		       done);
	printf("ok\n");
}

static void run(struct job *job, const char *queue, int fd,
		const struct operation *operation)
{
	struct caller callers[THREADS_MAX];
	double start = now();

	for (unsigned int i = 0; i < job->threads; i++) {
		callers[i] = (struct caller){
			.fd = fd, .vector = job->vector, .operation = operation,
			.until = job->seconds ? start + job->seconds : 0,
		};
		if (pthread_create(&callers[i].thread, NULL, call, &callers[i]))
			errx(2, "cannot start thread %u", i);
	}
	for (unsigned int i = 0; i < job->threads; i++)
		pthread_join(callers[i].thread, NULL);
	report(job, queue, operation->name, callers, now() - start);
}

static void run_all(struct job *job, const char *queue, int fd)
{
	for (const struct operation *o = operations; o->name; o++) {
		if (!job->operation || job->operation == o)
			run(job, queue, fd, o);
	}
	fflush(stdout);
}

/* Device nodes */

static void write_to(const char *path, const char *format, ...)
{
	char text[80];
	va_list args;
	int fd = open(path, O_WRONLY), length;

	va_start(args, format);
	length = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (fd < 0 || write(fd, text, length) != length)
		errx(2, "%s: writing '%s': %s", path, text, strerror(errno));
	close(fd);
}

/* The node appears in /dev some time after it was made. */
static int open_node(const char *path)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	double deadline = now() + NODE_SECONDS;
	int fd;

	while ((fd = open(path, O_RDWR)) < 0 && errno == ENOENT &&
	       now() < deadline)
		nanosleep(&pause, NULL);
	return fd;
}

static void run_on_queue(struct job *job, const char *queue,
			 unsigned int adapter, unsigned int domain)
{
	char name[40], path[80];
	int fd;

	snprintf(name, sizeof(name), "rsa-%d-%02x.%04x", getpid(), adapter,
		 domain);
	write_to(CLASS "/create", "%s", name);
	snprintf(path, sizeof(path), CLASS "/%s/ioctlmask", name);
	write_to(path, "+5,+6");
	snprintf(path, sizeof(path), CLASS "/%s/apmask", name);
	write_to(path, "+%u", adapter);
	snprintf(path, sizeof(path), CLASS "/%s/aqmask", name);
	write_to(path, "+%u", domain);
	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open_node(path);
	if (fd >= 0) {
		run_all(job, queue, fd);
		close(fd);
	} else {
		printf("%s: failed: %s: %s\n", queue, path, strerror(errno));
		job->failed = true;
	}
	write_to(CLASS "/destroy", "%s", name);
}

static void run_on_name(struct job *job, const char *queue)
{
	unsigned int adapter, domain;
	char end;

	if (sscanf(queue, "%x.%x%c", &adapter, &domain, &end) != 2 ||
	    adapter > 255 || domain > 255)
		errx(2, "'%s' is not an APQN; write it as 05.0004", queue);
	run_on_queue(job, queue, adapter, domain);
}

static void run_on_any(struct job *job)
{
	int fd = open("/dev/z90crypt", O_RDWR);

	if (fd < 0)
		errx(2, "/dev/z90crypt: %s; is the module zcrypt loaded?",
		     strerror(errno));
	run_all(job, "any", fd);
	close(fd);
}

/* Options */

static unsigned long number(const char *text, unsigned long max)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || !n || n > max)
		errx(2, "'%s' is not a number from 1 to %lu", text, max);
	return n;
}

static const struct rsa_vector *find_vector(unsigned long bits)
{
	for (const struct rsa_vector *v = rsa_vectors; v->bits; v++) {
		if (v->bits == bits)
			return v;
	}
	errx(2, "there is no key of %lu bits; use 1023, 1024, 2048 or 4096", bits);
}

static const struct operation *find_operation(const char *name)
{
	for (const struct operation *o = operations; o->name; o++) {
		if (!strcmp(o->name, name))
			return o;
	}
	errx(2, "'%s' is no operation; use private, crt or public", name);
}

static void set_option(struct job *job, int option)
{
	switch (option) {
	case 'b':
		job->vector = find_vector(number(optarg, 1000000));
		break;
	case 'o':
		job->operation = find_operation(optarg);
		break;
	case 's':
		job->seconds = number(optarg, 86400);
		break;
	case 't':
		job->threads = number(optarg, THREADS_MAX);
		break;
	case 'h':
		fputs(usage, stdout);
		exit(0);
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "bits", required_argument, NULL, 'b' },
		{ "operation", required_argument, NULL, 'o' },
		{ "seconds", required_argument, NULL, 's' },
		{ "threads", required_argument, NULL, 't' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	struct job job = { .vector = find_vector(2048), .threads = 1 };
	int option;

	while ((option = getopt_long(argc, argv, "b:o:s:t:h", options, NULL)) >= 0)
		set_option(&job, option);
	if (optind == argc)
		run_on_any(&job);
	for (int i = optind; i < argc; i++)
		run_on_name(&job, argv[i]);
	return job.failed;
}
