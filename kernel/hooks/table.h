/* SPDX-License-Identifier: GPL-2.0 */
/* Which hooks the gate is on. */
#ifndef EG_HOOK_TABLE_H
#define EG_HOOK_TABLE_H

/*
 * The hooks: group, KF_SLEEPABLE or 0, name of the hook, of the function without
 * its prefix, when it is called at all, and which of the hook's arguments it is passed.
 * A module is reached by programs that are made of this (hooks/attach.c). Built in
 * (hooks/lsm.c), the compiler is told the conditions and arguments in C, and takes
 * hooks and groups from here.
 *
 * bprm_creds_for_exec is where execve is only asked, on kernels that have that; with
 * rules of processes it is also where an exec begins.
 *
 * inode_setattr is where every truncation ends up, by path, by descriptor or by
 * O_TRUNC. Not kernel_load_data: what a program uploads to a driver comes to
 * kernel_post_load_data only.
 */
#define EG_HOOKS(X)                                                            \
	X(BASE, KF_SLEEPABLE, bprm_check_security, bprm_check, PLAIN, 0)       \
	X(BPRM_CREDS, KF_SLEEPABLE, bprm_creds_for_exec, bprm_creds, PLAIN, 0) \
	X(BASE, KF_SLEEPABLE, mmap_file, mmap_file, CODE_OR_SHARED, 0, 2, 3)   \
	X(BASE, 0, file_mprotect, file_mprotect, EXECUTABLE, 0, 2)             \
	X(BASE, KF_SLEEPABLE, file_open, file_open, NO_PLAIN_READER, 0)        \
	X(BASE, 0, inode_setattr, inode_setattr, PLAIN, 1, 2)                  \
	X(BASE, 0, inode_free_security, inode_free, PLAIN, 0)                  \
	X(BASE, KF_SLEEPABLE, kernel_read_file, kernel_read_file, MAYBE_NULL,  \
	  0, 1, 2)                                                             \
	X(BASE, 0, kernel_post_read_file, kernel_post_read, MAYBE_NULL, 0, 1,  \
	  2, 3)                                                                \
	X(BASE, 0, kernel_post_load_data, kernel_load_data, PLAIN, 2)          \
	X(BASE, 0, locked_down, locked_down, PLAIN, 0)                         \
	X(BASE, KF_SLEEPABLE, bpf_prog_load, bpf_load, PLAIN, 0, 1)            \
	X(BASE, 0, ptrace_access_check, ptrace_access, PLAIN, 0, 1)            \
	X(BASE, 0, ptrace_traceme, ptrace_traceme, PLAIN)                      \
	X(BASE, 0, inode_init_security_anon, anon_inode, PLAIN, 1)             \
	X(BASE, 0, task_prctl, task_prctl, PLAIN, 0, 1)                        \
	X(OVERLAY, 0, mmap_backing_file, mmap_backing, PLAIN, 0, 1)            \
	X(DISK, KF_SLEEPABLE, file_ioctl, disk_ioctl, PLAIN, 0, 1)             \
	X(DISK, 0, file_ioctl_compat, disk_ioctl_compat, PLAIN, 0, 1)          \
	X(DISK, 0, quota_on, quota_on, PLAIN, 0)                               \
	X(LOCK, 0, capable, capable, PLAIN, 2)                                 \
	X(MEMORY, 0, mmap_addr, mmap_addr, PLAIN)                              \
	X(PROCESS, 0, task_free, task_free, PLAIN, 0)                          \
	X(PROCESS, 0, bprm_committed_creds, bprm_committed, PLAIN)             \
	X(PROCESS, 0, task_alloc, task_alloc, PLAIN, 0, 1)                     \
	X(READ, 0, file_free_security, file_free, PLAIN, 0)                    \
	X(READ, 0, file_permission, file_read, PLAIN, 0, 1)

/* A second function on a hook that has one above. */
#define EG_HOOKS_SECOND(X)                                    \
	X(READ, KF_SLEEPABLE, file_open, read_open, PLAIN, 0) \
	X(READ, 0, mmap_file, read_mapped, MAYBE_NULL, 0, 2)

#ifdef EG_HAVE_BPRM_IS_CHECK
#define EG_HOOKS_BPRM_CREDS EG_HOOKS_BASE
#else
#define EG_HOOKS_BPRM_CREDS EG_HOOKS_PROCESS
#endif

#endif /* EG_HOOK_TABLE_H */
