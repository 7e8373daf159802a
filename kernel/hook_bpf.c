// SPDX-License-Identifier: GPL-2.0
/*
 * The hooks of a stock kernel, where security_add_hooks() is not for modules:
 * kfuncs of this module, called by the one-line LSM programs of
 * bpf/execgate.bpf.c, which the module loads itself.
 *
 * Nothing of it can be reached by a file descriptor for longer than the load
 * takes, and that in the table that kernel threads share.
 */
#include "hook.h"

#include <linux/bpf.h>
#include <linux/btf.h>
#include <linux/btf_ids.h>
#include <linux/capability.h>
#include <linux/workqueue.h>

#include "bpf/execgate.lskel.h"
#include "bpf/lock.lskel.h"
#include "bpf/overlay.lskel.h"
#include "compat/compat.h"
#include "counter.h"
#include "policy.h"

EG_IMPORT_NS(BPF_INTERNAL);

#define PROGRAMS(skeleton) \
	(sizeof(((struct skeleton *)0)->progs) / sizeof(struct bpf_prog_desc))
#define FIRST_OVERLAY PROGRAMS(execgate_bpf)
#define FIRST_LOCK (FIRST_OVERLAY + PROGRAMS(overlay_bpf))
#define LINKS (FIRST_LOCK + PROGRAMS(lock_bpf))

/* As bpf/execgate.bpf.c has them, which includes no kernel header. */
static_assert((__force unsigned int)FMODE_WRITE == 2);
static_assert(O_DIRECTORY == 0200000);

static struct bpf_link *links[LINKS]; /* references held; by arm.c's lock */

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

__bpf_kfunc int execgate_mmap_anon(unsigned long prot)
{
	return eg_hook_mmap_anon(prot);
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

__bpf_kfunc int execgate_inode_setattr(struct dentry *dentry,
				       struct iattr *attr)
{
	return eg_hook_inode_setattr(dentry, attr);
}

__bpf_kfunc int execgate_kernel_read_file(struct file *file, int id)
{
	return eg_hook_kernel_read_file(file, id);
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
static const struct bpf_prog *programs[LINKS];

/*
 * What root could do with a descriptor of one of these is not known to do harm:
 * they have no maps, and the kernel neither detaches nor replaces through it.
 * Locked, nobody gets one all the same.
 */
__bpf_kfunc int execgate_bpf_prog(struct bpf_prog *prog)
{
	size_t i;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_BPF_PROG]);
	for (i = 0; i < LINKS && eg_policy_locked(); i++)
		if (READ_ONCE(programs[i]) == prog)
			return -EPERM;
	return 0;
}

