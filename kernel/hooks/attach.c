// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks of a stock kernel, where security_add_hooks() is not for modules:
 * kfuncs of this module, called by LSM programs (hooks/program.c) that the module
 * loads itself.
 *
 * Nothing of it can be reached by a file descriptor for longer than the load
 * takes, and that in the table that kernel threads share.
 */
#include "hooks/hook.h"

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/capability.h>
#include <linux/workqueue.h>

#include "core/counter.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "hooks/program.h"
#include "hooks/table.h"

/* Whose arguments are the programs themselves. */
#define OWN_HOOKS(X) X(BASE, KF_SLEEPABLE, bpf_prog, bpf_prog, PLAIN, 0)

#define HOOKS(X) EG_HOOKS(X) EG_HOOKS_SECOND(X) OWN_HOOKS(X)

#define PREFIX "execgate_"

struct hook {
	enum eg_hook_group group;
	struct eg_hook_program program;
};

#define HOOK(in_group, flags, name, function, before, ...) \
	{                                                      \
		.group = EG_HOOKS_##in_group,                  \
		.program = {                                   \
			.hook = #name,                         \
			.kfunc = PREFIX #function,             \
			.or_null = EG_HOOK_##before == EG_HOOK_CODE_OR_SHARED ? PREFIX "mmap_anon" : NULL, \
			.sleepable = flags,                    \
			.prelude = EG_HOOK_##before,           \
			.args = { __VA_ARGS__ },               \
			.arg_count = sizeof((u8[]){ __VA_ARGS__ }), \
		},                                             \
	},

static const struct hook hooks[] = { HOOKS(HOOK) };

/* By arm.c's lock. */
static struct bpf_link *links[ARRAY_SIZE(hooks)]; /* references held */

__bpf_kfunc_start_defs();

__bpf_kfunc int execgate_bprm_check(struct linux_binprm *bprm)
{
	return eg_hook_bprm_check(bprm);
}

__bpf_kfunc int execgate_bprm_creds(struct linux_binprm *bprm)
{
	return eg_hook_bprm_creds(bprm);
}

__bpf_kfunc int execgate_mmap_file(struct file *file, unsigned long prot,
				   unsigned long flags)
{
	/*
	 * Again: older verifiers (6.12) hold a hook's argument to be never NULL
	 * and take the program's own check out as dead code.
	 */
	return file ? eg_hook_mmap_file(file, prot, flags) :
		      eg_hook_mmap_anon(prot);
}

__bpf_kfunc int execgate_mmap_anon(unsigned long prot, unsigned long flags)
{
	return eg_hook_mmap_anon(prot);
}

/* Older verifiers take out the look at it, as above. */
__bpf_kfunc int execgate_read_mapped(struct file *file, unsigned long prot)
{
	return file ? eg_hook_read_mapped(file, prot) : 0;
}

__bpf_kfunc int execgate_mmap_addr(void)
{
	return eg_hook_mmap_addr();
}

__bpf_kfunc int execgate_file_mprotect(struct vm_area_struct *vma,
				       unsigned long prot)
{
	return eg_hook_file_mprotect(vma, prot);
}

__bpf_kfunc int execgate_mmap_backing(struct vm_area_struct *vma,
				      struct file *backing)
{
	return eg_hook_mmap_backing(vma, backing);
}

__bpf_kfunc int execgate_file_open(struct file *file)
{
	return eg_hook_file_open(file);
}

__bpf_kfunc int execgate_read_open(struct file *file)
{
	return eg_hook_read_open(file);
}

__bpf_kfunc int execgate_file_read(struct file *file, int mask)
{
	return eg_hook_file_read(file, mask);
}

/* As a task that is being freed: compared only. */
__bpf_kfunc int execgate_file_free(struct file *file__ign)
{
	eg_hook_file_free(file__ign);
	return 0;
}

__bpf_kfunc int execgate_disk_ioctl(struct file *file, unsigned int cmd)
{
	return eg_hook_disk_ioctl(file, cmd);
}

__bpf_kfunc int execgate_disk_ioctl_compat(struct file *file, unsigned int cmd)
{
	return eg_hook_disk_ioctl_compat(file, cmd);
}

