// SPDX-License-Identifier: GPL-2.0
#include "hook.h"

#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rcupdate.h>

#include "cache.h"
#include "compat/compat.h"
#include "counter.h"
#include "filesystem.h"
#include "gate.h"
#include "inode_mark.h"
#include "interpreter.h"
#include "policy.h"
#include "use.h"
#include "writers.h"

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
	bool hardened = false;
	struct eg_request req = {
		.hook = EXECGATE_HOOK_BPRM_CHECK,
		.gate = EXECGATE_GATE_EXEC,
		.file = bprm->file,
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
	err = execve_admits_writers(bprm, req.inode) ?
		      admit_from_writers(bprm, &req) :
		      eg_gate_admit(&req);
	if (!err && hardened)
		harden(bprm);
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
		.classes = EG_USE_MAP | EXECGATE_CLASS_SCRIPT,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPRM_CREDS]);
	if (!eg_compat_bprm_is_check(bprm) || !eg_policy_gate(req.gate))
		return 0;
	req.inode = eg_filesystem_real_inode(bprm->file);
	return eg_gate_admit(&req);
}

static bool is_program(const struct file *file)
{
	bool same = false;

	if (!current->mm)
		return false;
	rcu_read_lock();
	if (rcu_access_pointer(current->mm->exe_file))
		same = file_inode(file) ==
		       file_inode(rcu_dereference(current->mm->exe_file));
	rcu_read_unlock();
	return same;
}

/*
 * The loader maps what bprm_check has told of already, if it was not denied: say
 * it once.
 */
static bool told_at_exec(const struct file *file)
{
	return eg_policy_mode() != EXECGATE_MODE_OFF && is_program(file);
}

/* From then on a page of it that somebody holds may be written to. */
static void note_write_mapping(struct file *file, unsigned long flags)
{
	struct inode *inode;

	if (!(file->f_mode & FMODE_WRITE) || (flags & MAP_TYPE) == MAP_PRIVATE)
		return;
	inode = eg_filesystem_real_inode(file);
	if (!eg_inode_marked(inode, EG_INODE_WRITE_MAPPED))
		eg_inode_test_and_mark(inode, EG_INODE_WRITE_MAPPED);
}

static int admit_mapping(const struct eg_request *req, unsigned long prot,
			 unsigned long flags)
{
	int err;

	if (!S_ISREG(file_inode(req->file)->i_mode))
		return eg_gate_refuse(req, EXECGATE_REASON_NOT_REGULAR, -EPERM);
	if (prot & PROT_WRITE)
		return eg_hook_copy_exec((flags & MAP_TYPE) == MAP_PRIVATE) ?
			       0 :
			       eg_gate_refuse(req, EXECGATE_REASON_WX_MAPPING,
					      -EPERM);
	err = eg_gate_admit_to_map(req);
	if (err || !current->in_execve || req->inode == file_inode(req->file) ||
	    eg_interpreter_undisturbed(req->file,
				       eg_filesystem_layer_inode(req->file)))
		return err;
	/* It would be mapped to places, and entered at one, that nobody signed. */
	return eg_gate_refuse(req, EXECGATE_REASON_WRITER_OPEN, -EPERM);
}

int eg_hook_mmap_file(struct file *file, unsigned long prot,
		      unsigned long flags)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_MMAP_FILE,
		.gate = EXECGATE_GATE_MMAP,
		.file = file,
		.classes = EG_USE_MAP,
	};
	int err = EG_HOOK_AS_FILE;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_FILE]);
	note_write_mapping(file, flags);
	if (!(prot & PROT_EXEC))
		return 0;
	if (current->in_execve && is_program(file))
		eg_hook_count_image();
	/* A program is one that was judged, be it in a memfd. */
	if (!current->in_execve)
		err = eg_hook_file_memory(req.hook, file, true);
	if (err != EG_HOOK_AS_FILE)
		return err;
	if (!eg_policy_gate(req.gate))
		return 0;
	req.inode = eg_filesystem_real_inode(file);
	req.reported = told_at_exec(file);
	return admit_mapping(&req, prot, flags);
}

/* Executable, and it was not, or writable besides, and it was not. */
static bool gains(const struct vm_area_struct *vma, unsigned long prot)
{
	return !(vma->vm_flags & VM_EXEC) ||
	       (prot & PROT_WRITE && !(vma->vm_flags & VM_WRITE));
}

