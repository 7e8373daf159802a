// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel itself loads: modules, kernels to boot, firmware.
 *
 * For modules and kernel images the kernel looks at the signature inside them,
 * with its built-in, secondary and machine keys, after it has decompressed
 * them, and tells the locked_down hook only about what those keys do not vouch
 * for. So that is where it is decided: what the kernel vouches for never gets
 * there, be it a file or memory. What it does not vouch for needs us to, and
 * that we must know before, because locked_down may not sleep: a file is judged
 * when the kernel is about to read it, and the answer is kept on the task until
 * its system call ends. kernel_read_file() itself keeps writers out meanwhile.
 */
#include "hook.h"

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/list.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "compat/compat.h"
#include "counter.h"
#include "filesystem.h"
#include "gate.h"
#include "policy.h"
#include "syscall.h"

/* Kernel images and their initramfs have no class of their own. */
#define IMAGE_CLASSES (EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_DATA)

/* What was found out about the file that a task is loading. */
struct note {
	struct callback_head work;
	struct list_head list;
	const struct task_struct *task; /* compared only; it runs @work */
	struct file *file;		/* reference held */
	enum execgate_gate gate;
	bool vouched;
};

/* As many as tasks are loading something right now. */
static LIST_HEAD(notes);
static DEFINE_SPINLOCK(notes_lock);
static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

static void forget(struct callback_head *work)
{
	struct note *note = container_of(work, struct note, work);

	spin_lock(&notes_lock);
	list_del(&note->list);
	spin_unlock(&notes_lock);
	fput(note->file);
	kfree(note);
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

/* Without a note, for want of memory too, the answer later is no. */
static void remember(const struct eg_request *req, bool vouched)
{
	struct note *note = kmalloc(sizeof(*note), GFP_KERNEL);

	if (!note)
		return;
	note->task = current;
	note->file = get_file(req->file);
	note->gate = req->gate;
	note->vouched = vouched;
	init_task_work(&note->work, forget);
	atomic_inc(&pending);
	spin_lock(&notes_lock);
	list_add(&note->list, &notes);
	spin_unlock(&notes_lock);
	/* Only an exiting task refuses it, and that one loads nothing more. */
	if (task_work_add(current, &note->work, TWA_RESUME))
		forget(&note->work);
}

/* The newest of this task: list_add() puts it first. */
static struct file *recall(enum execgate_gate gate, bool *vouched)
{
	struct file *file = NULL;
	struct note *note;

	*vouched = false;
	spin_lock(&notes_lock);
	list_for_each_entry(note, &notes, list) {
		if (note->task != current || note->gate != gate)
			continue;
		file = get_file(note->file);
		*vouched = note->vouched;
		break;
	}
	spin_unlock(&notes_lock);
	return file;
}

/* Nobody but us can vouch for it. */
static int admit(const struct eg_request *req, enum execgate_reason reason)
{
	if (!eg_policy_gate(req->gate) || eg_gate_vouches(req))
		return 0;
	return eg_gate_refuse(req, reason, -EPERM);
}

int eg_hook_kernel_read_file(struct file *file, int id)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_KERNEL_READ_FILE,
		.file = file,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_KERNEL_READ_FILE]);
	/* The kernel reads without a file too; see execgate_mmap_file(). */
	if (!file || eg_policy_mode() == EXECGATE_MODE_OFF)
		return 0;
	req.inode = eg_filesystem_real_inode(file);
	if (eg_compat_reads_module(id)) {
		req.gate = EXECGATE_GATE_MODULE;
		req.classes = EXECGATE_CLASS_MODULE;
	} else if (id == READING_FIRMWARE) {
		req.gate = EXECGATE_GATE_FIRMWARE;
		req.classes = EXECGATE_CLASS_FIRMWARE | EXECGATE_CLASS_DATA;
		return admit(&req, EXECGATE_REASON_FIRMWARE);
	} else if (id == READING_KEXEC_IMAGE || id == READING_KEXEC_INITRAMFS) {
		req.gate = EXECGATE_GATE_KEXEC;
		req.classes = IMAGE_CLASSES;
	} else {
		return 0;
	}
	if (id == READING_KEXEC_INITRAMFS)
		return admit(&req, EXECGATE_REASON_KEXEC);
	/* A kernel thread has no end of a system call, and loads neither. */
	if (eg_policy_gate(req.gate) && !(current->flags & PF_KTHREAD))
		remember(&req, eg_gate_vouches(&req));
	return 0;
}

/* Firmware that a program hands over: there is no file that could be signed. */
int eg_hook_kernel_load_data(int id)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_KERNEL_LOAD_DATA,
		.gate = EXECGATE_GATE_FIRMWARE,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_KERNEL_LOAD_DATA]);
	if (id != LOADING_FIRMWARE || !eg_policy_gate(req.gate))
		return 0;
	return eg_gate_refuse(&req, EXECGATE_REASON_FIRMWARE, -EPERM);
}

/* kexec_load(2) always ends up here, as what it loads is in memory only. */
int eg_hook_locked_down(int what)
{
	struct eg_request req = { .hook = EXECGATE_HOOK_LOCKED_DOWN };
	enum execgate_reason reason = EXECGATE_REASON_MODULE;
	bool vouched;
	int err = 0;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_LOCKED_DOWN]);
	if (what == LOCKDOWN_MODULE_SIGNATURE) {
		req.gate = EXECGATE_GATE_MODULE;
	} else if (what == LOCKDOWN_KEXEC) {
		req.gate = EXECGATE_GATE_KEXEC;
		reason = EXECGATE_REASON_KEXEC;
	} else {
		return 0;
	}
	if (!eg_policy_gate(req.gate))
		return 0;
	req.file = recall(req.gate, &vouched);
	if (!vouched)
		err = eg_gate_refuse(&req, reason, -EPERM);
	if (req.file)
		fput(req.file);
	return err;
}

/* delete_module(2) with O_TRUNC, in whichever of the ABIs. */
static bool unloads_by_force(void)
{
	unsigned long args[6];
	bool is_32bit;
	int number = eg_syscall_number(&is_32bit);

	if (number !=
	    (is_32bit ? EG_SYSCALL32_DELETE_MODULE : __NR_delete_module))
		return false;
	syscall_get_arguments(current, task_pt_regs(current), args);
	return args[1] & O_TRUNC;
}

/*
 * References keep a locked gate from being unloaded, but not by force, and no
 * hook sees delete_module(2) itself. It asks for its capability first, though,
 * and the call's flags are in the same registers as its number.
 */
int eg_hook_capable(int cap)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_CAPABLE]);
	if (cap != CAP_SYS_MODULE || !eg_policy_locked() || !unloads_by_force())
		return 0;
	pr_warn_ratelimited(
		"%s[%d] wanted to unload a module by force, which is locked\n",
		current->comm, task_tgid_nr(current));
	return -EPERM;
}

void eg_hook_exit(void)
{
	wait_event(none_pending, !atomic_read(&pending));
	/* The last one may still be on its way out of forget(). */
	synchronize_rcu_tasks();
}
