// SPDX-License-Identifier: GPL-2.0
/* Programs, at execve(2), and at execveat(2) that only asks. */
#include "hooks/hook.h"

#include "compat/compat.h"
#include "core/counter.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "core/use.h"
#include "gate.h"
#include "hooks/interpreter.h"
#include "hooks/process.h"
#include "rules/mark.h"

static struct task_struct *probe_task; /* compared only */

void eg_hook_set_probe(struct task_struct *task)
{
	WRITE_ONCE(probe_task, task);
}

/*
 * The loader goes by the file's head, which was read before this hook, and by
 * program headers, which it reads after it. execve keeps writers out meanwhile,
 * but from the inode that it opened: not from one below an overlay, where a
 * writer could have signed code mapped to places and entered at points of the
 * writer's choice.
 */
static bool execve_admits_writers(const struct linux_binprm *bprm,
				  const struct inode *inode)
{
	return eg_policy_mode() == EXECGATE_MODE_ENFORCE &&
	       eg_policy_gate(EXECGATE_GATE_SEAL) &&
	       (inode != file_inode(bprm->file) ||
		eg_compat_exec_admits_writers(bprm->file));
}

/* So there they are kept out by the gate, and the head is read again. */
static int admit_from_writers(const struct linux_binprm *bprm,
			      const struct eg_request *req)
{
	char head[BINPRM_BUF_SIZE] = {};
	loff_t pos = 0;
	int err;

	err = eg_gate_admit_to_map(req);
	if (err)
		return err;
	if (kernel_read(req->file, head, sizeof(head), &pos) >= 0 &&
	    !memcmp(head, bprm->buf, sizeof(head)) &&
	    eg_filesystem_real_inode(req->file) == req->inode) {
		eg_interpreter_settled(req->file);
		return 0;
	}
	return eg_gate_refuse(req, EXECGATE_REASON_WRITER_OPEN, -EPERM);
}

/*
 * The loader asks the kernel for AT_SECURE, and with it set ignores the variables
 * that would load other code into the program. The kernel sets it for set-user-id
 * programs at a later step and never takes it back, nor is it taken back here when
 * the next level's verdict says nothing: a script that is hardened is so with its
 * interpreter. In audit nothing behaves differently.
 */
static void harden(struct linux_binprm *bprm)
{
	if (eg_policy_mode() == EXECGATE_MODE_ENFORCE)
		bprm->secureexec = 1;
}

/* Called for each level: the script, its interpreter, that one's interpreter. */
int eg_hook_bprm_check(struct linux_binprm *bprm)
{
	struct eg_origin *origin = NULL;
	bool hardened = false;
	struct eg_request req = {
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.gate = EXECGATE_GATE_EXEC,
		.file = bprm->file,
		.bprm = bprm,
		.classes = eg_use_exec(bprm->buf),
		.hardened = &hardened,
	};
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPRM_CHECK]);
	if (unlikely(READ_ONCE(probe_task) == current))
		return -EPERM;
	if (!eg_policy_gate(req.gate))
		return 0;
	req.inode = eg_filesystem_real_inode(bprm->file);
	eg_process_asks(&req, &origin);
	err = execve_admits_writers(bprm, req.inode) ?
		      admit_from_writers(bprm, &req) :
		      eg_gate_admit(&req);
	if (!err && hardened)
		harden(bprm);
	if (!err)
		err = eg_process_executes(bprm, &req, origin);
	eg_origin_put(origin);
	return err;
}

/*
 * execveat(AT_EXECVE_CHECK) comes here and not to bprm_check. Shells, script
 * interpreters and loaders ask, before the file's beginning is read.
 */
int eg_hook_bprm_creds(struct linux_binprm *bprm)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_BPRM_CREDS,
		.gate = EXECGATE_GATE_EXEC,
		.file = bprm->file,
		.bprm = bprm,
		.classes = EG_USE_MAP | EXECGATE_CLASS_SCRIPT,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPRM_CREDS]);
	/* Before all levels; what an exec that failed has left is none of theirs. */
	eg_mark_begin();
	if (!eg_compat_bprm_is_check(bprm) || !eg_policy_gate(req.gate))
		return 0;
	req.inode = eg_filesystem_real_inode(bprm->file);
	return eg_gate_admit(&req);
}
