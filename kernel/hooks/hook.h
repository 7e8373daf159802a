/* SPDX-License-Identifier: GPL-2.0 */
/* The questions of each LSM hook to the gate; the same however the hooks are reached. */
#ifndef EG_HOOK_H
#define EG_HOOK_H

#include <linux/binfmts.h>
#include <linux/bpf.h>
#include <linux/execgate.h>
#include <linux/fs.h>
#include <linux/mm_types.h>

int eg_hook_bprm_check(struct linux_binprm *bprm);
int eg_hook_bprm_creds(struct linux_binprm *bprm);
int eg_hook_mmap_file(struct file *file, unsigned long prot,
		      unsigned long flags);
int eg_hook_mmap_backing(struct vm_area_struct *vma, struct file *backing);
/* Memory without a file. */
int eg_hook_mmap_anon(unsigned long prot);
int eg_hook_mmap_addr(void);
int eg_hook_file_mprotect(struct vm_area_struct *vma, unsigned long prot);
int eg_hook_file_open(struct file *file);
int eg_hook_read_open(struct file *file);
int eg_hook_read_mapped(struct file *file, unsigned long prot);
int eg_hook_file_read(struct file *file, int mask);
/* @file: compared only. */
void eg_hook_file_free(const struct file *file);
int eg_hook_disk_ioctl(struct file *file, unsigned int cmd);
int eg_hook_disk_ioctl_compat(struct file *file, unsigned int cmd);
int eg_hook_quota_on(struct dentry *dentry);
int eg_hook_inode_setattr(struct dentry *dentry, struct iattr *attr);
void eg_hook_inode_free(struct inode *inode);
int eg_hook_ptrace_access(struct task_struct *child, unsigned int mode);
int eg_hook_ptrace_traceme(void);
int eg_hook_anon_inode(const struct qstr *name);
int eg_hook_task_prctl(int option, unsigned long what);
/* For rules of processes (hooks/process.c). @child, @task: compared only. */
int eg_hook_task_alloc(const struct task_struct *child, u64 clone_flags);
void eg_hook_task_free(const struct task_struct *task);
void eg_hook_bprm_committed(void);

/* Parts of others (hooks/memory.c, hooks/inject.c, hooks/disk.c, hooks/lock.c). */
int eg_hook_anon_exec(enum execgate_hook hook);
#define EG_HOOK_AS_FILE 1
/*
 * @gained: the mapping was not executable, or not writable besides.
 * Return: what was decided, or EG_HOOK_AS_FILE: this rule has nothing to say.
 */
int eg_hook_file_memory(enum execgate_hook hook, const struct file *file,
			bool gained);
/* May current run what it writes to a copy of a file? */
bool eg_hook_copy_exec(bool private);
void eg_hook_count_image(void);
bool eg_hook_is_memory(const struct file *file);
int eg_hook_open_memory(struct file *file);
int eg_hook_open_disk(struct file *file);
int eg_hook_lockdown(int what);

/**
 * eg_hook_learn() - before attaching: what /proc/PID/mem looks like
 * @why: set to a sentence on failure
 */
int eg_hook_learn(const char **why);

int eg_hook_kernel_read_file(struct file *file, int id, bool contents);
int eg_hook_kernel_post_read(struct file *file, const void *data, u64 size,
			     int id);
int eg_hook_kernel_load_data(int id);
int eg_hook_locked_down(int what);
int eg_hook_capable(int cap);
/* @attr: of bpf(2), in kernel memory (hooks/bpf_load.c). */
int eg_hook_bpf_load(const struct bpf_prog *prog, const union bpf_attr *attr);

/* Once no hook runs: wait for what they left on tasks (hooks/kernel.c). */
void eg_hook_exit(void);

/* This task's exec is the self-probe's: refused, to show that the hook fires. */
void eg_hook_set_probe(struct task_struct *task);

/* How the hooks are reached (hooks/attach.c; built in, hooks/lsm.c). */
int eg_hook_register(void);
/* Built in: was execgate in the list of security modules at boot? */
bool eg_hook_listed(void);

/*
 * Hooks that are attached together, all or none. Each group is a choice of its own, so
 * that what nobody asked for costs nothing.
 */
enum eg_hook_group {
	EG_HOOKS_BASE,	  /* always */
	EG_HOOKS_OVERLAY, /* not every kernel has it: ENOENT */
	EG_HOOKS_DISK,	  /* every ioctl asks: gate raw-disk */
	EG_HOOKS_LOCK,	  /* asked often, and matters to a locked gate only */
	EG_HOOKS_MEMORY,  /* the same, with gate anon-exec */
	EG_HOOKS_PROCESS, /* once a file with rules of processes was judged */
	EG_HOOKS_READ, /* the same, of what they read; every open and read asks */
	EG_HOOK_GROUPS
};

/**
 * eg_hook_attach() - put the functions above on the hooks of a group
 * @why: set to a sentence on failure
 *
 * The caller has arm.c's lock, as for those below.
 *
 * Return: 0, also if they are there, or a negative error: none is attached then.
 */
int eg_hook_attach(enum eg_hook_group group, const char **why);
bool eg_hook_attached(enum eg_hook_group group);

/* Take them off. Hooks that are running go on until they return. */
void eg_hook_detach(enum eg_hook_group group);
void eg_hook_detach_all(void);

#endif /* EG_HOOK_H */