__bpf_kfunc int execgate_quota_on(struct dentry *dentry)
{
	return eg_hook_quota_on(dentry);
}

__bpf_kfunc int execgate_inode_setattr(struct dentry *dentry,
				       struct iattr *attr)
{
	return eg_hook_inode_setattr(dentry, attr);
}

__bpf_kfunc int execgate_kernel_read_file(struct file *file, int id,
					  bool contents)
{
	return eg_hook_kernel_read_file(file, id, contents);
}

/* A hook's pointer to char is a number to the verifier, and is passed on as one. */
__bpf_kfunc int execgate_kernel_post_read(struct file *file, unsigned long data,
					  unsigned long size, int id)
{
	return eg_hook_kernel_post_read(file, (const void *)data, size, id);
}

__bpf_kfunc int execgate_kernel_load_data(int id)
{
	return eg_hook_kernel_load_data(id);
}

__bpf_kfunc int execgate_locked_down(int what)
{
	return eg_hook_locked_down(what);
}

/* Compared only. Written before a hook can fire, and after the last has. */
static const struct bpf_prog *programs[ARRAY_SIZE(hooks)];

/*
 * What root could do with a descriptor of one of these is not known to do harm:
 * they have no maps, and the kernel neither detaches nor replaces through it.
 * Locked, nobody gets one all the same.
 */
__bpf_kfunc int execgate_bpf_prog(struct bpf_prog *prog)
{
	size_t i;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPF_PROG]);
	for (i = 0; i < ARRAY_SIZE(hooks) && eg_policy_locked(); i++)
		if (READ_ONCE(programs[i]) == prog)
			return -EPERM;
	return 0;
}

/* Ours are loaded by this task, one after the other; compared only. */
static struct task_struct *loader;

static bool is_ours(void)
{
	return READ_ONCE(loader) == current;
}

__bpf_kfunc int execgate_bpf_load(struct bpf_prog *prog, union bpf_attr *attr)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPF_LOAD]);
	return is_ours() ? 0 : eg_hook_bpf_load(prog, attr);
}

__bpf_kfunc int execgate_inode_free(struct inode *inode)
{
	eg_hook_inode_free(inode);
	return 0;
}

__bpf_kfunc int execgate_ptrace_access(struct task_struct *child,
				       unsigned int mode)
{
	return eg_hook_ptrace_access(child, mode);
}

__bpf_kfunc int execgate_ptrace_traceme(void)
{
	return eg_hook_ptrace_traceme();
}

__bpf_kfunc int execgate_anon_inode(const struct qstr *name)
{
	return name ? eg_hook_anon_inode(name) : 0;
}

__bpf_kfunc int execgate_task_prctl(int option, unsigned long what)
{
	return eg_hook_task_prctl(option, what);
}

__bpf_kfunc int execgate_task_alloc(struct task_struct *task,
				    unsigned long clone_flags)
{
	return eg_hook_task_alloc(task, clone_flags);
}

/*
 * To the verifier a task that is being freed is not to be trusted as an argument.
 * It is compared only, so the verifier need not look ("__ign").
 */
__bpf_kfunc int execgate_task_free(struct task_struct *task__ign)
{
	eg_hook_task_free(task__ign);
	return 0;
}

__bpf_kfunc int execgate_bprm_committed(void)
{
	eg_hook_bprm_committed();
	return 0;
}

__bpf_kfunc int execgate_capable(int cap)
{
	return eg_hook_capable(cap);
}

__bpf_kfunc_end_defs();

#define KFUNC(group, flags, name, function, ...) \
	BTF_ID_FLAGS(func, execgate_##function, flags)

BTF_KFUNCS_START(kfunc_ids)
HOOKS(KFUNC)
BTF_ID_FLAGS(func, execgate_mmap_anon, KF_SLEEPABLE)
BTF_KFUNCS_END(kfunc_ids)

/*
 * The verifier asks for each call of a kfunc, in the task that loads the
 * program. Whoever else might call them could drop verdicts, or have a file
 * judged as what it is not.
 */
static int filter_kfunc(const struct bpf_prog *prog, u32 kfunc_id)
{
	return is_ours() ? 0 : -EACCES;
}

static const struct btf_kfunc_id_set kfunc_set = {
	.owner = THIS_MODULE,
	.set = &kfunc_ids,
	.filter = filter_kfunc,
};

int eg_hook_register(void)
{
	/* Without BTF of its own the module's kfuncs are silently not registered. */
	if (!THIS_MODULE->btf_data_size) {
		pr_err("built without BTF: rebuild with pahole and the kernel's vmlinux at hand\n");
		return -EINVAL;
	}
	return register_btf_kfunc_id_set(BPF_PROG_TYPE_LSM, &kfunc_set);
}

static u64 calls_of(enum execgate_hook hook)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.hook_calls[hook];
}

