// SPDX-License-Identifier: GPL-2.0
#include "gate.h"

#include <linux/file.h>
#include <linux/mm.h>

#include "carriers/carrier.h"
#include "core/cache.h"
#include "core/counter.h"
#include "core/event.h"
#include "core/filesystem.h"
#include "core/flight.h"
#include "core/policy.h"
#include "core/writers.h"
#include "rules/need.h"
#include "trust/paths.h"
#include "trust/verify.h"

/* Together with what audit lets run, and apart from it: see EXECGATE_C_DENIED. */
static void count_deny(enum execgate_reason reason, enum execgate_mode mode)
{
	eg_counter_inc(denies[reason]);
	if (mode == EXECGATE_MODE_ENFORCE)
		eg_counter_inc(denied);
}

/*
 * Last: what was decided is told, and only then the mode decides what happens.
 * The hook asked whether its gate is on before it had a verdict, which may have
 * taken long. One look at the policy here makes the denial one of the policy in
 * force now; what was let through was so by that of then. There is no mixture.
 */
static int conclude(const struct eg_request *req, struct eg_verdict *verdict,
		    int err)
{
	struct eg_policy policy = eg_policy_get();
	enum execgate_mode mode = policy.mode;

	if (req->hardened)
		*req->hardened = verdict->reason == EXECGATE_REASON_ALLOWED &&
				 verdict->hardened;
	if (req->origin && verdict->reason == EXECGATE_REASON_ALLOWED)
		*req->origin = eg_origin_get(verdict->origin);
	/* A use that a rule only reports is told of as in audit, and runs. */
	if (verdict->reason == EXECGATE_REASON_ALLOWED && verdict->reported &&
	    mode != EXECGATE_MODE_OFF) {
		verdict->reason = verdict->reported;
		mode = EXECGATE_MODE_AUDIT;
	}
	if (verdict->reason == EXECGATE_REASON_ALLOWED ||
	    mode == EXECGATE_MODE_OFF ||
	    !(eg_policy_has(policy, req->gate) || req->constrained))
		return 0;
	/* By a rule of whoever asks, not of the file. */
	if (req->reports)
		mode = EXECGATE_MODE_AUDIT;
	/* The one reason that does not say by itself that it was only to be read. */
	if (req->gate == EXECGATE_GATE_SCRIPT &&
	    verdict->reason == EXECGATE_REASON_UNSIGNED)
		verdict->reason = EXECGATE_REASON_SCRIPT;
	if (mode == EXECGATE_MODE_ENFORCE || !req->reported) {
		count_deny(verdict->reason, mode);
		/* It dies and nothing runs; the file may be good: no news. */
		if (verdict->reason != EXECGATE_REASON_INTERRUPTED &&
		    !req->quiet)
			eg_event_report(req, verdict, mode);
	}
	return mode == EXECGATE_MODE_ENFORCE ? err : 0;
}

static void check_class(const struct eg_request *req,
			struct eg_verdict *verdict)
{
	if (verdict->reason == EXECGATE_REASON_ALLOWED &&
	    !(verdict->classes & req->classes))
		verdict->reason = EXECGATE_REASON_WRONG_CLASS;
}

/*
 * Rules of processes are honoured from the first file on that has any. Only then
 * origins are kept; asking alone (CHECK) attaches nothing.
 */
static enum execgate_reason take_origin(const struct eg_request *req,
					const struct eg_draft *draft,
					struct eg_verdict *verdict)
{
	bool asks = req->hook == EXECGATE_HOOK_CHECK;
	int err;

	if (!draft->binds && !draft->lost && !eg_origin_wanted())
		return EXECGATE_REASON_ALLOWED;
	err = draft->binds && !asks ? eg_need_rules(draft->reads) : 0;
	if (err || draft->lost)
		return err == -EINTR ? EXECGATE_REASON_INTERRUPTED :
				       EXECGATE_REASON_UNMARKED;
	verdict->origin = eg_origin_of(draft);
	return verdict->origin ? EXECGATE_REASON_ALLOWED :
				 EXECGATE_REASON_NO_MEMORY;
}

