// SPDX-License-Identifier: GPL-2.0
#include "gate.h"

#include <linux/file.h>
#include <linux/mm.h>

#include "cache.h"
#include "carrier.h"
#include "counter.h"
#include "digest.h"
#include "event.h"
#include "filesystem.h"
#include "flight.h"
#include "policy.h"
#include "writers.h"

/*
 * Last: what was decided is told, and only then the mode decides what happens.
 * The hook asked whether its gate is on before it had a verdict, which may have
 * taken long. One look at the policy here makes the denial one of the policy in
 * force now; what was let through was so by that of then. There is no mixture.
 */
static int conclude(const struct eg_request *req,
		    const struct eg_verdict *verdict, int err)
{
	struct eg_policy policy = eg_policy_get();
	enum execgate_mode mode = policy.mode;

	if (verdict->reason == EXECGATE_REASON_ALLOWED ||
	    mode == EXECGATE_MODE_OFF || !eg_policy_has(policy, req->gate))
		return 0;
	if (mode == EXECGATE_MODE_ENFORCE || !req->reported) {
		eg_counter_inc(denies[verdict->reason]);
		eg_event_report(req, verdict, mode);
	}
	return mode == EXECGATE_MODE_ENFORCE ? err : 0;
}

static void judge_content(const struct eg_request *req,
			  struct eg_verdict *verdict)
{
	struct eg_evidence *ev;

	ev = kvmalloc(sizeof(*ev), GFP_KERNEL);
	if (!ev) {
		verdict->reason = EXECGATE_REASON_NO_MEMORY;
		return;
	}
	ev->classes = req->classes;
	ev->reader = (struct eg_reader){
		.inode = req->inode,
		.size = i_size_read(req->inode),
		.file = eg_digest_open(req->file),
	};
	if (IS_ERR(ev->reader.file)) {
		verdict->reason =
			eg_carrier_reason_of_errno(PTR_ERR(ev->reader.file));
	} else {
		eg_carrier_judge(ev, verdict);
		fput(ev->reader.file);
	}
	kvfree(ev);
	/*
	 * Below an overlay the reads went to the file that had the data at that
	 * moment. It changes at most once (copying up), so the same before and
	 * after is the same throughout.
	 */
	if (eg_filesystem_real_inode(req->file) != req->inode)
		verdict->reason = EXECGATE_REASON_WRITER_OPEN;
}

/*
 * In enforce writers are shut out while the file is judged, and the verdict is
 * in the cache before they are let in again: whoever opens the file for writing
 * next finds it there and drops it (eg_gate_write()). In audit nobody may be
 * kept from anything, so a writer that shows up only spoils the verdict.
 */
static void judge(const struct eg_request *req, bool keep,
		  struct eg_verdict *verdict)
{
	struct inode *inode = req->inode;
	/* First: what is judged by the rules of an older mode has its epoch. */
	u64 epoch = eg_policy_epoch();
	bool exclude = eg_policy_mode() == EXECGATE_MODE_ENFORCE;

	verdict->reason =
		eg_filesystem_judge(req->file, inode, &verdict->cacheable);
	if (verdict->reason != EXECGATE_REASON_ALLOWED)
		return;
	if (exclude ? !eg_writers_exclude(inode) : eg_writers_present(inode)) {
		verdict->reason = EXECGATE_REASON_WRITER_OPEN;
		return;
	}
	if (eg_writers_pinned(inode))
		verdict->reason = EXECGATE_REASON_WRITER_OPEN;
	else
		judge_content(req, verdict);

	if (!exclude && eg_writers_present(inode))
		keep = false;
	if (keep && verdict->reason == EXECGATE_REASON_ALLOWED) {
		struct eg_cached entry = {
			.not_after = verdict->not_after,
			.classes = verdict->classes,
			.carrier = verdict->carrier,
			.reusable = verdict->cacheable,
		};

		eg_cache_insert(inode, &entry, epoch);
	}
	if (exclude)
		eg_writers_admit(inode);
}

