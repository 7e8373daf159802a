// SPDX-License-Identifier: GPL-2.0
/*
 * The programs that put the module's functions on the LSM hooks. Stateless, one
 * line each: no maps, no globals, nothing that could be read or changed from
 * outside. All functions are static in BTF's eyes to freplace except the
 * programs themselves. Kept in step with the kfuncs of hook_bpf.c; the light
 * skeleton made from this file is committed (make skeleton).
 */
#define BPF_NO_GLOBAL_DATA
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define EPERM 1
#define ETXTBSY 26
#define ENOSYS 38

#define FMODE_WRITE 2
#define O_DIRECTORY 0200000

/* A bare declaration is not compatible with the kfuncs' prototypes: give bodies. */
#define KERNEL_TYPE __attribute__((preserve_access_index))
struct inode {
	unsigned long i_ino;
} KERNEL_TYPE;
struct file {
	struct inode *f_inode;
	unsigned int f_mode;
	unsigned int f_flags;
} KERNEL_TYPE;
struct linux_binprm {
	struct file *file;
} KERNEL_TYPE;
struct vm_area_struct {
	struct file *vm_file;
} KERNEL_TYPE;
struct dentry {
	struct inode *d_inode;
} KERNEL_TYPE;
struct iattr {
	unsigned int ia_valid;
} KERNEL_TYPE;
struct bpf_prog {
	unsigned int len;
} KERNEL_TYPE;
struct task_struct {
	int pid;
} KERNEL_TYPE;
struct qstr {
	const unsigned char *name;
} KERNEL_TYPE;
struct mnt_idmap;

extern int execgate_bprm_check(struct linux_binprm *bprm) __ksym;
extern int execgate_bprm_creds(struct linux_binprm *bprm) __ksym;
extern int execgate_mmap_file(struct file *file, unsigned long prot,
			      unsigned long flags) __ksym;
extern int execgate_mmap_anon(unsigned long prot) __ksym;
extern int execgate_file_mprotect(struct vm_area_struct *vma,
				  unsigned long prot) __ksym;
extern int execgate_file_open(struct file *file) __ksym;
extern int execgate_inode_setattr(struct dentry *dentry,
				  struct iattr *attr) __ksym;
extern int execgate_kernel_read_file(struct file *file, int id) __ksym;
extern int execgate_kernel_load_data(int id) __ksym;
extern int execgate_locked_down(int what) __ksym;
extern int execgate_bpf_prog(struct bpf_prog *prog) __ksym;
extern void execgate_inode_free(struct inode *inode) __ksym;
extern int execgate_ptrace_access(struct task_struct *child,
				  unsigned int mode) __ksym;
extern int execgate_ptrace_traceme(void) __ksym;
extern int execgate_anon_inode(const struct qstr *name) __ksym;
extern int execgate_task_prctl(int option, unsigned long what) __ksym;

/* The verifier wants to see that a hook returns an errno and nothing else. */
static __always_inline int verdict(int result)
{
	if (!result)
		return 0;
	return result == -ETXTBSY ? -ETXTBSY : -EPERM;
}

SEC("lsm.s/bprm_check_security")
int BPF_PROG(bprm_check, struct linux_binprm *bprm)
{
	return verdict(execgate_bprm_check(bprm));
}

SEC("lsm.s/bprm_creds_for_exec")
int BPF_PROG(bprm_creds, struct linux_binprm *bprm)
{
	return verdict(execgate_bprm_creds(bprm));
}

/* Anonymous memory has no file, and a kfunc takes no null pointer. */
SEC("lsm.s/mmap_file")
int BPF_PROG(mmap_file, struct file *file, unsigned long reqprot,
	     unsigned long prot, unsigned long flags)
{
	return verdict(file ? execgate_mmap_file(file, prot, flags) :
			      execgate_mmap_anon(prot));
}

SEC("lsm/file_mprotect")
int BPF_PROG(file_mprotect, struct vm_area_struct *vma, unsigned long reqprot,
	     unsigned long prot)
{
	return verdict(execgate_file_mprotect(vma, prot));
}

/*
 * Of all hooks the one that is called most. Reading changes nothing, so that only
 * writers are asked about: and folders, by which the self-test knows that it fires.
 */
SEC("lsm.s/file_open")
int BPF_PROG(file_open, struct file *file)
{
	if (!(file->f_mode & FMODE_WRITE) && !(file->f_flags & O_DIRECTORY))
		return 0;
	return verdict(execgate_file_open(file));
}

/* Every truncation, by path, by descriptor or by O_TRUNC, ends up here. */
SEC("lsm.s/inode_setattr")
int BPF_PROG(inode_setattr, struct mnt_idmap *idmap, struct dentry *dentry,
	     struct iattr *attr)
{
	return verdict(execgate_inode_setattr(dentry, attr));
}

SEC("lsm/inode_free_security")
int BPF_PROG(inode_free, struct inode *inode)
{
	execgate_inode_free(inode);
	return 0;
}

SEC("lsm.s/kernel_read_file")
int BPF_PROG(kernel_read_file, struct file *file, int id)
{
	return file ? verdict(execgate_kernel_read_file(file, id)) : 0;
}

/* Not kernel_load_data: what a program uploads to a driver comes here only. */
SEC("lsm/kernel_post_load_data")
int BPF_PROG(kernel_load_data, char *buf, long long size, int id)
{
	return verdict(execgate_kernel_load_data(id));
}

SEC("lsm/locked_down")
int BPF_PROG(locked_down, int what)
{
	return verdict(execgate_locked_down(what));
}

SEC("lsm.s/bpf_prog")
int BPF_PROG(bpf_program, struct bpf_prog *prog)
{
	return verdict(execgate_bpf_prog(prog));
}

SEC("lsm/ptrace_access_check")
int BPF_PROG(ptrace_access, struct task_struct *child, unsigned int mode)
{
	return verdict(execgate_ptrace_access(child, mode));
}

SEC("lsm/ptrace_traceme")
int BPF_PROG(ptrace_traceme, struct task_struct *parent)
{
	return verdict(execgate_ptrace_traceme());
}

SEC("lsm/inode_init_security_anon")
int BPF_PROG(anon_inode, struct inode *inode, const struct qstr *name)
{
	return verdict(execgate_anon_inode(name));
}

/* Here "no opinion" is ENOSYS: with 0 the kernel takes the call for done. */
SEC("lsm/task_prctl")
int BPF_PROG(task_prctl, int option, unsigned long arg2)
{
	return execgate_task_prctl(option, arg2) ? -EPERM : -ENOSYS;
}

char _license[] SEC("license") = "GPL";
