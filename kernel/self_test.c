// SPDX-License-Identifier: GPL-2.0
#include "self_test.h"

#include <linux/anon_inodes.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/umh.h>

#include "compat/compat.h"
#include "core/counter.h"
#include "hooks/hook.h"
#include "known_answer.h"
#include "trust/keyring.h"

#ifdef EG_BUILT_IN
int eg_self_test_lsm(void)
{
	if (eg_hook_listed())
		return 0;
	pr_notice("not in the list lsm= of this boot: nothing is gated\n");
	return -EOPNOTSUPP;
}
#else
#define LSM_LIST_MAX 512

/* /sys/kernel/security/lsm, whether or not securityfs is mounted. */
static struct file *open_lsm_list(struct vfsmount **mnt)
{
	struct file_system_type *type = get_fs_type("securityfs");
	struct file *file;
	struct path root;

	if (!type)
		return ERR_PTR(-ENODEV);
	*mnt = kern_mount(type);
	module_put(type->owner);
	if (IS_ERR(*mnt))
		return ERR_CAST(*mnt);
	root.mnt = *mnt;
	root.dentry = (*mnt)->mnt_root;
	file = file_open_root(&root, "lsm", O_RDONLY, 0);
	if (IS_ERR(file))
		kern_unmount(*mnt);
	return file;
}

/* The list can be read into user memory only: borrow a page of insmod's. */
static ssize_t read_lsm_list(struct file *file, char *list)
{
	unsigned long page;
	loff_t pos = 0;
	ssize_t n;

	if (!file->f_op->read)
		return kernel_read(file, list, LSM_LIST_MAX - 1, &pos);
	page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(page))
		return page;
	n = file->f_op->read(file, (char __user *)page, LSM_LIST_MAX - 1, &pos);
	if (n > 0 && copy_from_user(list, (const char __user *)page, n))
		n = -EFAULT;
	vm_munmap(page, PAGE_SIZE);
	return n;
}

int eg_self_test_lsm(void)
{
	char list[LSM_LIST_MAX] = "";
	char *rest = list, *name;
	struct vfsmount *mnt;
	struct file *file;
	ssize_t n;

	file = open_lsm_list(&mnt);
	if (IS_ERR(file))
		return PTR_ERR(file);
	n = read_lsm_list(file, list);
	fput(file);
	kern_unmount(mnt);
	if (n < 0)
		return n;

	while ((name = strsep(&rest, ",\n")))
		if (!strcmp(name, "bpf"))
			return 0;
	pr_err("bpf is not an active security module: add it to lsm= on the kernel command line\n");
	return -EOPNOTSUPP;
}
#endif

static int expect_call(struct key *ring, const u8 *message, size_t size,
		       enum execgate_reason expected)
{
	struct eg_bytes bytes = { message, size };
	struct eg_cms cms;

	if (eg_cms_parse(bytes, &cms) != EG_FORMAT_OK)
		return -EKEYREJECTED;
	return eg_keyring_verify_with(ring, bytes, cms.content, false) ==
			       expected ?
		       0 :
		       -EKEYREJECTED;
}

/* @good is writable: bytes are changed and changed back. */
static int known_answers(struct key *ring, u8 *good, size_t size)
{
	struct eg_cms cms;
	struct key *key;
	u8 *content, *signature;
	int err;

	if (eg_cms_parse((struct eg_bytes){ good, size }, &cms) != EG_FORMAT_OK)
		return -EKEYREJECTED;
	content = good + (cms.content.data - good) + cms.content.size - 1;
	signature = good + (cms.signature.data - good) + cms.signature.size - 1;

	err = expect_call(ring, good, size, EXECGATE_REASON_UNKNOWN_SIGNER);
	if (err)
		return err;
	key = eg_certificate_create_key(ring,
					(struct eg_bytes){
						eg_known_answer_cert,
						sizeof(eg_known_answer_cert) });
	if (IS_ERR(key))
		return PTR_ERR(key);
	err = expect_call(ring, good, size, EXECGATE_REASON_ALLOWED);
	*content ^= 1;
	if (!err)
		err = expect_call(ring, good, size,
				  EXECGATE_REASON_BAD_SIGNATURE);
	*content ^= 1;
	*signature ^= 1;
	if (!err)
		err = expect_call(ring, good, size,
				  EXECGATE_REASON_BAD_SIGNATURE);
	key_put(key);
	return err;
}

