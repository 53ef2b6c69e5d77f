// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cex/state.h"
#include "admission.h"

/* The outcome of an application: a VM, or -errno. */
struct outcome {
	struct cex_vm *vm;
	int error;
};

static struct outcome refused(int error)
{
	return (struct outcome){ .error = error };
}

static struct outcome outcome_of(struct cex_vm *vm)
{
	if (!vm)
		return refused(-errno);
	return (struct outcome){ .vm = vm };
}

static bool was_guest(const struct admission *admission,
		      const struct process *process)
{
	for (unsigned int i = 0; i < CEX_GUESTS_MAX; i++)
		if (process_is_same(&admission->guests[i], process))
			return true;
	return false;
}

static void remember_guest(struct admission *admission,
			   const struct process *process)
{
	if (!was_guest(admission, process))
		admission->guests[admission->guests_seen++ % CEX_GUESTS_MAX] =
			*process;
}

/* Wait for a VM that an earlier swcexd served. */
static void await_vm(struct admission *admission, struct cex_vm *vm)
{
	struct process process = absent_process(vm);

	if (cex_guest_number(vm))
		remember_guest(admission, &process);
	absents_add(&admission->absents, vm, (struct changes){ 0 });
}

void admission_open(struct admission *admission, struct loop *loop,
		    struct cex_machine *machine, unsigned int vms_max)
{
	struct cex_vm *vm = state_next_vm(machine, NULL);

	*admission = (struct admission){
		.machine = machine,
		.vms_max = vms_max,
	};
	absents_open(&admission->absents, loop);
	while (vm) {
		struct cex_vm *next = state_next_vm(machine, vm);

		await_vm(admission, vm);
		vm = next;
	}
}

void admission_close(struct admission *admission)
{
	absents_close(&admission->absents);
}

static bool has_place(const struct admission *admission)
{
	return admission->vms + admission->absents.count < admission->vms_max;
}

static struct outcome admit_lpar(struct admission *admission,
				 const struct applicant *applicant,
				 struct changes *changes)
{
	struct cex_vm *vm = absents_take(&admission->absents, 0,
					 &applicant->process, changes);

	if (vm)
		return outcome_of(vm);
	if (!applicant->role && was_guest(admission, &applicant->process))
		return refused(-EPERM);
	if (!has_place(admission))
		return refused(-ENFILE);
	return outcome_of(cex_attach_lpar(admission->machine));
}

static struct outcome admit_guest(struct admission *admission, uint64_t number,
				  const struct process *process,
				  struct changes *changes)
{
	struct outcome outcome = { 0 };

	if (absents_have_lpar(&admission->absents))
		return refused(-EAGAIN);
	if (number)
		outcome.vm = absents_take(&admission->absents, number, process,
					  changes);
	if (!outcome.vm && !has_place(admission))
		return refused(-ENFILE);
	if (!outcome.vm)
		outcome = outcome_of(cex_attach_guest(admission->machine,
						      number));
	if (outcome.vm)
		remember_guest(admission, process);
	return outcome;
}

static const char *why_refused(const struct link_attach *attach, int error)
{
	if (error == -ENFILE)
		return "swcexd has no descriptor for one more VM; raise its hard limit of open files";
	if (attach->role == LINK_LPAR && error == -EBUSY)
		return "an LPAR is attached already";
	if (attach->role == LINK_LPAR && error == -EPERM)
		return "this process has attached as a guest, so it cannot be the LPAR; start another one";
	if (error == -EAGAIN)
		return "its LPAR has not come back yet";
	if (error == -EBUSY)
		return "the guest is attached already";
	if (error == -ENOENT)
		return "no guest has this number; GUEST_CREATE gives one, for a single attachment";
	return strerror(-error);
}

/* Return NULL, or a sentence that says what is wrong with the packet. */
static const char *check(const struct link_attach *attach, size_t length)
{
	if (length != sizeof(*attach) || attach->magic != LINK_MAGIC)
		return "it does not speak the link's protocol";
	if (attach->version != LINK_VERSION)
		return "it speaks another version of the link's protocol; install swcex.so and swcexd of one version";
	if (attach->role != LINK_LPAR && attach->role != LINK_GUEST)
		return "it is neither an LPAR nor a guest";
	return NULL;
}

/* Return NULL, or a sentence that says why the socket is not for this role. */
static const char *check_role(const struct link_attach *attach,
			      const struct applicant *applicant)
{
	if (!applicant->role || attach->role == applicant->role)
		return NULL;
	if (attach->role == LINK_LPAR)
		return "this socket is for guests; an LPAR attaches by that of --socket";
	return "this socket is for the LPAR; guests attach by that of --guest-socket";
}

static struct cex_vm *fill_refusal(struct link_attached *refusal, int error,
				   const char *reason)
{
	refusal->error = -error;
	snprintf(refusal->reason, sizeof(refusal->reason), "%s", reason);
	return NULL;
}

static void begin(const struct link_attach *attach, struct cex_vm *vm,
		  const struct process *process)
{
	if (attach->role == LINK_LPAR && attach->flags & LINK_LISTENS)
		cex_listen(vm);
	if (attach->flags & LINK_RESET)
		cex_reset(vm);
	absent_set_process(vm, process);
}

struct cex_vm *admission_admit(struct admission *admission,
			       const struct link_attach *attach, size_t length,
			       const struct applicant *applicant,
			       struct changes *changes,
			       struct link_attached *refusal)
{
	const char *wrong = check(attach, length);
	struct outcome outcome;

	if (wrong)
		return fill_refusal(refusal, -EPROTO, wrong);
	wrong = check_role(attach, applicant);
	if (wrong)
		return fill_refusal(refusal, -EPERM, wrong);
	if (attach->role == LINK_LPAR)
		outcome = admit_lpar(admission, applicant, changes);
	else
		outcome = admit_guest(admission, attach->guest,
				      &applicant->process, changes);
	if (!outcome.vm)
		return fill_refusal(refusal, outcome.error,
				    why_refused(attach, outcome.error));
	begin(attach, outcome.vm, &applicant->process);
	admission->vms++;
	return outcome.vm;
}

void admission_leave(struct admission *admission, struct cex_vm *vm,
		     struct changes changes)
{
	admission->vms--;
	absents_add(&admission->absents, vm, changes);
}

void admission_end(struct admission *admission, struct cex_vm *vm)
{
	bool lpar = !cex_guest_number(vm);

	admission->vms--;
	cex_detach(vm);
	if (lpar)
		absents_close(&admission->absents);
}