static bool find_cached(const struct inode *inode, struct eg_verdict *verdict)
{
	struct eg_cached entry;

	if (!eg_cache_lookup(inode, &entry))
		return false;
	verdict->reason = EXECGATE_REASON_ALLOWED;
	verdict->carrier = entry.carrier;
	verdict->classes = entry.classes;
	verdict->not_after = entry.not_after;
	verdict->cached = true;
	return true;
}

static void check_class(const struct eg_request *req,
			struct eg_verdict *verdict)
{
	if (verdict->reason == EXECGATE_REASON_ALLOWED &&
	    !(verdict->classes & req->classes))
		verdict->reason = EXECGATE_REASON_WRONG_CLASS;
}

/*
 * With gate reverify no verdict is used again, but it is kept all the same: it
 * seals the file, and mprotect can go by nothing else. So it must go when the
 * content turned out bad; not when it could not be looked at, which whoever
 * may run the file can bring about.
 */
static void drop_if_bad(const struct eg_request *req,
			const struct eg_verdict *verdict)
{
	if (verdict->reason != EXECGATE_REASON_ALLOWED &&
	    verdict->reason != EXECGATE_REASON_WRITER_OPEN &&
	    verdict->reason != EXECGATE_REASON_IO_ERROR &&
	    verdict->reason != EXECGATE_REASON_NO_MEMORY &&
	    verdict->reason != EXECGATE_REASON_INTERRUPTED)
		eg_cache_writer(req->inode, false);
}

static void find_or_judge(const struct eg_request *req,
			  struct eg_verdict *verdict)
{
	const struct inode *inode = req->inode;
	bool anew = eg_policy_gate(EXECGATE_GATE_REVERIFY);
	struct eg_flight *flight;

	for (;;) {
		if (!anew && find_cached(inode, verdict)) {
			eg_counter_inc(cache_hits);
			return;
		}
		flight = eg_flight_begin(inode);
		if (flight)
			break;
	}
	if (IS_ERR(flight)) {
		verdict->reason = eg_carrier_reason_of_errno(PTR_ERR(flight));
		return;
	}
	eg_counter_inc(cache_misses);
	judge(req, true, verdict);
	if (anew)
		drop_if_bad(req, verdict);
	eg_flight_end(flight);
}

/*
 * What is mapped is kept from writers by the verdict that stands in the cache:
 * with no place there for it, it may not be mapped. Writers are excluded by now,
 * so only a verdict that was found can be gone again, pushed out by somebody who
 * had begun to before; one that was just made stays.
 */
static void judge_to_hold(const struct eg_request *req,
			  struct eg_verdict *verdict)
{
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (tries)
			memset(verdict, 0, sizeof(*verdict));
		find_or_judge(req, verdict);
		if (verdict->reason != EXECGATE_REASON_ALLOWED ||
		    eg_cache_holds(req->inode))
			return;
	}
	verdict->reason = EXECGATE_REASON_CACHE_FULL;
}

static enum execgate_reason bridge(const struct eg_request *req, bool exclude)
{
	switch (eg_writers_bridge(req->file, req->inode, exclude)) {
	case 0:
		return EXECGATE_REASON_ALLOWED;
	case -ETXTBSY:
		return EXECGATE_REASON_WRITER_OPEN;
	case -ENOMEM:
		return EXECGATE_REASON_NO_MEMORY;
	default:
		return EXECGATE_REASON_INTERRUPTED;
	}
}

/*
 * The order matters. Were writers excluded after the judgement only, one could
 * come and go in between. In audit nobody is kept from anything, but the hook
 * that sees what is mapped of an overlay must know what was judged.
 */