int eg_self_test_known_answer(void)
{
	struct key *ring;
	u8 *good;
	int err;

	good = kmemdup(eg_known_answer_cms, sizeof(eg_known_answer_cms),
		       GFP_KERNEL);
	if (!good)
		return -ENOMEM;
	ring = eg_certificate_alloc_ring(".execgate_known_answer");
	err = PTR_ERR_OR_ZERO(ring);
	if (!err) {
		err = known_answers(ring, good, sizeof(eg_known_answer_cms));
		key_put(ring);
	}
	kfree(good);
	if (err)
		pr_err("the known-answer test failed (error %d): this kernel's signature check cannot be relied on\n",
		       err);
	return err;
}

static bool silent_hook(enum execgate_hook hook,
			const struct eg_counters *before)
{
	struct eg_counters now;

	eg_counter_sum(&now);
	return now.hook_calls[hook] == before->hook_calls[hook];
}

/*
 * A file of the kernel's own is mapped, "loaded", truncated and freed. The hook
 * is not asked about private mappings of data.
 */
static int touch_file(void)
{
	char nothing[] = "";
	unsigned long page;
	struct file *file;
	int err;

	file = eg_compat_shmem_file("execgate-probe", PAGE_SIZE);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (current->mm) {
		page = vm_mmap(file, 0, PAGE_SIZE, PROT_READ, MAP_SHARED, 0);
		if (!IS_ERR_VALUE(page))
			vm_munmap(page, PAGE_SIZE);
	}
	/* It is of no kind that is judged, so that the answer is of no interest. */
	security_kernel_read_file(file, READING_X509_CERTIFICATE, false);
	security_kernel_post_read_file(file, nothing, sizeof(nothing),
				       READING_X509_CERTIFICATE);
	err = vfs_truncate(&file->f_path, 0);
	__fput_sync(file);
	return err;
}

/*
 * The kernel asks this before it loads something; here nothing is loaded; certificates
 * because IPE warns of kinds it does not know. The last lockdown reason is taken: if
 * it is, that costs a line in the log, and the kernel answers
 * before us, here as for everything else that can be locked down.
 *
 * Not set off: mprotect and overlay mappings take a mapping of the caller's to
 * be changed, ptrace and prctl a process to be reached into. Their programs come
 * from the same table, of which all are attached or none. The descriptors of programs
 * are made by the lock, which looks whether their hook fired.
 */
static bool kernel_objects_silent(const struct eg_counters *before)
{
	char nothing[] = "";

	security_kernel_post_load_data(nothing, sizeof(nothing),
				       LOADING_X509_CERTIFICATE, nothing);
	if (!security_locked_down(LOCKDOWN_CONFIDENTIALITY_MAX - 1) &&
	    silent_hook(EXECGATE_HOOK_LOCKED_DOWN, before))
		return true;
	return silent_hook(EXECGATE_HOOK_KERNEL_READ_FILE, before) ||
	       silent_hook(EXECGATE_HOOK_KERNEL_POST_READ, before) ||
	       silent_hook(EXECGATE_HOOK_KERNEL_LOAD_DATA, before);
}

/* A descriptor's inode is made; this one is nobody's. */
static int make_anon_inode(void)
{
	static const struct file_operations none = { .owner = THIS_MODULE };
	struct file *file;

	file = anon_inode_create_getfile("[execgate-probe]", &none, NULL,
					 O_RDONLY, NULL);
	if (IS_ERR(file))
		return PTR_ERR(file);
	__fput_sync(file);
	return 0;
}

static int mark_probe(struct subprocess_info *info, struct cred *new)
{
	eg_hook_set_probe(current);
	return 0;
}

/*
 * The exec of a helper that bprm_check refuses because it is this one, so that
 * nothing runs. It needs a path that exists in init's root: the caller's own.
 */
static int exec_refused(void)
{
	char path[32];
	char *argv[] = { path, NULL };
	char *envp[] = { NULL };
	struct subprocess_info *info;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/exe", task_tgid_nr(current));
	info = call_usermodehelper_setup(path, argv, envp, GFP_KERNEL,
					 mark_probe, NULL, NULL);
	if (!info)
		return -ENOMEM;
	err = call_usermodehelper_exec(info, UMH_WAIT_EXEC);
	eg_hook_set_probe(NULL);
	return err == -EPERM ? 0 : err ? err : -EIO;
}