static void judge_content(const struct eg_request *req, bool on_disk,
			  struct eg_verdict *verdict)
{
	/*
	 * A new judgement may drop the verdict that stands (is_bad()),
	 * so it is judged as a content and not for one of its uses.
	 */
	struct eg_evidence ev = {
		.classes = eg_policy_gate(EXECGATE_GATE_REVERIFY) ?
				   EG_MANIFEST_CLASSES :
				   req->classes,
		.drafts = true,
	};

	eg_reader_of_inode(&ev.reader, req->inode, on_disk);
	eg_carrier_judge(&ev, verdict);
	if (verdict->reason == EXECGATE_REASON_ALLOWED)
		verdict->reason = take_origin(req, verdict->draft, verdict);
	eg_carrier_forget(&ev, verdict);
	/*
	 * Below an overlay this was the file that had the data when it was
	 * asked about. Copying up makes it another one, at most once.
	 */
	if (eg_filesystem_real_inode(req->file) != req->inode)
		verdict->reason = EXECGATE_REASON_WRITER_OPEN;
}

static void judge_unwritten(const struct eg_request *req, bool on_disk,
			    struct eg_verdict *verdict)
{
	if (eg_writers_present(req->inode))
		verdict->reason = EXECGATE_REASON_WRITER_OPEN;
	else
		judge_content(req, on_disk, verdict);
	check_class(req, verdict);
}

/*
 * Nobody is kept from the file while it is judged: it may be a log, and whoever
 * can read it can have it judged. A writer that comes meanwhile only spoils the
 * verdict. A verdict that is kept passed its class too: a verdict keeps writers
 * away from a file in use, and data is not used as code.
 *
 * Return: false if a writer came, so that the verdict means nothing.
 */
static bool judge_once(const struct eg_request *req, bool keep,
		       struct eg_verdict *verdict)
{
	/* First: what is judged by the rules of an older mode has its epoch. */
	u64 epoch = eg_policy_epoch();
	const struct eg_filesystem *type;
	struct eg_watch watch;

	verdict->reason = eg_filesystem_judge(req->file, req->inode, &type);
	if (verdict->reason != EXECGATE_REASON_ALLOWED)
		return true;
	verdict->cacheable = type->cacheable;
	eg_cache_watch(&watch, req->inode);
	judge_unwritten(req, type->on_disk, verdict);
	if (keep && verdict->reason == EXECGATE_REASON_ALLOWED) {
		const struct eg_cached entry = {
			.classes = verdict->classes,
			.carrier = verdict->carrier,
			.reusable = verdict->cacheable,
			.reported = verdict->reported,
			.hardened = verdict->hardened,
			.origin = verdict->origin,
			.paths = verdict->paths,
		};

		verdict->unkept = eg_cache_insert(&watch, &entry, epoch) ==
				  -ENOMEM;
	}
	return !eg_cache_unwatch(&watch);
}

#define JUDGE_TRIES 3

/* A writer that came and went is not a reason to refuse what it left. @verdict: 0 */
static void judge(const struct eg_request *req, bool keep,
		  struct eg_verdict *verdict)
{
	int tries;

	for (tries = 0; tries < JUDGE_TRIES; tries++) {
		if (judge_once(req, keep, verdict) ||
		    verdict->reason == EXECGATE_REASON_INTERRUPTED)
			return;
		eg_verdict_end(verdict);
		memset(verdict, 0, sizeof(*verdict));
	}
	verdict->reason = EXECGATE_REASON_WRITER_OPEN;
}

/* This happens nearly always, so without a verdict to fill. */
static bool is_cached_yes(const struct eg_request *req)
{
	bool wanted = req->origin && !req->unruled;
	struct eg_cached entry;

	if (eg_policy_gate(EXECGATE_GATE_REVERIFY) ||
	    !eg_cache_lookup(req->inode, &entry, wanted))
		return false;
	if (!(entry.classes & req->classes) || entry.reported || entry.paths) {
		if (wanted)
			eg_cached_put(&entry);
		return false;
	}
	if (wanted)
		*req->origin = entry.origin;
	if (req->hardened)
		*req->hardened = entry.hardened;
	eg_counter_inc(cache_hits);
	return true;
}