int eg_gate_admit_to_map(const struct eg_request *req)
{
	struct eg_policy policy = eg_policy_get();
	bool hold = policy.mode == EXECGATE_MODE_ENFORCE &&
		    eg_policy_has(policy, EXECGATE_GATE_SEAL);
	struct eg_verdict verdict = {};

	if (policy.mode == EXECGATE_MODE_OFF)
		return 0;
	verdict.reason =
		eg_filesystem_judge(req->file, req->inode, &verdict.cacheable);
	if (verdict.reason == EXECGATE_REASON_ALLOWED &&
	    (hold || req->inode != file_inode(req->file)))
		verdict.reason = bridge(req, hold);
	if (verdict.reason == EXECGATE_REASON_ALLOWED) {
		if (hold)
			judge_to_hold(req, &verdict);
		else
			find_or_judge(req, &verdict);
	}
	check_class(req, &verdict);
	return conclude(req, &verdict, -EPERM);
}

int eg_gate_admit(const struct eg_request *req)
{
	struct eg_verdict verdict = {};

	if (eg_policy_mode() == EXECGATE_MODE_OFF)
		return 0;
	find_or_judge(req, &verdict);
	check_class(req, &verdict);
	return conclude(req, &verdict, -EPERM);
}

int eg_gate_admit_cached(const struct eg_request *req)
{
	struct eg_verdict verdict = { .reason = EXECGATE_REASON_MPROTECT };

	if (find_cached(req->inode, &verdict))
		eg_counter_inc(cache_hits);
	check_class(req, &verdict);
	return conclude(req, &verdict, -EPERM);
}

int eg_gate_refuse(const struct eg_request *req, enum execgate_reason reason,
		   int err)
{
	struct eg_verdict verdict = { .reason = reason };

	return conclude(req, &verdict, err);
}

int eg_gate_refuse_locked(const struct eg_request *req,
			  enum execgate_reason reason)
{
	const struct eg_verdict verdict = { .reason = reason };

	eg_counter_inc(denies[reason]);
	eg_event_report(req, &verdict, EXECGATE_MODE_ENFORCE);
	return -EPERM;
}

void eg_gate_refuse_policy(struct file *file, const struct eg_verdict *verdict)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_POLICY,
		.file = file,
	};

	eg_counter_inc(denies[verdict->reason]);
	eg_event_report(&req, verdict, EXECGATE_MODE_ENFORCE);
}

struct file *eg_gate_program(struct mm_struct *mm)
{
	struct file *exe = NULL;

	rcu_read_lock();
	if (mm)
		exe = get_file_rcu(&mm->exe_file);
	rcu_read_unlock();
	return exe;
}

/*
 * A process names its program by mm->exe_file. It can be changed by prctl(2)
 * alone, which is gated (hook_inject.c). Verdicts are of the file whose pages
 * run, which below an overlay is another one.
 */
bool eg_gate_program_may(enum execgate_class use)
{
	struct file *exe;
	u16 classes;

	if (!current->mm)
		return true; /* the kernel itself */
	exe = eg_gate_program(current->mm);
	if (!exe)
		return false;
	classes = eg_cache_running_classes(eg_filesystem_real_inode(exe));
	fput(exe);
	return classes & use;
}

int eg_gate_write(const struct eg_request *req, const struct inode *inode)
{
	struct eg_policy policy = eg_policy_get();
	bool seal = eg_policy_has(policy, EXECGATE_GATE_SEAL);
	bool keep = seal && policy.mode == EXECGATE_MODE_ENFORCE;

	if (eg_cache_writer(inode, keep) == EG_CACHE_WRITER_FREE || !seal)
		return 0;
	return eg_gate_refuse(req, EXECGATE_REASON_SEALED, -ETXTBSY);
}

void eg_gate_explain(const struct eg_request *req, struct eg_verdict *verdict)
{
	bool cached;

	memset(verdict, 0, sizeof(*verdict));
	cached = find_cached(req->inode, verdict);
	memset(verdict, 0, sizeof(*verdict));
	judge(req, false, verdict);
	check_class(req, verdict);
	verdict->cached = cached;
}
