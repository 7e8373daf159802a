// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks of a kernel that execgate is built into: a security module like others,
 * in the list lsm=. No program, no BTF and no ftrace is between hook and gate.
 *
 * A kernel calls its modules' functions from boot on and for ever. So each looks at
 * the key of its group first, which is code that is patched: a gate that is off costs
 * a call that returns. The instructions that hooks/program.c writes before the call are
 * said here in C, hook by hook.
 */
#include "hooks/hook.h"

#include <linux/jump_label.h>
#include <linux/lsm_hooks.h>
#include <linux/mman.h>

#include "core/cache.h"
#include "core/counter.h"
#include "core/inode_mark.h"
#include "hooks/table.h"

/*
 * The kernel's own list of numbers (uapi/linux/lsm.h) is for modules that are part of
 * it. "execgate" in ASCII is far from where that list will ever be.
 */
#define LSM_ID_EXECGATE 0x6578656367617465ull

enum {
#define X(group, flags, hook, function, ...) \
	GROUP_##function = EG_HOOKS_##group,
	EG_HOOKS(X) EG_HOOKS_SECOND(X)
#undef X
};

/* By arm.c's lock. */
static DEFINE_STATIC_KEY_ARRAY_FALSE(attached, EG_HOOK_GROUPS);
static bool listed __ro_after_init; /* in lsm= */

#define is_on(function) static_branch_unlikely(&attached[GROUP_##function])

/* As the programs answer: whoever asked gets no other error. */
static int answer(int err)
{
	return !err || err == -ETXTBSY ? err : -EPERM;
}

static int on_bprm_check_security(struct linux_binprm *bprm)
{
	return is_on(bprm_check) ? answer(eg_hook_bprm_check(bprm)) : 0;
}

static int on_bprm_creds_for_exec(struct linux_binprm *bprm)
{
	return is_on(bprm_creds) ? answer(eg_hook_bprm_creds(bprm)) : 0;
}

/* Private mappings of data make no code, and nobody writes to a file by them. */
static int map_code(struct file *file, unsigned long prot, unsigned long flags)
{
	if (!(prot & PROT_EXEC) && (flags & MAP_TYPE) == MAP_PRIVATE)
		return 0;
	return file ? eg_hook_mmap_file(file, prot, flags) :
		      eg_hook_mmap_anon(prot);
}

static int on_mmap_file(struct file *file, unsigned long asked,
			unsigned long prot, unsigned long flags)
{
	int err = 0;

	if (is_on(mmap_file))
		err = map_code(file, prot, flags);
	if (!err && file && is_on(read_mapped))
		err = eg_hook_read_mapped(file, prot);
	return answer(err);
}

static int on_file_mprotect(struct vm_area_struct *vma, unsigned long asked,
			    unsigned long prot)
{
	return is_on(file_mprotect) && prot & PROT_EXEC ?
		       answer(eg_hook_file_mprotect(vma, prot)) :
		       0;
}

/* Most calls of all hooks are these; emit_look_at_file() says whom it lets go, and why. */
static bool is_plain_reader(const struct file *file)
{
	return !(file->f_mode & FMODE_WRITE) &&
	       !(file->f_flags & (O_DIRECTORY | __FMODE_EXEC)) &&
	       !S_ISCHR(file_inode(file)->i_mode);
}

static int on_file_open(struct file *file)
{
	int err = 0;

	if (is_on(file_open) && !is_plain_reader(file))
		err = eg_hook_file_open(file);
	if (!err && is_on(read_open))
		err = eg_hook_read_open(file);
	return answer(err);
}

static int on_inode_setattr(struct mnt_idmap *idmap, struct dentry *dentry,
			    struct iattr *attr)
{
	return is_on(inode_setattr) ?
		       answer(eg_hook_inode_setattr(dentry, attr)) :
		       0;
}

/* Always: an entry stands in the inode's own memory, whatever the mode is. */
static void on_inode_free_security(struct inode *inode)
{
	if (is_on(inode_free))
		eg_hook_inode_free(inode);
	else
		eg_cache_forget(inode);
}

static int on_kernel_read_file(struct file *file, enum kernel_read_file_id id,
			       bool contents)
{
	return file && is_on(kernel_read_file) ?
		       answer(eg_hook_kernel_read_file(file, id, contents)) :
		       0;
}

static int on_kernel_post_read_file(struct file *file, char *data, loff_t size,
				    enum kernel_read_file_id id)
{
	return file && is_on(kernel_post_read) ?
		       answer(eg_hook_kernel_post_read(file, data, size, id)) :
		       0;
}

static int on_kernel_post_load_data(char *data, loff_t size,
				    enum kernel_load_data_id id,
				    char *description)
{
	return is_on(kernel_load_data) ? answer(eg_hook_kernel_load_data(id)) :
					 0;
}