static bool find_cached(const struct inode *inode, struct eg_verdict *verdict)
{
	struct eg_cached entry;

	if (!eg_cache_lookup(inode, &entry, true))
		return false;
	verdict->reason = EXECGATE_REASON_ALLOWED;
	verdict->origin = entry.origin;
	verdict->carrier = entry.carrier;
	verdict->classes = entry.classes;
	verdict->reported = entry.reported;
	verdict->hardened = entry.hardened;
	verdict->paths = entry.paths;
	verdict->cached = true;
	return true;
}

/*
 * The content turned out bad; not when it could not be looked at, which whoever
 * may run the file can bring about.
 */
static bool is_bad(const struct eg_verdict *verdict)
{
	return verdict->reason != EXECGATE_REASON_ALLOWED &&
	       verdict->reason != EXECGATE_REASON_WRONG_CLASS &&
	       verdict->reason != EXECGATE_REASON_WRITER_OPEN &&
	       verdict->reason != EXECGATE_REASON_IO_ERROR &&
	       verdict->reason != EXECGATE_REASON_NO_MEMORY &&
	       verdict->reason != EXECGATE_REASON_UNMARKED &&
	       verdict->reason != EXECGATE_REASON_INTERRUPTED;
}

static void find_or_judge_content(const struct eg_request *req,
				  struct eg_verdict *verdict)
{
	const struct inode *inode = req->inode;
	bool anew = eg_policy_gate(EXECGATE_GATE_REVERIFY);
	struct eg_flight flight;
	int err;

	do {
		if (!anew && find_cached(inode, verdict)) {
			eg_counter_inc(cache_hits);
			return;
		}
		err = eg_flight_begin(&flight, inode);
	} while (err == -EAGAIN);
	if (err) {
		verdict->reason = eg_verify_reason_of_errno(err);
		return;
	}
	eg_counter_inc(cache_misses);
	judge(req, true, verdict);
	/*
	 * With gate reverify no verdict is used again, but it is kept all the same:
	 * it seals the file, and mprotect can go by nothing else. So it must go when
	 * the content turned out bad.
	 */
	if (anew && is_bad(verdict))
		eg_cache_forget(inode);
	eg_flight_end(&flight);
}

/*
 * The verdict is of a content, which has any number of names, and a rename makes no
 * writer. So the place is judged at each use and kept nowhere, when nobody waits for
 * this judgement any more: to look a folder up may take its file system's time.
 */
static void find_or_judge(const struct eg_request *req,
			  struct eg_verdict *verdict)
{
	find_or_judge_content(req, verdict);
	eg_paths_apply(req->file, verdict);
}

/* In enforce a verified file is kept from writers while it is mapped. */
static bool seals(struct eg_policy policy)
{
	return policy.mode == EXECGATE_MODE_ENFORCE &&
	       eg_policy_has(policy, EXECGATE_GATE_SEAL);
}

/* Exec asks before it has its pid for good, and needs writers kept out for longer. */
static bool announce(const struct eg_request *req)
{
	return req->hook != EXECGATE_HOOK_BPRM_CHECK &&
	       eg_writers_announce(req->inode);
}

/* Until what was asked for shows as a mapping. */
static enum execgate_reason keep_writers_out(const struct eg_request *req,
					     bool exclude, gfp_t gfp)
{
	if (!announce(req))
		return eg_verify_reason_of_errno(
			eg_writers_bridge(req->file, req->inode, exclude, gfp));
	return exclude && eg_writers_present(req->inode) ?
		       EXECGATE_REASON_WRITER_OPEN :
		       EXECGATE_REASON_ALLOWED;
}

/* The hook that sees what is mapped of an overlay must know what was judged. */
static bool is_below_overlay(const struct eg_request *req)
{
	return req->inode != file_inode(req->file);
}