/*
 * The second half of the hook above for a file of an overlay: only now it shows
 * which file of the layers is mapped. It must be the one that this task has just
 * had judged, from which writers are kept since. It is another one if the file
 * was copied up after it was opened: a new open will map the new file.
 */
int eg_hook_mmap_backing(struct vm_area_struct *vma, struct file *backing)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_MMAP_BACKING,
		.gate = EXECGATE_GATE_MMAP,
		.file = backing,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_BACKING]);
	if (!(vma->vm_flags & VM_EXEC) || !eg_policy_gate(req.gate))
		return 0;
	/* An overlay on an overlay: the hook comes again for the file below. */
	if (eg_filesystem_stacked(file_inode(backing)) ||
	    eg_writers_bridged(file_inode(backing)))
		return 0;
	return eg_gate_refuse(&req, EXECGATE_REASON_UNTRUSTED_FS, -EPERM);
}

/*
 * The mmap lock is held and the hook may not sleep, so nothing is read here.
 * Pages of their own (anon_vma) mean that the mapping was written to: what
 * would become executable is not what was signed.
 */
int eg_hook_file_mprotect(struct vm_area_struct *vma, unsigned long prot)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_MPROTECT,
		.gate = EXECGATE_GATE_MPROTECT,
		.file = vma->vm_file,
		.classes = EG_USE_MAP,
	};
	int err;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_MPROTECT]);
	if (!(prot & PROT_EXEC))
		return 0;
	if (!vma->vm_file)
		return gains(vma, prot) ? eg_hook_anon_exec(req.hook) : 0;
	err = eg_hook_file_memory(req.hook, vma->vm_file, gains(vma, prot));
	if (err != EG_HOOK_AS_FILE)
		return err;
	if (!eg_policy_gate(req.gate))
		return 0;
	if ((prot & PROT_WRITE || vma->anon_vma) &&
	    eg_hook_copy_exec(!(vma->vm_flags & VM_MAYSHARE)))
		return 0;
	if (prot & PROT_WRITE)
		return eg_gate_refuse(&req, EXECGATE_REASON_WX_MAPPING, -EPERM);
	if (vma->vm_flags & VM_EXEC)
		return 0;
	if (vma->anon_vma)
		return eg_gate_refuse(&req, EXECGATE_REASON_EXEC_MODIFIED,
				      -EPERM);
	/* Of an overlay it is the layer's file that stands here. */
	req.inode = file_inode(vma->vm_file);
	return eg_gate_admit_cached(&req);
}

/* Is what a task executes now kept from writers while it is in use? */
static bool seals_mappings(void)
{
	return eg_policy_mode() == EXECGATE_MODE_ENFORCE &&
	       eg_policy_gate(EXECGATE_GATE_SEAL) &&
	       eg_policy_gate(EXECGATE_GATE_MMAP);
}

/* By execve: a program, a script or an interpreter. */
static int opened_to_exec(const struct eg_request *req)
{
	struct inode *inode = eg_filesystem_layer_inode(req->file);
	int err;

	if (inode == file_inode(req->file) || !seals_mappings())
		return 0;
	err = eg_interpreter_opened(req->file, inode);
	if (!err)
		return 0;
	return eg_gate_refuse(req,
			      err == -ENOMEM ? EXECGATE_REASON_NO_MEMORY :
					       EXECGATE_REASON_INTERRUPTED,
			      -EPERM);
}

/*
 * Of all hooks the one that is called most, so its program may not sleep: that
 * costs each open less.
 */
int eg_hook_file_open(struct file *file)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_OPEN,
		.gate = EXECGATE_GATE_SEAL,
		.file = file,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_OPEN]);
	if (!S_ISREG(file_inode(file)->i_mode))
		return 0;
	if (file->f_flags & __FMODE_EXEC)
		return opened_to_exec(&req);
	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	if (eg_hook_is_memory(file))
		return eg_hook_open_memory(file);
	return eg_gate_write(&req, file_inode(file));
}

int eg_hook_inode_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_INODE_SETATTR,
		.gate = EXECGATE_GATE_SEAL,
		.dentry = dentry,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_INODE_SETATTR]);
	if (!(attr->ia_valid & ATTR_SIZE))
		return 0;
	return eg_gate_write(&req, d_backing_inode(dentry));
}

void eg_hook_inode_free(struct inode *inode)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_INODE_FREE]);
	eg_cache_forget(inode);
}