static int on_locked_down(enum lockdown_reason what)
{
	return is_on(locked_down) ? answer(eg_hook_locked_down(what)) : 0;
}

static int on_bpf_prog_load(struct bpf_prog *prog, union bpf_attr *attr,
			    struct bpf_token *token)
{
	if (!is_on(bpf_load))
		return 0;
	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPF_LOAD]);
	return answer(eg_hook_bpf_load(prog, attr));
}

static int on_ptrace_access_check(struct task_struct *child, unsigned int mode)
{
	return is_on(ptrace_access) ?
		       answer(eg_hook_ptrace_access(child, mode)) :
		       0;
}

static int on_ptrace_traceme(struct task_struct *parent)
{
	return is_on(ptrace_traceme) ? answer(eg_hook_ptrace_traceme()) : 0;
}

static int on_inode_init_security_anon(struct inode *inode,
				       const struct qstr *name,
				       const struct inode *context)
{
	return name && is_on(anon_inode) ? answer(eg_hook_anon_inode(name)) : 0;
}

/* Here "no opinion" is -ENOSYS; 0 would say that the call is done. */
static int on_task_prctl(int option, unsigned long what, unsigned long arg3,
			 unsigned long arg4, unsigned long arg5)
{
	return is_on(task_prctl) && eg_hook_task_prctl(option, what) ? -EPERM :
								       -ENOSYS;
}

static int on_mmap_backing_file(struct vm_area_struct *vma,
				struct file *backing, struct file *user)
{
	return is_on(mmap_backing) ?
		       answer(eg_hook_mmap_backing(vma, backing)) :
		       0;
}

static int on_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return is_on(disk_ioctl) ? answer(eg_hook_disk_ioctl(file, cmd)) : 0;
}

static int on_file_ioctl_compat(struct file *file, unsigned int cmd,
				unsigned long arg)
{
	return is_on(disk_ioctl_compat) ?
		       answer(eg_hook_disk_ioctl_compat(file, cmd)) :
		       0;
}

static int on_quota_on(struct dentry *dentry)
{
	return is_on(quota_on) ? answer(eg_hook_quota_on(dentry)) : 0;
}

static int on_capable(const struct cred *cred, struct user_namespace *ns,
		      int cap, unsigned int opts)
{
	return is_on(capable) ? answer(eg_hook_capable(cap)) : 0;
}

static int on_mmap_addr(unsigned long addr)
{
	return is_on(mmap_addr) ? answer(eg_hook_mmap_addr()) : 0;
}

static void on_task_free(struct task_struct *task)
{
	if (is_on(task_free))
		eg_hook_task_free(task);
}

static void on_bprm_committed_creds(const struct linux_binprm *bprm)
{
	if (is_on(bprm_committed))
		eg_hook_bprm_committed();
}

static int on_task_alloc(struct task_struct *task, unsigned long clone_flags)
{
	return is_on(task_alloc) ?
		       answer(eg_hook_task_alloc(task, clone_flags)) :
		       0;
}

static void on_file_free_security(struct file *file)
{
	if (is_on(file_free))
		eg_hook_file_free(file);
}

static int on_file_permission(struct file *file, int mask)
{
	return is_on(file_read) ? answer(eg_hook_file_read(file, mask)) : 0;
}

#define X(group, flags, hook, ...) LSM_HOOK_INIT(hook, on_##hook),
static struct security_hook_list hooks[] __ro_after_init = { EG_HOOKS(X) };
#undef X

static const struct lsm_id lsm_id = {
	.name = "execgate",
	.id = LSM_ID_EXECGATE,
};

/* Long before main.c: an inode's memory must have its blob from the first one on. */
static int __init init_lsm(void)
{
	security_add_hooks(hooks, ARRAY_SIZE(hooks), &lsm_id);
	listed = true;
	return 0;
}

DEFINE_LSM(execgate) = {
	.name = "execgate",
	.init = init_lsm,
	.blobs = &eg_inode_blob_sizes,
};

bool eg_hook_listed(void)
{
	return listed;
}

/* They were, at boot. */
int eg_hook_register(void)
{
	return 0;
}

bool eg_hook_attached(enum eg_hook_group group)
{
	return static_key_enabled(&attached[group]);
}

/* They are called already, by code that nobody detaches: there is no failure. */
int eg_hook_attach(enum eg_hook_group group, const char **why)
{
	static_branch_enable(&attached[group]);
	return 0;
}

void eg_hook_detach(enum eg_hook_group group)
{
	static_branch_disable(&attached[group]);
}

void eg_hook_detach_all(void)
{
	enum eg_hook_group group;

	for (group = 0; group < EG_HOOK_GROUPS; group++)
		eg_hook_detach(group);
}
