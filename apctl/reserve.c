// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "fence.h"
#include "ids.h"
#include "lock.h"
#include "machine.h"
#include "reserve.h"
#include "rule.h"
#include "share.h"

/*
 * A request of the user. Adapters or domains that are not named mean all of
 * them.
 */
struct request {
	struct context *context;
	bool reserve;
	bool adapters_named;
	bool domains_named;
	struct ap_mask adapters;
	struct ap_mask domains;
};

static bool is_requested(const struct request *request, unsigned int apqn)
{
	return mask_has(&request->adapters, APQN_ADAPTER(apqn)) &&
	       mask_has(&request->domains, APQN_DOMAIN(apqn));
}

static int read_request(struct request *request)
{
	struct context *context = request->context;
	const char *adapters = *context->words, *domains = context->options.domains;

	request->adapters = request->domains = mask_all();
	request->adapters_named = adapters;
	request->domains_named = domains;
	if (!adapters && !domains) {
		fprintf(context->err, "apctl: give adapters, --domains or both, as in apctl %s 5-6 --domains 4\n",
			request->reserve ? "reserve" : "release");
		return -EINVAL;
	}
	if (adapters && ids_parse(adapters, "adapters", &request->adapters, context->err))
		return -EINVAL;
	return domains ? ids_parse(domains, "domains", &request->domains, context->err) : 0;
}

/* Return the number of queues that change hands without being requested. */
static unsigned int surplus(const struct request *request, const struct machine *machine,
			    const struct share *from, const struct share *to)
{
	unsigned int count = 0;

	for (unsigned int apqn = 0; apqn < APQNS; apqn++)
		count += machine->queue[apqn].driver != DRIVER_ABSENT && !is_requested(request, apqn) &&
			 share_keeps(from, apqn) != share_keeps(to, apqn);
	return count;
}

/*
 * Reserve by masks, that is, whole adapters or whole domains. Without --whole,
 * the way is chosen that takes fewer queues.
 */
static void reserve_by_masks(const struct request *request, const struct machine *machine,
			     const struct share *from, struct share *to)
{
	const char *whole = request->context->options.whole;
	struct share by_domain = *from;

	to->apmask = mask_andnot(&from->apmask, &request->adapters);
	by_domain.aqmask = mask_andnot(&from->aqmask, &request->domains);
	if (!request->adapters_named || (whole && !strcmp(whole, "domains")) ||
	    (request->domains_named && !whole &&
	     surplus(request, machine, from, &by_domain) < surplus(request, machine, from, to)))
		*to = by_domain;
}

static void release_by_masks(const struct request *request, const struct share *from,
			     struct share *to)
{
	if (request->adapters_named)
		to->apmask = mask_or(&from->apmask, &request->adapters);
	if (request->domains_named)
		to->aqmask = mask_or(&from->aqmask, &request->domains);
}

static void find_target(const struct request *request, const struct machine *machine,
			const struct share *from, struct share *to)
{
	*to = *from;
	if (from->by_override)
		for (unsigned int apqn = 0; apqn < APQNS; apqn++)
			to->reserved[apqn] = is_requested(request, apqn) ? request->reserve :
								    from->reserved[apqn];
	else if (request->reserve)
		reserve_by_masks(request, machine, from, to);
	else
		release_by_masks(request, from, to);
}

/*
 * Determine whether to use masks or overrides, in @from: the way in use, or
 * that of --by. Return -1 after a message if that is not possible.
 */
static int choose_way(const struct request *request, const struct machine *machine,
		      struct share *from)
{
	const char *by = request->context->options.by;
	bool masks_used = mask_count(&machine->apmask) + mask_count(&machine->aqmask) < 2 * AP_IDS;
	FILE *err = request->context->err;

	share_read(machine, from);
	if (!by)
		return 0;
	if (strcmp(by, "override") && strcmp(by, "masks")) {
		fputs("apctl: --by takes masks or override\n", err);
		return -1;
	}
	if (!strcmp(by, "masks") && from->by_override) {
		fputs("apctl: queues have overrides, and the kernel allows no masks beside them; release them first\n", err);
		return -1;
	}
	if (!strcmp(by, "override") && (!machine->overrides || masks_used)) {
		fputs(machine->overrides ?
		      "apctl: the masks keep something from the host already, and the kernel allows no overrides beside them; release that first\n" :
		      "apctl: queues have no driver_override; Linux has that from 6.19 on\n", err);
		return -1;
	}
	from->by_override = !strcmp(by, "override");
	return 0;
}

/*
 * Check that masks can do exactly what is requested, unless --whole allows more
 * queues. Return 0, or -EINVAL after a message.
 */
