// SPDX-License-Identifier: GPL-2.0-only
#include <openssl/crypto.h>
#include <string.h>

#include "bytes/number.h"
#include "cex/machine.h"
#include "key_console.h"

static const char forms[] =
	"the forms are: show QUEUE, load QUEUE KEY PART [more], set QUEUE KEY, clear QUEUE KEY new|old";

static const char *const registers[MASTER_KEY_REGISTERS] = {
	[MASTER_KEY_NEW] = "new",
	[MASTER_KEY_CURRENT] = "current",
	[MASTER_KEY_OLD] = "old",
};

static const char *state_name(enum master_key_register which,
			      enum master_key_state state)
{
	static const char *const new_states[] = { "empty", "partial", "full" };

	if (which == MASTER_KEY_NEW)
		return new_states[state];
	return state == MASTER_KEY_FULL ? "valid" : "invalid";
}

static void print_key(FILE *out, const struct domain *domain,
		      enum master_key_kind kind, enum master_key_register which)
{
	const struct master_key *key = &domain->keys[kind][which];
	size_t shown = master_key_pattern_length(kind);

	fprintf(out, "%-4s %-7s %-7s ", master_key_name(kind), registers[which],
		state_name(which, key->state));
	for (size_t i = 0; key->state != MASTER_KEY_EMPTY && i < shown; i++)
		fprintf(out, "%02x", key->pattern[i]);
	fputs(key->state == MASTER_KEY_EMPTY ? "-\n" : "\n", out);
}

static const char *show(struct queue *queue, char **args, FILE *out)
{
	if (args[0])
		return forms;
	fputs("ok\n", out);
	for (int kind = 0; kind < MASTER_KEY_KINDS; kind++)
		for (int i = 0; i < MASTER_KEY_REGISTERS; i++)
			if (adapter_has_key(queue->adapter, kind))
				print_key(out, &queue->domain, kind, i);
	return NULL;
}

/* Write "ok" if there was no error, or else return the reason. */
static const char *done(struct queue *queue, enum domain_error error, FILE *out)
{
	if (error)
		return domain_reason(error);
	queue_touch(queue);
	fputs("ok\n", out);
	return NULL;
}

/*
 * Find the kind of master key @name. Return NULL, or a sentence if the queue's
 * coprocessor does not have it.
 */
static const char *kind_of(const struct queue *queue, const char *name,
			   enum master_key_kind *kind)
{
	if (!name)
		return forms;
	*kind = master_key_kind(name);
	if (*kind == MASTER_KEY_KINDS ||
	    !adapter_has_key(queue->adapter, *kind))
		return "a CCA coprocessor has the master keys asym, aes and apka, an EP11 coprocessor has wk, an accelerator has none";
	return NULL;
}

static const char *load_part(struct queue *queue, enum master_key_kind kind,
			     const char *hex, bool last, FILE *out)
{
	uint8_t part[MASTER_KEY_MAX];
	struct slice bytes = { part, 0 };
	const char *reason = "a key part is hexadecimal, and as long as the key";

	if (OPENSSL_hexstr2buf_ex(part, sizeof(part), &bytes.length, hex, '\0'))
		reason = done(queue, domain_load(&queue->domain, kind, bytes,
						 last), out);
	OPENSSL_cleanse(part, sizeof(part));
	return reason;
}

static const char *load(struct queue *queue, char **args, FILE *out)
{
	enum master_key_kind kind;
	const char *reason = kind_of(queue, args[0], &kind);

	if (reason)
		return reason;
	if (!args[1] || (args[2] && strcmp(args[2], "more")))
		return forms;
	return load_part(queue, kind, args[1], !args[2], out);
}

static const char *set(struct queue *queue, char **args, FILE *out)
{
	enum master_key_kind kind;
	const char *reason = kind_of(queue, args[0], &kind);

	if (reason)
		return reason;
	if (args[1])
		return forms;
	return done(queue, domain_set(&queue->domain, kind), out);
}

static const char *clear(struct queue *queue, char **args, FILE *out)
{
	enum master_key_kind kind;
	enum master_key_register which;
	const char *reason = kind_of(queue, args[0], &kind);

	if (reason)
		return reason;
	if (!args[1] || args[2])
		return forms;
	if (!strcmp(args[1], "new"))
		which = MASTER_KEY_NEW;
	else if (!strcmp(args[1], "old"))
		which = MASTER_KEY_OLD;
	else
		return forms;
	domain_clear(&queue->domain, kind, which);
	return done(queue, DOMAIN_OK, out);
}

static const struct action {
	const char *name;
	bool changes;
	const char *(*run)(struct queue *queue, char **args, FILE *out);
} actions[] = {
	{ "show", false, show },
	{ "load", true, load },
	{ "set", true, set },
	{ "clear", true, clear },
};

static const struct action *action_find(const char *name)
{
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (!strcmp(actions[i].name, name))
			return &actions[i];
	return NULL;
}

bool key_console_may_change(char *const *args)
{
	const struct action *action = args[0] ? action_find(args[0]) : NULL;

	return action && action->changes;
}

static const char *run_action(struct cex_machine *machine, char **args,
			      FILE *out)
{
	const struct action *action = args[0] ? action_find(args[0]) : NULL;
	struct queue *queue;
	const char *reason;
	uint16_t apqn;

	if (!action || !args[1])
		return forms;
	if (!apqn_parse(args[1], &apqn))
		return "a queue is written as lszcrypt does: 05.0004";
	queue = machine_queue(machine, apqn);
	if (!queue)
		return "the machine has no such queue; status lists them";
	machine_lock(machine);
	reason = action->run(queue, args + 2, out);
	machine_unlock(machine);
	return reason;
}

const char *key_console(struct cex_machine *machine, char **args, FILE *out)
{
	const char *reason = run_action(machine, args, out);

	for (; *args; args++)
		OPENSSL_cleanse(*args, strlen(*args));
	return reason;
}