struct bpf_calls {
	u64 loads;
	u64 programs;
};

static struct bpf_calls bpf_calls(void)
{
	return (struct bpf_calls){ calls_of(EXECGATE_HOOK_BPF_LOAD),
				   calls_of(EXECGATE_HOOK_BPF_PROG) };
}

/*
 * The programs of the lock were loaded, and their descriptors made, under the
 * eyes of two hooks; and a kernel worker has every capability, so that the hooks
 * behind that check are asked.
 */
static bool lock_fires(struct bpf_calls before)
{
	struct bpf_calls now = bpf_calls();
	u64 asked = calls_of(EXECGATE_HOOK_CAPABLE);

	return now.loads != before.loads && now.programs != before.programs &&
	       capable(CAP_SYS_MODULE) &&
	       calls_of(EXECGATE_HOOK_CAPABLE) != asked;
}

static int attach_each(struct eg_hook_loader *loader, enum eg_hook_group group)
{
	struct bpf_link *link;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].group != group)
			continue;
		link = eg_hook_program_attach(loader, &hooks[i].program);
		if (IS_ERR(link)) {
			pr_err("hook %s: error %ld\n", hooks[i].program.hook,
			       PTR_ERR(link));
			return PTR_ERR(link);
		}
		links[i] = link;
		WRITE_ONCE(programs[i], link->prog);
	}
	return 0;
}

static int attach_group(enum eg_hook_group group, const char **why)
{
	struct bpf_calls before = bpf_calls();
	struct eg_hook_loader loader;
	int err;

	*why = "the kernel did not accept the program that looks up the hooks";
	err = eg_hook_program_begin(&loader);
	if (err)
		return err;
	*why = "the kernel did not accept the hook programs";
	err = attach_each(&loader, group);
	eg_hook_program_end(&loader);
	if (!err && group == EG_HOOKS_LOCK && !lock_fires(before)) {
		*why = "the hooks that the lock needs do not fire";
		err = -EIO;
	}
	if (err)
		eg_hook_detach(group);
	return err;
}

struct attach_work {
	struct work_struct work;
	enum eg_hook_group group;
	const char **why;
	int err;
};

static void attach_in_worker(struct work_struct *work)
{
	struct attach_work *aw = container_of(work, struct attach_work, work);

	WRITE_ONCE(loader, current);
	aw->err = attach_group(aw->group, aw->why);
	WRITE_ONCE(loader, NULL);
}

bool eg_hook_attached(enum eg_hook_group group)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (hooks[i].group == group)
			return links[i];
	return false;
}

/*
 * Loading goes through file descriptors. In a worker they are not the caller's:
 * its RLIMIT_NOFILE cannot make attaching fail, and it never holds one of ours.
 */
int eg_hook_attach(enum eg_hook_group group, const char **why)
{
	struct attach_work aw = { .group = group, .why = why };

	if (eg_hook_attached(group))
		return 0;
	INIT_WORK_ONSTACK(&aw.work, attach_in_worker);
	schedule_work(&aw.work);
	flush_work(&aw.work);
	destroy_work_on_stack(&aw.work);
	return aw.err;
}

void eg_hook_detach(enum eg_hook_group group)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (hooks[i].group != group)
			continue;
		if (links[i])
			bpf_link_put(links[i]);
		links[i] = NULL;
		WRITE_ONCE(programs[i], NULL);
	}
}

void eg_hook_detach_all(void)
{
	enum eg_hook_group group;

	for (group = 0; group < EG_HOOK_GROUPS; group++)
		eg_hook_detach(group);
}
