// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of processes (rules/mark.h): what a process with a mark may map executable
 * and execute, and how it gets and hands on the mark.
 *
 * What is judged here was admitted by its signature before. A denial in audit lets
 * things run that nobody vouches for; that was told then, and is not told again.
 */
#include "hooks/process.h"

#include "core/counter.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/hook.h"
#include "hooks/script.h"
#include "rules/mark.h"

void eg_process_asks(struct eg_request *req, struct eg_origin **origin)
{
	req->origin = origin;
	req->unruled = !eg_origin_wanted();
}

/*
 * Without an origin: either it was asked for before there were any rules, which
 * counts as mapped before they were; or it was let through by the mode alone.
 */
static bool is_beyond_rules(const struct eg_request *req,
			    const struct eg_origin *origin)
{
	return !origin &&
	       (req->unruled || eg_policy_mode() != EXECGATE_MODE_ENFORCE);
}

static int obey(const struct eg_request *req, const struct eg_origin *origin,
		enum eg_rule_kind kind, enum execgate_reason reason)
{
	enum eg_origin_worth worth;

	if (eg_mark_none() || is_beyond_rules(req, origin))
		return 0;
	worth = eg_mark_judge(kind, origin);
	if (worth == EG_ORIGIN_GOOD)
		return 0;
	return eg_gate_break_rule(req, origin, reason,
				  worth == EG_ORIGIN_REPORTED);
}

static int mark(const struct eg_request *req, struct eg_origin *origin)
{
	gfp_t gfp = req->atomic ? GFP_ATOMIC | __GFP_NOWARN : GFP_KERNEL;
	struct eg_command command;
	int err;

	err = eg_script_mapped(req, origin, &command);
	if (!err && eg_mark_add(origin, &command.found, gfp))
		err = eg_gate_break_rule(req, origin, EXECGATE_REASON_UNMARKED,
					 false);
	eg_script_command_end(&command);
	return err;
}

/*
 * A rule counts for what is mapped after it. What was there before its library came
 * is not judged again: it runs already, and the library knew where it goes.
 */
int eg_process_maps(const struct eg_request *req, struct eg_origin *origin)
{
	int err = obey(req, origin, EG_RULE_LIBRARIES,
		       EXECGATE_REASON_FOREIGN_LIBRARY);

	if (err || !eg_origin_binds(origin))
		return err;
	return mark(req, origin);
}

static int stage(const struct linux_binprm *bprm, const struct eg_request *req,
		 struct eg_origin *origin)
{
	struct eg_command command;
	int err;

	err = eg_script_command(bprm, req, origin, &command);
	if (!err && eg_mark_stage(origin, &command.found, GFP_KERNEL))
		err = eg_gate_break_rule(req, origin, EXECGATE_REASON_UNMARKED,
					 false);
	eg_script_command_end(&command);
	return err;
}

/* Each level: the script, and its interpreter, whose process has the rules of both. */
int eg_process_executes(const struct linux_binprm *bprm,
			const struct eg_request *req, struct eg_origin *origin)
{
	int err = obey(req, origin, EG_RULE_STARTS,
		       EXECGATE_REASON_FOREIGN_PROGRAM);

	if (err || !eg_origin_binds(origin))
		return err;
	return stage(bprm, req, origin);
}

/* Unmarked it may not be; and a fork that fails says so to who forks. */
int eg_hook_task_alloc(const struct task_struct *child, u64 clone_flags)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_TASK_ALLOC,
		.gate = EXECGATE_GATE_EXEC,
		.atomic = true,
	};
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_TASK_ALLOC]);
	if (likely(!eg_mark_clone(child, clone_flags)))
		return 0;
	req.file = eg_gate_program(current->mm);
	err = eg_gate_refuse(&req, EXECGATE_REASON_UNMARKED, -EPERM);
	if (req.file)
		fput(req.file);
	return err;
}

void eg_hook_task_free(const struct task_struct *task)
{
	eg_mark_drop(task);
}

void eg_hook_bprm_committed(void)
{
	eg_mark_commit();
}
