// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secure AES keys by the kernel's /dev/pkey, on an AP queue of one's choice.
 */
#include <asm/pkey.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "hex.h"

#define BLOB_MAX	1024

static const char usage[] =
	"usage: pkey TYPE QUEUE generate BITS FILE [FLAGS]\n"
	"       pkey TYPE QUEUE import CLEAR-KEY FILE [FLAGS]\n"
	"       pkey TYPE QUEUE verify FILE\n"
	"       pkey TYPE QUEUE protect FILE\n"
	"\n"
	"Makes a secure key, random or of a clear one (hexadecimal), and writes its blob\n"
	"to FILE; or tells whether QUEUE knows the key of a blob; or prints the protected\n"
	"key that QUEUE makes of it, in hexadecimal. QUEUE is an APQN as lszcrypt prints\n"
	"it, e.g. 05.0004. TYPE is ep11, ep11-aes, cca-data or cca-cipher. FLAGS, which are\n"
	"hexadecimal, say what may be done with the key, as pkey.h has it.\n"
	"Exits with 0, with 1 if the kernel says no, with 2 if it could not be asked.\n";

static const struct type {
	const char *name;
	enum pkey_key_type type;
} types[] = {
	{ "ep11", PKEY_TYPE_EP11 },
	{ "ep11-aes", PKEY_TYPE_EP11_AES },
	{ "cca-data", PKEY_TYPE_CCA_DATA },
	{ "cca-cipher", PKEY_TYPE_CCA_CIPHER },
};

struct job {
	int fd;
	enum pkey_key_type type;
	struct pkey_apqn queue;
	unsigned int flags;
	char **arguments;
	unsigned char blob[BLOB_MAX];
	unsigned int length;
};

static int ask(const struct job *job, unsigned long request, void *argument)
{
	if (!ioctl(job->fd, request, argument))
		return 0;
	printf("refused: %s\n", strerror(errno));
	return 1;
}

static void read_blob(struct job *job, const char *path)
{
	FILE *file = fopen(path, "r");

	if (!file)
		err(2, "%s", path);
	job->length = fread(job->blob, 1, sizeof(job->blob), file);
	fclose(file);
}

static int write_blob(const struct job *job, const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(job->blob, 1, job->length, file) != job->length ||
	    fclose(file))
		err(2, "%s", path);
	printf("%u bytes\n", job->length);
	return 0;
}

static int generate(struct job *job)
{
	struct pkey_genseck2 request = {
		.apqns = &job->queue,
		.apqn_entries = 1,
		.type = job->type,
		.size = atoi(job->arguments[0]),
		.keygenflags = job->flags,
		.key = job->blob,
		.keylen = sizeof(job->blob),
	};

	if (ask(job, PKEY_GENSECK2, &request))
		return 1;
	job->length = request.keylen;
	return write_blob(job, job->arguments[1]);
}

static int import(struct job *job)
{
	struct pkey_clr2seck2 request = {
		.apqns = &job->queue,
		.apqn_entries = 1,
		.type = job->type,
		.keygenflags = job->flags,
		.key = job->blob,
		.keylen = sizeof(job->blob),
	};

	request.size = 8 * take_hex(job->arguments[0], request.clrkey.clrkey,
				    sizeof(request.clrkey.clrkey));
	if (ask(job, PKEY_CLR2SECK2, &request))
		return 1;
	job->length = request.keylen;
	return write_blob(job, job->arguments[1]);
}

static int verify(struct job *job)
{
	struct pkey_verifykey2 request = {
		.key = job->blob,
		.cardnr = job->queue.card,
		.domain = job->queue.domain,
	};

	read_blob(job, job->arguments[0]);
	request.keylen = job->length;
	if (ask(job, PKEY_VERIFYKEY2, &request))
		return 1;
	printf("type %d, %d bits, flags %x\n", request.type, request.size,
	       request.flags);
	return 0;
}

static int protect(struct job *job)
{
	struct pkey_kblob2pkey2 request = {
		.key = job->blob,
		.apqns = &job->queue,
		.apqn_entries = 1,
	};

	read_blob(job, job->arguments[0]);
	request.keylen = job->length;
	if (ask(job, PKEY_KBLOB2PROTK2, &request))
		return 1;
	for (unsigned int i = 0; i < request.protkey.len; i++)
		printf("%02x", request.protkey.protkey[i]);
	printf("\n");
	return 0;
}

static const struct command {
	const char *name;
	int arguments;
	bool takes_flags;
	int (*run)(struct job *job);
} commands[] = {
	{ "generate", 2, true, generate },
	{ "import", 2, true, import },
	{ "verify", 1, false, verify },
	{ "protect", 1, false, protect },
};

static void take_type(struct job *job, const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, name))
			continue;
		job->type = types[i].type;
		return;
	}
	errx(2, "'%s' is not a type of key\n%s", name, usage);
}

static void take_queue(struct job *job, const char *name)
{
	unsigned int adapter, domain;
	char end;

	if (sscanf(name, "%x.%x%c", &adapter, &domain, &end) != 2 ||
	    adapter > 255 || domain > 255)
		errx(2, "'%s' is not an APQN; write it as 05.0004", name);
	job->queue = (struct pkey_apqn){ adapter, domain };
}

static void take_flags(struct job *job, const char *text)
{
	char end;

	if (sscanf(text, "%x%c", &job->flags, &end) != 1)
		errx(2, "'%s' is not a hexadecimal number", text);
}

static const struct command *find_command(const char *name, int arguments)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *c = &commands[i];

		if (!strcmp(c->name, name) &&
		    (arguments == c->arguments ||
		     (c->takes_flags && arguments == c->arguments + 1)))
			return c;
	}
	errx(2, "'%s' with %d arguments is not a command\n%s", name, arguments,
	     usage);
}

int main(int argc, char **argv)
{
	static struct job job;
	const struct command *command;

	if (argc < 4)
		errx(2, "a type, a queue and a command are needed\n%s", usage);
	take_type(&job, argv[1]);
	take_queue(&job, argv[2]);
	command = find_command(argv[3], argc - 4);
	job.arguments = argv + 4;
	if (job.arguments[command->arguments])
		take_flags(&job, job.arguments[command->arguments]);
	job.fd = open("/dev/pkey", O_RDWR);
	if (job.fd < 0)
		errx(2, "/dev/pkey: %s; is the module pkey loaded?", strerror(errno));
	return command->run(&job);
}