/*
 * The verdict first, for only verified files may be kept from writers; then
 * writers are excluded; and then the verdict must still be there. A writer that
 * came in between has dropped it, or is there to be seen.
 *
 * Return: false if one came: judge again.
 */
static bool find_and_hold(const struct eg_request *req, bool seal,
			  struct eg_verdict *verdict)
{
	bool allowed;

	find_or_judge(req, verdict);
	check_class(req, verdict);
	allowed = verdict->reason == EXECGATE_REASON_ALLOWED;
	if ((seal && allowed) || is_below_overlay(req)) {
		enum execgate_reason reason =
			keep_writers_out(req, seal && allowed, GFP_KERNEL);

		if (allowed)
			verdict->reason = reason;
	}
	if (verdict->reason != EXECGATE_REASON_ALLOWED)
		return true;
	return eg_cache_hold(req->inode) || !seal;
}

/*
 * Without sealing, in audit say, the verdict only learns that the file is mapped:
 * should the gate seal later, writers are kept from it then.
 */
static bool hold_cached(const struct eg_request *req, bool seal)
{
	if ((seal || is_below_overlay(req)) &&
	    keep_writers_out(req, seal, GFP_KERNEL) != EXECGATE_REASON_ALLOWED)
		return false;
	return eg_cache_hold(req->inode) || !seal;
}

/* Out of line, as what follows: it has a verdict, which is large. */
static noinline int judge_to_map(const struct eg_request *req, bool seal)
{
	struct eg_verdict verdict = {};
	int tries, err;

	for (tries = 0; tries < JUDGE_TRIES; tries++) {
		if (tries) {
			eg_verdict_end(&verdict);
			memset(&verdict, 0, sizeof(verdict));
		}
		if (find_and_hold(req, seal, &verdict))
			break;
		/* With no place for the verdict nothing would keep writers out. */
		verdict.reason = verdict.unkept ? EXECGATE_REASON_NO_MEMORY :
						  EXECGATE_REASON_WRITER_OPEN;
	}
	err = conclude(req, &verdict, -EPERM);
	eg_verdict_end(&verdict);
	return err;
}

int eg_gate_admit_to_map(const struct eg_request *req)
{
	struct eg_policy policy = eg_policy_get();
	bool seal = seals(policy);

	if (policy.mode == EXECGATE_MODE_OFF)
		return 0;
	if (is_cached_yes(req)) {
		if (hold_cached(req, seal))
			return 0;
		if (req->origin) {
			eg_origin_put(*req->origin);
			*req->origin = NULL;
		}
	}
	return judge_to_map(req, seal);
}

/*
 * Announced, then the writers, then the verdict: in this order a writer is seen, or has
 * dropped the verdict, or sees the announcement. A file without a verdict may be
 * announced, too: nobody is kept from it.
 */
bool eg_gate_maps_at_once(const struct inode *inode, u16 classes)
{
	const u32 on = BIT(EXECGATE_GATE_MMAP) | BIT(EXECGATE_GATE_SEAL);
	struct eg_policy policy = eg_policy_get();

	if (policy.mode != EXECGATE_MODE_ENFORCE ||
	    (policy.gates & (on | BIT(EXECGATE_GATE_REVERIFY))) != on ||
	    eg_origin_wanted() || !eg_writers_announce(inode) ||
	    eg_writers_present(inode) || !eg_cache_in_use(inode, classes))
		return false;
	eg_counter_inc(cache_hits);
	return true;
}

static noinline int find_and_conclude(const struct eg_request *req)
{
	struct eg_verdict verdict = {};
	int err;

	find_or_judge(req, &verdict);
	check_class(req, &verdict);
	err = conclude(req, &verdict, -EPERM);
	eg_verdict_end(&verdict);
	return err;
}

int eg_gate_admit(const struct eg_request *req)
{
	if (eg_policy_mode() == EXECGATE_MODE_OFF || is_cached_yes(req))
		return 0;
	return find_and_conclude(req);
}

