# SPDX-License-Identifier: GPL-2.0
# Feature probes: what the headers being built against have.
eg-has = $(shell grep -qsE '$(2)' $(srctree)/include/linux/$(1) && echo -D$(3))

ccflags-y += $(call eg-has,binfmts.h,is_check:1,EG_HAVE_BPRM_IS_CHECK)
ccflags-y += $(call eg-has,shmem_fs.h,shmem_file_setup.*vma_flags_t,EG_HAVE_VMA_FLAGS_T)
ccflags-y += $(call eg-has,folio_batch.h,.,EG_HAVE_FOLIO_BATCH_H)
ccflags-y += $(call eg-has,kernel_read_file.h,MODULE_COMPRESSED,EG_HAVE_READING_MODULE_COMPRESSED)
ccflags-y += $(call eg-has,fs.h,exe_file_deny_write_access,EG_HAVE_EXE_FILE_DENY_WRITE)
ccflags-y += $(call eg-has,mm.h,folio_expected_ref_count,EG_HAVE_FOLIO_EXPECTED_REF_COUNT)
ccflags-y += $(call eg-has,cred.h,\bkernel_cred,EG_HAVE_KERNEL_CRED)
