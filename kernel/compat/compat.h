/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between supported kernels (6.12 and newer) lives here.
 * EG_HAVE_* come from compat/probe.mk, which looks at the headers themselves.
 */
#ifndef EG_COMPAT_H
#define EG_COMPAT_H

#include <linux/binfmts.h>
#include <linux/kernel_read_file.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>
#include <linux/version.h>

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

#endif /* EG_COMPAT_H */