int eg_gate_admit_cached(const struct eg_request *req)
{
	struct eg_verdict verdict = { .reason = EXECGATE_REASON_MPROTECT };
	bool seal = seals(eg_policy_get());
	int err;

	if (find_cached(req->inode, &verdict))
		eg_counter_inc(cache_hits);
	/* No folder can be looked up here, so what is bound to one is refused. */
	if (verdict.paths && verdict.paths->binds)
		verdict.reason = EXECGATE_REASON_MPROTECT;
	check_class(req, &verdict);
	if (verdict.reason == EXECGATE_REASON_ALLOWED && seal)
		verdict.reason =
			keep_writers_out(req, true, GFP_ATOMIC | __GFP_NOWARN);
	if (verdict.reason == EXECGATE_REASON_ALLOWED &&
	    !eg_cache_hold(req->inode) && seal)
		verdict.reason = EXECGATE_REASON_MPROTECT;
	err = conclude(req, &verdict, -EPERM);
	eg_verdict_end(&verdict);
	return err;
}

int eg_gate_refuse(const struct eg_request *req, enum execgate_reason reason,
		   int err)
{
	struct eg_verdict verdict = { .reason = reason };

	return conclude(req, &verdict, err);
}

/* The event names the first that vouches for it, as of any verdict. */
int eg_gate_break_rule(const struct eg_request *req,
		       const struct eg_origin *origin,
		       enum execgate_reason reason, bool reports)
{
	struct eg_verdict verdict = {
		.reason = reports ? EXECGATE_REASON_ALLOWED : reason,
		.reported = reports ? reason : EXECGATE_REASON_ALLOWED,
	};
	struct eg_request told = *req;
	struct eg_statement said;

	/* That the file was admitted is known, and why it is refused now is not. */
	told.hardened = NULL;
	told.origin = NULL;
	told.reported = false;
	if (origin && eg_origin_first(origin, &said)) {
		verdict.has_signer = true;
		memcpy(verdict.signer, said.signer, sizeof(verdict.signer));
		eg_verdict_name(&verdict, said.name, said.version);
	}
	return conclude(&told, &verdict, -EPERM);
}

static void refuse_always(const struct eg_request *req,
			  const struct eg_verdict *verdict)
{
	count_deny(verdict->reason, EXECGATE_MODE_ENFORCE);
	eg_event_report(req, verdict, EXECGATE_MODE_ENFORCE);
}

int eg_gate_refuse_locked(const struct eg_request *req,
			  enum execgate_reason reason)
{
	const struct eg_verdict verdict = { .reason = reason };

	refuse_always(req, &verdict);
	return -EPERM;
}

void eg_gate_refuse_policy(struct file *file, const struct eg_verdict *verdict)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_POLICY,
		.file = file,
	};

	refuse_always(&req, verdict);
}

void eg_gate_refuse_bound(enum execgate_hook hook,
			  const struct eg_verdict *verdict)
{
	const struct eg_request req = { .hook = hook };

	refuse_always(&req, verdict);
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
 * alone, which is gated (hooks/inject.c). Verdicts are of the file whose pages
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

/*
 * An exec goes by a verdict in memory, if there is one. Judging anew shows
 * when the bytes are no longer those: changed below the file system, which tells
 * nobody. Then the verdict goes, so that the answer is what comes of an exec.
 */
void eg_gate_explain(const struct eg_request *req, struct eg_verdict *verdict)
{
	struct eg_verdict kept = {};
	bool cached;

	cached = !eg_policy_gate(EXECGATE_GATE_REVERIFY) &&
		 find_cached(req->inode, &kept);
	memset(verdict, 0, sizeof(*verdict));
	judge(req, false, verdict);
	if (cached && is_bad(verdict)) {
		eg_cache_forget(req->inode);
		cached = false;
	}
	if (cached && verdict->reason != EXECGATE_REASON_ALLOWED) {
		eg_verdict_end(verdict);
		*verdict = kept;
	} else {
		eg_verdict_end(&kept);
	}
	eg_paths_apply(req->file, verdict);
	check_class(req, verdict);
	verdict->cached = cached;
}
