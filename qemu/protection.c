// SPDX-License-Identifier: GPL-2.0-only
#include "protection.h"

#include <openssl/crypto.h>

#include "bytes/wrapping.h"

static struct {
	GMutex lock;
	bool known;
	struct wrapping_key key;
} vm;

/* Ask the machine for the wrapping key. The caller holds the lock. */
static void ask(struct cpu *cpu, struct machine *machine)
{
	const struct ap_command command = { .op = AP_OP_CPACF };
	struct ap_result result;

	machine->execute(machine, &command, cpu->request, &result, cpu->reply);
	vm.known = !result.check && result.length == WRAPPING_KEY;
	if (!vm.known)
		return;
	vm.key = wrapping_of(cpu->reply);
	OPENSSL_cleanse(cpu->reply, WRAPPING_KEY);
}

static bool learn(struct cpu *cpu, struct machine *machine,
		  struct wrapping_key *key)
{
	bool known;

	g_mutex_lock(&vm.lock);
	if (!vm.known)
		ask(cpu, machine);
	known = vm.known;
	*key = vm.key;
	g_mutex_unlock(&vm.lock);
	return known;
}

bool protection_protect(struct cpu *cpu, struct machine *machine,
			struct slice key, uint8_t *protected)
{
	struct wrapping_key wrapping;

	return learn(cpu, machine, &wrapping) &&
	       wrapping_protect(&wrapping, key, protected);
}

bool protection_unprotect(struct cpu *cpu, struct machine *machine,
			  struct slice protected, uint8_t *key)
{
	struct wrapping_key wrapping;

	return learn(cpu, machine, &wrapping) &&
	       wrapping_unprotect(&wrapping, protected, key);
}

void protection_reset(void)
{
	g_mutex_lock(&vm.lock);
	vm.known = false;
	g_mutex_unlock(&vm.lock);
}
