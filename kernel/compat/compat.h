/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between supported kernels (6.12 and newer) lives here.
 * EG_HAVE_* come from compat/probe.mk, which looks at the headers themselves.
 */
#ifndef EG_COMPAT_H
#define EG_COMPAT_H

#include <linux/binfmts.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>
#include <linux/sched/task_stack.h>
#include <linux/version.h>

#include <asm/syscall.h>
#include <asm/unistd.h>

/* struct folio_batch moved to a header of its own. */
#ifdef EG_HAVE_FOLIO_BATCH_H
#include <linux/folio_batch.h>
#else
#include <linux/pagevec.h>
#endif

/* 6.13 turned the namespace of an import into a string. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
#define EG_IMPORT_NS(ns) MODULE_IMPORT_NS(#ns)
#else
#define EG_IMPORT_NS(ns) MODULE_IMPORT_NS(ns)
#endif

/* execveat(AT_EXECVE_CHECK) came with 6.14; before it every bprm is for real. */
static inline bool eg_compat_bprm_is_check(const struct linux_binprm *bprm)
{
#ifdef EG_HAVE_BPRM_IS_CHECK
	return bprm->is_check;
#else
	return false;
#endif
}

/*
 * Whether a file that execve has opened can be written to meanwhile: in 6.11
 * and some of 6.12, and where a pre-content watch of fanotify must fill it.
 */
static inline bool eg_compat_exec_admits_writers(const struct file *file)
{
#if !defined(EG_HAVE_EXE_FILE_DENY_WRITE)
	return true;
#else
	return FMODE_FSNOTIFY_HSM(file->f_mode);
#endif
}

/*
 * A nameless tmpfs file; its flags became a type. Not shmem_kernel_file_setup():
 * hooks are not called for private inodes.
 */
static inline struct file *eg_compat_shmem_file(const char *name, loff_t size)
{
#ifdef EG_HAVE_VMA_FLAGS_T
	return shmem_file_setup(name, size, (vma_flags_t){});
#else
	return shmem_file_setup(name, size, 0);
#endif
}

/* Early kernels of 6.12 lack it, as that of Debian 12's backports does. */
#ifndef EG_HAVE_KERNEL_CRED
static inline const struct cred *kernel_cred(void)
{
	return rcu_dereference_raw(init_task.cred);
}
#endif

/* Is there anybody but its loader who holds the module? Built in, nobody unloads it. */
static inline bool eg_compat_module_in_use(void)
{
#ifdef EG_BUILT_IN
	return false;
#else
	return module_refcount(THIS_MODULE) > 0;
#endif
}

/* Compressed modules got a number of their own. */
static inline bool eg_compat_reads_module(int id)
{
#ifdef EG_HAVE_READING_MODULE_COMPRESSED
	if (id == READING_MODULE_COMPRESSED)
		return true;
#endif
	return id == READING_MODULE;
}

/* The references of the page cache, the file system and page tables. */
static inline int eg_compat_folio_expected_refs(const struct folio *folio)
{
#ifdef EG_HAVE_FOLIO_EXPECTED_REF_COUNT
	return folio_expected_ref_count(folio);
#else
	return (folio_test_swapcache(folio) << folio_order(folio)) +
	       (!!folio->mapping << folio_order(folio)) +
	       folio_test_private(folio) + folio_mapcount(folio);
#endif
}

/*
 * The path that current's system call was given to open: user memory, or NULL for any
 * other call. Calls of 32-bit programs have numbers of their own, which no header of
 * a 64-bit kernel gives modules (arch/x86/entry/syscalls/syscall_32.tbl,
 * arch/arm64/tools/syscall_32.tbl): open 5, openat 322 or 295, openat2 437.
 */
static inline const char __user *eg_compat_opened_path(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	unsigned long args[6];
	int call;

	if (current->flags & (PF_KTHREAD | PF_USER_WORKER))
		return NULL;
	call = syscall_get_nr(current, regs);
	syscall_get_arguments(current, regs, args);
#ifdef CONFIG_COMPAT
	if (in_compat_syscall()) {
#ifdef CONFIG_X86_X32_ABI
		if (call & __X32_SYSCALL_BIT)
			call &= ~__X32_SYSCALL_BIT;
		else
#endif
		{
			if (call == 5)
				return compat_ptr(args[0]);
			if (call == (IS_ENABLED(CONFIG_X86) ? 295 : 322) ||
			    call == 437)
				return compat_ptr(args[1]);
			return NULL;
		}
	}
#endif
#ifdef __NR_open
	if (call == __NR_open)
		return (const char __user *)args[0];
#endif
	if (call == __NR_openat || call == __NR_openat2)
		return (const char __user *)args[1];
	return NULL;
}

#endif /* EG_COMPAT_H */
