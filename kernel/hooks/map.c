// SPDX-License-Identifier: GPL-2.0
/* Files that are mapped executable: mmap(2), mprotect(2). */
#include "hooks/hook.h"

#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rcupdate.h>

#include "core/counter.h"
#include "core/filesystem.h"
#include "core/inode_mark.h"
#include "core/policy.h"
#include "core/use.h"
#include "core/writers.h"
#include "gate.h"
#include "hooks/interpreter.h"
#include "hooks/process.h"

/* As the loader has it open: whoever opens it once more has another file. */
static bool is_program(const struct file *file)
{
	return current->mm && rcu_access_pointer(current->mm->exe_file) == file;
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

static noinline int judge_mapping(struct file *file, unsigned long prot,
				  unsigned long flags)
{
	struct eg_origin *origin = NULL;
	struct eg_request req = {
		.hook = EXECGATE_HOOK_MMAP_FILE,
		.gate = EXECGATE_GATE_MMAP,
		.file = file,
		.classes = EG_USE_MAP,
	};
	int err = EG_HOOK_AS_FILE;

	/* A program is one that was judged, be it in a memfd. */
	if (!current->in_execve)
		err = eg_hook_file_memory(req.hook, file, true);
	if (err != EG_HOOK_AS_FILE)
		return err;
	if (!eg_policy_gate(req.gate))
		return 0;
	req.inode = eg_filesystem_real_inode(file);
	req.reported = told_at_exec(file);
	eg_process_asks(&req, &origin);
	err = admit_mapping(&req, prot, flags);
	if (!err && !(prot & PROT_WRITE))
		err = eg_process_maps(&req, origin);
	eg_origin_put(origin);
	return err;
}

/*
 * Nearly all code that is mapped is in use already. Then judge_mapping() would find
 * nothing more to refuse: no overlay's own inode has a verdict, and without rules of
 * processes nothing is held against them.
 */
static bool maps_at_once(const struct file *file, unsigned long prot)
{
	const struct inode *inode = file_inode(file);

	return !(prot & PROT_WRITE) && !(inode->i_sb->s_flags & SB_KERNMOUNT) &&
	       eg_gate_maps_at_once(inode, EG_USE_MAP);
}

int eg_hook_mmap_file(struct file *file, unsigned long prot,
		      unsigned long flags)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_FILE]);
	note_write_mapping(file, flags);
	if (!(prot & PROT_EXEC))
		return 0;
	if (current->in_execve && is_program(file))
		eg_hook_count_image();
	return maps_at_once(file, prot) ? 0 : judge_mapping(file, prot, flags);
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
	struct eg_origin *origin = NULL;
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
	eg_process_asks(&req, &origin);
	req.atomic = true;
	err = eg_gate_admit_cached(&req);
	if (!err)
		err = eg_process_maps(&req, origin);
	eg_origin_put(origin);
	return err;
}