static int check_surplus(const struct request *request, const struct machine *machine,
			 const struct share *from, const struct share *to)
{
	unsigned int extra = surplus(request, machine, from, to);
	struct context *context = request->context;
	char name[APQN_TEXT];

	if (!extra || context->options.whole)
		return 0;
	fprintf(context->err, "apctl: masks are of whole adapters and whole domains; %u more queues would change hands:\n",
		extra);
	for (unsigned int apqn = 0; apqn < APQNS; apqn++) {
		if (machine->queue[apqn].driver == DRIVER_ABSENT || is_requested(request, apqn) ||
		    share_keeps(from, apqn) == share_keeps(to, apqn))
			continue;
		apqn_text(apqn, name);
		fprintf(context->err, "  %s\n", name);
	}
	fprintf(context->err, "--whole adapters or --whole domains takes them along%s\n",
		machine->overrides ? "; overrides are of single queues, see --by override" : "");
	return -EINVAL;
}

/* Apply the same change to the masks of the next boot. */
static int persist(const struct request *request, const struct share *from, const struct share *to)
{
	struct context *context = request->context;
	struct ap_mask apmask = from->apmask, aqmask = from->aqmask, edit;
	int rc;

	if (to->by_override) {
		fputs("apctl: overrides do not outlive the boot: neither chzdev nor the kernel keeps them; --persist is for masks\n",
		      context->err);
		return -EOPNOTSUPP;
	}
	rule_read(context->root, &apmask, &aqmask);
	edit = mask_andnot(&from->apmask, &to->apmask);
	apmask = mask_andnot(&apmask, &edit);
	edit = mask_andnot(&to->apmask, &from->apmask);
	apmask = mask_or(&apmask, &edit);
	edit = mask_andnot(&from->aqmask, &to->aqmask);
	aqmask = mask_andnot(&aqmask, &edit);
	edit = mask_andnot(&to->aqmask, &from->aqmask);
	aqmask = mask_or(&aqmask, &edit);
	rc = rule_write(context->root, &apmask, &aqmask);
	if (rc)
		fprintf(context->err, "apctl: " RULE ": %s; the masks are set, but not for the next boot\n",
			strerror(-rc));
	return rc;
}

/*
 * Record the master keys of queues that change hands, while the host has them.
 */
static void record_keys(const struct context *context, const struct machine *before,
			const struct share *from, const struct share *to)
{
	struct machine *machine = machine_read(context->root, context->err);
	struct fence *fence = fence_load(context->root);

	for (unsigned int apqn = 0; machine && apqn < APQNS; apqn++)
		if (before->queue[apqn].driver != DRIVER_ABSENT &&
		    share_keeps(from, apqn) != share_keeps(to, apqn))
			g_free(fence_record(fence, machine, apqn));
	fence_save(fence, context->err);
	fence_free(fence);
	if (machine)
		machine_free(machine);
}

static int act(const struct request *request, const struct machine *machine,
	       const struct share *from, const struct share *to)
{
	struct context *context = request->context;
	int rc;

	record_keys(context, machine, from, to);
	rc = share_change(machine, from, to, context->err);
	if (!rc) {
		share_wait(machine, from, to, context->err);
		record_keys(context, machine, from, to);
	}
	if (!rc && context->options.persist)
		rc = persist(request, from, to);
	return rc;
}

static int change(const struct request *request, const struct machine *machine)
{
	struct context *context = request->context;
	g_autofree struct share *from = g_new0(struct share, 1);
	g_autofree struct share *to = g_new0(struct share, 1);

	if (choose_way(request, machine, from))
		return EXIT_USAGE;
	find_target(request, machine, from, to);
	if (check_surplus(request, machine, from, to) ||
	    share_check(machine, from, to, context->err))
		return EXIT_REFUSED;
	if (!share_tell(machine, from, to, context->out))
		fputs("no queue changes hands\n", context->out);
	if (context->options.dry_run)
		return EXIT_DONE;
	fflush(context->out);
	return act(request, machine, from, to) ? EXIT_REFUSED : EXIT_DONE;
}

static int run(struct context *context, bool is_reserve)
{
	struct request request = { .context = context, .reserve = is_reserve };
	const char *whole = context->options.whole;
	bool locked = !context->options.dry_run;
	struct machine *machine;
	int status;

	if (whole && strcmp(whole, "adapters") && strcmp(whole, "domains")) {
		fputs("apctl: --whole takes adapters or domains\n", context->err);
		return EXIT_USAGE;
	}
	if (read_request(&request))
		return EXIT_USAGE;
	if (locked && lock_take(context->root, context->err))
		return EXIT_REFUSED;
	machine = machine_read(context->root, context->err);
	status = machine ? change(&request, machine) : EXIT_REFUSED;
	if (machine)
		machine_free(machine);
	if (locked)
		lock_release(context->root);
	return status;
}

int reserve(struct context *context)
{
	return run(context, true);
}

int release(struct context *context)
{
	return run(context, false);
}
