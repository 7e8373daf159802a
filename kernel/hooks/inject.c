// SPDX-License-Identifier: GPL-2.0
/*
 * Ways into the memory of a process, its own included: what is written there
 * past the page protection runs without ever having been a file. Only a program
 * that was signed as a debugger may use them.
 *
 * Whoever may run a debugger has all that it can do, so a debugger need not be
 * told from a process that volunteers to its own fork (traceme below).
 */
#include <linux/file.h>
#include <linux/module.h>
#include <linux/mount.h>
#include <linux/namei.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>

#include "core/counter.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/constrained.h"
#include "hooks/hook.h"

/* Of /proc/PID/mem: static in the kernel, so learned. Written before arming. */
static const struct file_operations *memory_fops;

/* @subject: the file that the event names; NULL is possible. */
static int inject(enum execgate_hook hook, struct file *subject)
{
	struct eg_request req = {
		.hook = hook,
		.gate = EXECGATE_GATE_INJECT,
		.file = subject,
	};

	if (!eg_hook_gate(&req, EG_CONSTRAINED_MEMORY) ||
	    eg_gate_program_may(EXECGATE_CLASS_DEBUGGER)) {
		eg_counter_inc(inject);
		return 0;
	}
	return eg_gate_refuse(&req, EXECGATE_REASON_INJECT, -EPERM);
}

/*
 * ptrace(2), process_vm_writev(2), pidfd_getfd(2), and opening the memory of
 * another process; the kernel asks in the same way for reading and for writing.
 * Looking only (PTRACE_MODE_READ, as ps does) is let through. The caller holds
 * task_lock(child): its memory and the file behind it stay.
 */
int eg_hook_ptrace_access(struct task_struct *child, unsigned int mode)
{
	struct file *program;
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_PTRACE_ACCESS]);
	if (!(mode & PTRACE_MODE_ATTACH))
		return 0;
	program = eg_gate_program(child->mm);
	err = inject(EXECGATE_HOOK_PTRACE_ACCESS, program);
	if (program)
		fput(program);
	return err;
}

/*
 * The parent may write to a child that volunteers, and no other hook tells.
 * tasklist_lock is held for writing, so the parent's memory cannot be looked at;
 * the child is asked instead: it is the debugger's own fork, before exec.
 */
int eg_hook_ptrace_traceme(void)
{
	struct file *program;
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_PTRACE_TRACEME]);
	program = eg_gate_program(current->mm);
	err = inject(EXECGATE_HOOK_PTRACE_TRACEME, program);
	if (program)
		fput(program);
	return err;
}

/* The first that is on; or exec, which is what it pretends to have done. */
static enum execgate_gate prctl_gate(void)
{
	if (eg_policy_gate(EXECGATE_GATE_INJECT))
		return EXECGATE_GATE_INJECT;
	return eg_policy_gate(EXECGATE_GATE_ANON_EXEC) ?
		       EXECGATE_GATE_ANON_EXEC :
		       EXECGATE_GATE_EXEC;
}

/*
 * A process that names another file as its program would have that one's classes,
 * and would be told of under its name, in every profile. Only restoring a checkpoint
 * needs this.
 */
int eg_hook_task_prctl(int option, unsigned long what)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_TASK_PRCTL,
		.gate = prctl_gate(),
	};
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_TASK_PRCTL]);
	if (option != PR_SET_MM ||
	    (what != PR_SET_MM_EXE_FILE && what != PR_SET_MM_MAP))
		return 0;
	if (!eg_policy_gate(req.gate) ||
	    eg_gate_program_may(EXECGATE_CLASS_DEBUGGER))
		return 0;
	req.file = eg_gate_program(current->mm);
	err = eg_gate_refuse(&req, EXECGATE_REASON_INJECT, -EPERM);
	if (req.file)
		fput(req.file);
	return err;
}

bool eg_hook_is_memory(const struct file *file)
{
	return file->f_op == READ_ONCE(memory_fops);
}

int eg_hook_open_memory(struct file *file)
{
	return inject(EXECGATE_HOOK_FILE_OPEN, file);
}

/*
 * In a mount of our own: nothing that root mounts on /proc can mislead us. Looked up and
 * not opened: a kernel that boots has nobody yet with memory to be opened.
 */
int eg_hook_learn(const char **why)
{
	struct file_system_type *type = get_fs_type("proc");
	struct vfsmount *mnt;
	struct path memory;
	char name[32];
	int err;

	*why = "what /proc/PID/mem is could not be found out";
	if (!type)
		return -ENODEV;
	mnt = kern_mount(type);
	module_put(type->owner);
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	snprintf(name, sizeof(name), "%d/mem", task_tgid_vnr(current));
	err = vfs_path_lookup(mnt->mnt_root, mnt, name, 0, &memory);
	if (!err) {
		WRITE_ONCE(memory_fops, d_inode(memory.dentry)->i_fop);
		path_put(&memory);
	}
	kern_unmount(mnt);
	return err;
}