/* Whether that succeeds matters to nobody: the hooks come before the file system. */
static void open_root(void)
{
	struct file *root = filp_open("/", O_RDONLY | O_DIRECTORY, 0);

	if (!IS_ERR(root))
		fput(root);
}

int eg_self_test_probe(const char **why)
{
	struct eg_counters before;

	eg_counter_sum(&before);
	open_root();
	*why = "the hooks are attached but do not fire";
	if (silent_hook(EXECGATE_HOOK_FILE_OPEN, &before))
		return -EIO;

	*why = "the probe could not change a file";
	if (touch_file())
		return -EIO;
	*why = "the hook for executable mappings does not fire";
	if (current->mm && silent_hook(EXECGATE_HOOK_MMAP_FILE, &before))
		return -EIO;
	*why = "the hook for truncation does not fire";
	if (silent_hook(EXECGATE_HOOK_INODE_SETATTR, &before))
		return -EIO;
	*why = "the hook that drops verdicts does not fire";
	if (silent_hook(EXECGATE_HOOK_INODE_FREE, &before))
		return -EIO;

	*why = "the hook for userfaultfd does not fire";
	if (make_anon_inode() ||
	    silent_hook(EXECGATE_HOOK_USERFAULTFD, &before))
		return -EIO;

	*why = "the hooks for what the kernel loads do not fire";
	if (kernel_objects_silent(&before))
		return -EIO;

	/* While the kernel boots there is no program to try this with. */
	if (!current->mm)
		return 0;
	*why = "the hook for exec did not refuse the probe (is /proc mounted?)";
	if (exec_refused() || silent_hook(EXECGATE_HOOK_BPRM_CHECK, &before))
		return -EIO;
#ifdef EG_HAVE_BPRM_IS_CHECK
	if (silent_hook(EXECGATE_HOOK_BPRM_CREDS, &before))
		return -EIO;
#endif
	return 0;
}

int eg_self_test_mmap_addr(const char **why)
{
	struct eg_counters before;
	unsigned long page;

	if (!current->mm)
		return 0;
	eg_counter_sum(&before);
	page = vm_mmap(NULL, 0, PAGE_SIZE, PROT_NONE,
		       MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (!IS_ERR_VALUE(page))
		vm_munmap(page, PAGE_SIZE);
	*why = "the hook for executable heaps does not fire";
	return silent_hook(EXECGATE_HOOK_MMAP_ADDR, &before) ? -EIO : 0;
}

/* A file of the kernel's own is read and closed; a worker has nowhere to map it. */
static int read_file(void)
{
	struct file *file;
	loff_t pos = 0;
	char byte;

	file = eg_compat_shmem_file("execgate-probe", PAGE_SIZE);
	if (IS_ERR(file))
		return PTR_ERR(file);
	/* The result is of no interest. */
	(void)kernel_read(file, &byte, sizeof(byte), &pos);
	__fput_sync(file);
	return 0;
}

int eg_self_test_open(const char **why)
{
	struct eg_counters before;
	int err;

	eg_counter_sum(&before);
	open_root();
	*why = "the hook for what interpreters open does not fire";
	if (silent_hook(EXECGATE_HOOK_READ_OPEN, &before))
		return -EIO;
	*why = "the probe could not read a file";
	err = read_file();
	if (err)
		return err;
	*why = "the hooks for what interpreters read do not fire";
	return silent_hook(EXECGATE_HOOK_FILE_READ, &before) ||
			       silent_hook(EXECGATE_HOOK_FILE_FREE, &before) ?
		       -EIO :
		       0;
}

static int never_runs(void *unused)
{
	return 0;
}

int eg_self_test_fork(const char **why)
{
	struct eg_counters before;
	struct task_struct *task;

	eg_counter_sum(&before);
	*why = "the probe could not start a thread";
	task = kthread_create(never_runs, NULL, "execgate-probe");
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_stop(task);
	*why = "the hook for new processes does not fire";
	return silent_hook(EXECGATE_HOOK_TASK_ALLOC, &before) ? -EIO : 0;
}
