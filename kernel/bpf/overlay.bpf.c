// SPDX-License-Identifier: GPL-2.0
/*
 * The program for a hook that not every supported kernel has; see
 * execgate.bpf.c. Loaded apart, because a light skeleton loads all or nothing.
 */
#define BPF_NO_GLOBAL_DATA
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1

#define KERNEL_TYPE __attribute__((preserve_access_index))
struct inode {
	unsigned long i_ino;
} KERNEL_TYPE;
struct file {
	struct inode *f_inode;
} KERNEL_TYPE;
struct vm_area_struct {
	struct file *vm_file;
} KERNEL_TYPE;

extern int execgate_mmap_backing(struct vm_area_struct *vma,
				 struct file *backing) __ksym;

SEC("lsm/mmap_backing_file")
int BPF_PROG(mmap_backing, struct vm_area_struct *vma, struct file *backing,
	     struct file *user)
{
	return execgate_mmap_backing(vma, backing) ? -EPERM : 0;
}

char _license[] SEC("license") = "GPL";