__bpf_kfunc void execgate_inode_free(struct inode *inode)
{
	eg_hook_inode_free(inode);
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

__bpf_kfunc int execgate_capable(int cap)
{
	return eg_hook_capable(cap);
}

__bpf_kfunc_end_defs();

BTF_KFUNCS_START(kfunc_ids)
BTF_ID_FLAGS(func, execgate_bprm_check, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_bprm_creds, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_mmap_file, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_mmap_anon, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_file_mprotect)
BTF_ID_FLAGS(func, execgate_mmap_backing)
BTF_ID_FLAGS(func, execgate_file_open, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_inode_setattr, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_inode_free)
BTF_ID_FLAGS(func, execgate_bpf_prog, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_kernel_read_file, KF_SLEEPABLE)
BTF_ID_FLAGS(func, execgate_kernel_load_data)
BTF_ID_FLAGS(func, execgate_locked_down)
BTF_ID_FLAGS(func, execgate_ptrace_access)
BTF_ID_FLAGS(func, execgate_ptrace_traceme)
BTF_ID_FLAGS(func, execgate_task_prctl)
BTF_ID_FLAGS(func, execgate_anon_inode)
BTF_ID_FLAGS(func, execgate_capable)
BTF_KFUNCS_END(kfunc_ids)

static const struct btf_kfunc_id_set kfunc_set = {
	.owner = THIS_MODULE,
	.set = &kfunc_ids,
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

static int hold_link(int prog_fd, struct bpf_link **link)
{
	int fd = skel_raw_tracepoint_open(NULL, prog_fd);

	if (fd < 0)
		return fd;
	*link = bpf_link_get_from_fd(fd);
	close_fd(fd);
	if (IS_ERR(*link)) {
		int err = PTR_ERR(*link);

		*link = NULL;
		return err;
	}
	return 0;
}

/*
 * The @count programs of a skeleton, in its order, into the links from @first;
 * descriptor 0 is a good one.
 */
static int hold_links(const void *progs, size_t count, size_t first)
{
	const struct bpf_prog_desc *prog = progs;
	size_t i;
	int err;

	for (i = first; i < first + count; i++) {
		err = hold_link((prog++)->prog_fd, &links[i]);
		if (err)
			return err;
		WRITE_ONCE(programs[i], links[i]->prog);
	}
	return 0;
}

static const char no_memory[] = "no memory for the hook programs";
static const char not_accepted[] =
	"the kernel did not accept the hook programs";
static const char not_attached[] = "a hook program could not be attached";

static int attach_base(const char **why)
{
	struct execgate_bpf *skel = execgate_bpf__open();
	int err;

	*why = no_memory;
	if (!skel)
		return -ENOMEM;
	*why = not_accepted;
	err = execgate_bpf__load(skel);
	if (!err) {
		*why = not_attached;
		err = hold_links(&skel->progs, PROGRAMS(execgate_bpf), 0);
	}
	execgate_bpf__destroy(skel);
	return err;
}

static int attach_overlay(const char **why)
{
	struct overlay_bpf *skel = overlay_bpf__open();
	int err;

	*why = no_memory;
	if (!skel)
		return -ENOMEM;
	*why = "the kernel did not accept the hook program for overlays";
	err = overlay_bpf__load(skel);
	if (!err) {
		*why = not_attached;
		err = hold_links(&skel->progs, PROGRAMS(overlay_bpf),
				 FIRST_OVERLAY);
	}
	overlay_bpf__destroy(skel);
	return err;
}

static int attach_all(const char **why)
{
	int err = attach_base(why);

	if (!err && EG_OVERLAY)
		err = attach_overlay(why);
	if (err)
		eg_hook_detach();
	return err;
}

static void detach_from(size_t first)
{
	size_t i;

	for (i = first; i < LINKS; i++) {
		if (links[i])
			bpf_link_put(links[i]);
		links[i] = NULL;
		WRITE_ONCE(programs[i], NULL);
	}
}

static u64 calls_of(enum execgate_hook hook)
{
	struct eg_counters counters;

	eg_counter_sum(&counters);
	return counters.hook_calls[hook];
}

static int load_lock(const char **why)
{
	struct lock_bpf *skel = lock_bpf__open();
	int err;

	*why = no_memory;
	if (!skel)
		return -ENOMEM;
	*why = "the kernel did not accept the hook program of the lock";
	err = lock_bpf__load(skel);
	if (!err) {
		*why = not_attached;
		err = hold_links(&skel->progs, PROGRAMS(lock_bpf), FIRST_LOCK);
	}
	lock_bpf__destroy(skel);
	return err;
}

/* A kernel worker has every capability: the hooks behind that check are asked. */
static int attach_lock(const char **why)
{
	u64 programs_made = calls_of(EXECGATE_HOOK_BPF_PROG);
	u64 asked = calls_of(EXECGATE_HOOK_CAPABLE);
	int err = load_lock(why);

	if (!err) {
		*why = "the hooks that the lock needs do not fire";
		if (calls_of(EXECGATE_HOOK_BPF_PROG) == programs_made ||
		    !capable(CAP_SYS_MODULE) ||
		    calls_of(EXECGATE_HOOK_CAPABLE) == asked)
			err = -EIO;
	}
	if (err)
		detach_from(FIRST_LOCK);
	return err;
}

struct attach_work {
	struct work_struct work;
	int (*attach)(const char **why);
	const char **why;
	int err;
};

static void attach_in_worker(struct work_struct *work)
{
	struct attach_work *aw = container_of(work, struct attach_work, work);

	aw->err = aw->attach(aw->why);
}

/*
 * Loading goes through file descriptors. In a worker they are not the caller's:
 * its RLIMIT_NOFILE cannot make attaching fail, and it never holds one of ours.
 */
static int attach_apart(int (*attach)(const char **why), const char **why)
{
	struct attach_work aw = { .attach = attach, .why = why };

	INIT_WORK_ONSTACK(&aw.work, attach_in_worker);
	schedule_work(&aw.work);
	flush_work(&aw.work);
	destroy_work_on_stack(&aw.work);
	return aw.err;
}

int eg_hook_attach(const char **why)
{
	return attach_apart(attach_all, why);
}

int eg_hook_attach_lock(const char **why)
{
	return attach_apart(attach_lock, why);
}

void eg_hook_detach(void)
{
	detach_from(0);
}
