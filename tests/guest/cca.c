// SPDX-License-Identifier: GPL-2.0-only
/*
 * One message to a CCA coprocessor, by zcrypt's device.
 */
#include <asm/zcrypt.h>
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

#define MESSAGE_MAX	4096
#define TAG_KEY		0x0030
#define RULE		8

static const char usage[] =
	"usage: cca QUEUE request|command FUNCTION [RULE]... [part=HEX] [token=FILE]\n"
	"           [damage=BYTE]\n"
	"\n"
	"Sends a request to QUEUE, an APQN as lszcrypt prints it, e.g. 05.0004; or an\n"
	"administrative command for its domain, which reaches the adapter by a queue that\n"
	"zcrypt chooses. The user data are part=, the key is token=, of which a bit of one\n"
	"BYTE may be changed. Prints the rules and the user data of the reply, and writes\n"
	"its token, if it has one, back to FILE. Exits with 0; with 1 if the kernel or the\n"
	"adapter says no; with 2 if it could not be asked.\n";

static struct {
	unsigned int adapter, domain;
	unsigned char request[MESSAGE_MAX];
	size_t length;
	unsigned char reply[MESSAGE_MAX];
	size_t reply_length;
	const char *token_path;
} x;

static void add(const void *bytes, size_t length)
{
	if (length > sizeof(x.request) - x.length)
		errx(2, "the message is too long");
	memcpy(x.request + x.length, bytes, length);
	x.length += length;
}

static void add_u16(unsigned short value)
{
	add(&value, sizeof(value));
}

static void add_block(const void *bytes, size_t length)
{
	add_u16(2 + length);
	add(bytes, length);
}

static void add_rules(char **words, int count)
{
	add_u16(2 + RULE * count);
	for (int i = 0; i < count; i++) {
		char rule[RULE + 1];

		if (strlen(words[i]) > RULE)
			errx(2, "'%s' is not a rule", words[i]);
		snprintf(rule, sizeof(rule), "%-8s", words[i]);
		add(rule, RULE);
	}
}

static void add_part(const char *hex)
{
	unsigned char part[64];

	add_block(part, take_hex(hex, part, sizeof(part)));
}

static void change_bit(unsigned char *token, size_t length, const char *byte)
{
	size_t at = strtoul(byte, NULL, 10);

	if (at >= length)
		errx(2, "the token has no byte %s", byte);
	token[at] ^= 1;
}

static void add_token(const char *path, const char *damage)
{
	unsigned char token[1024];
	FILE *file = fopen(path, "r");
	size_t length;

	if (!file)
		err(2, "%s", path);
	length = fread(token, 1, sizeof(token), file);
	fclose(file);
	if (damage)
		change_bit(token, length, damage);
	add_u16(2 + 4 + length);
	add_u16(4 + length);
	add_u16(TAG_KEY);
	add(token, length);
	x.token_path = path;
}

/* Arguments of the form NAME=VALUE, which come last. */
static const struct option {
	const char *name;
	size_t length;
} options[] = { { "part=", 5 }, { "token=", 6 }, { "damage=", 7 } };

enum { PART, TOKEN, DAMAGE, OPTIONS };

static bool take_option(const char *word, const char *values[OPTIONS])
{
	for (int i = 0; i < OPTIONS; i++)
		if (!strncmp(word, options[i].name, options[i].length)) {
			values[i] = word + options[i].length;
			return true;
		}
	return false;
}

/* What follows the control block; the function's arguments are in @words. */
static void add_parameters(const char *function, char **words, int count)
{
	const char *values[OPTIONS] = { "" };

	while (count && take_option(words[count - 1], values))
		count--;
	add(function, 2);
	add_rules(words, count);
	add_part(values[PART]);
	if (values[TOKEN])
		add_token(values[TOKEN], values[DAMAGE]);
	else
		add_u16(2);
}

static void make_request(bool command, char **arguments, int count)
{
	struct CPRBX cprb = {
		.cprb_len = sizeof(cprb),
		.cprb_ver_id = 2,
		.func_id = { 'T', command ? '3' : '2' },
		.rpl_msgbl = sizeof(x.reply),
		.domain = x.domain,
	};

	x.length = sizeof(cprb);
	add_parameters(arguments[0], arguments + 1, count - 1);
	cprb.req_parml = x.length - sizeof(cprb);
	memcpy(x.request, &cprb, sizeof(cprb));
}

static int send_request(void)
{
	struct ica_xcRB message = {
		.agent_ID = 0x4341,
		.user_defined = x.adapter,
		.request_control_blk_length = x.length,
		.request_control_blk_addr = x.request,
		.reply_control_blk_length = sizeof(x.reply),
		.reply_control_blk_addr = x.reply,
	};
	int fd = open("/dev/z90crypt", O_RDWR);

	if (fd < 0)
		err(2, "/dev/z90crypt");
	if (ioctl(fd, ZSECSENDCPRB, &message)) {
		printf("refused: %s\n", strerror(errno));
		return 1;
	}
	x.reply_length = message.reply_control_blk_length;
	return 0;
}

/* The content of the reply's block at *@at, which moves on. */
static const unsigned char *block(size_t *at, size_t *length)
{
	const unsigned char *start = x.reply + *at;

	if (*at + 2 > x.reply_length)
		errx(2, "the reply is too short");
	*length = (start[0] << 8 | start[1]) - 2;
	*at += 2 + *length;
	if (*at > x.reply_length)
		errx(2, "the reply is too short");
	return start + 2;
}

static void keep_token(const unsigned char *field, size_t length)
{
	FILE *file = fopen(x.token_path, "w");

	if (!file || fwrite(field + 4, 1, length - 4, file) != length - 4 ||
	    fclose(file))
		err(2, "%s", x.token_path);
}

static void print_rule(const char *rule)
{
	int length = RULE;

	while (length && rule[length - 1] == ' ')
		length--;
	printf(" %.*s", length, rule);
}

static int read_reply(void)
{
	struct CPRBX cprb;
	size_t at = sizeof(cprb) + 2, length;
	const unsigned char *bytes;

	memcpy(&cprb, x.reply, sizeof(cprb));
	if (cprb.ccp_rtcode) {
		printf("return code %u, reason code %u\n", cprb.ccp_rtcode,
		       cprb.ccp_rscode);
		return 1;
	}
	bytes = block(&at, &length);
	printf("ok");
	for (size_t i = 0; i + RULE <= length; i += RULE)
		print_rule((const char *)bytes + i);
	printf("\n");
	bytes = block(&at, &length);
	for (size_t i = 0; i < length; i++)
		printf("%02x%s", bytes[i], i + 1 < length ? "" : "\n");
	bytes = block(&at, &length);
	if (x.token_path && length > 4)
		keep_token(bytes, length);
	return 0;
}

int main(int argc, char **argv)
{
	bool command;
	char end;

	if (argc < 4 || strlen(argv[3]) != 2)
		errx(2, "a queue, request or command, and a function are needed\n%s",
		     usage);
	if (sscanf(argv[1], "%x.%x%c", &x.adapter, &x.domain, &end) != 2)
		errx(2, "'%s' is not an APQN; write it as 05.0004", argv[1]);
	command = !strcmp(argv[2], "command");
	if (!command && strcmp(argv[2], "request"))
		errx(2, "'%s' is neither request nor command\n%s", argv[2], usage);
	make_request(command, argv + 3, argc - 3);
	return send_request() || read_reply();
}
