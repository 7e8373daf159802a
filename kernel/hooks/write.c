// SPDX-License-Identifier: GPL-2.0
/* Writers of files, and files that are opened to be executed. */
#include "hooks/hook.h"

#include "core/cache.h"
#include "core/counter.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "gate.h"
#include "hooks/interpreter.h"

/* Is what a task executes now kept from writers while it is in use? */
static bool seals_mappings(void)
{
	return eg_policy_mode() == EXECGATE_MODE_ENFORCE &&
	       eg_policy_gate(EXECGATE_GATE_SEAL) &&
	       eg_policy_gate(EXECGATE_GATE_MMAP);
}

/* By execve: a program, a script or an interpreter. */
static int opened_to_exec(const struct eg_request *req)
{
	struct inode *inode = eg_filesystem_layer_inode(req->file);
	int err;

	if (inode == file_inode(req->file) || !seals_mappings())
		return 0;
	err = eg_interpreter_opened(req->file, inode);
	if (!err)
		return 0;
	return eg_gate_refuse(req,
			      err == -ENOMEM ? EXECGATE_REASON_NO_MEMORY :
					       EXECGATE_REASON_INTERRUPTED,
			      -EPERM);
}

static int open_regular(struct file *file)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_OPEN,
		.gate = EXECGATE_GATE_SEAL,
		.file = file,
	};

	if (file->f_flags & __FMODE_EXEC)
		return opened_to_exec(&req);
	if (!(file->f_mode & FMODE_WRITE))
		return 0;
	if (eg_hook_is_memory(file))
		return eg_hook_open_memory(file);
	return eg_gate_write(&req, file_inode(file));
}

/*
 * The hook that is called most of all, so it has one program for all who ask
 * there: entering a second one costs each open as much again.
 */
int eg_hook_file_open(struct file *file)
{
	int err = 0;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_OPEN]);
	if (S_ISREG(file_inode(file)->i_mode))
		err = open_regular(file);
	return err ?: eg_hook_open_disk(file);
}

int eg_hook_inode_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct eg_request req = {
		.hook = EXECGATE_HOOK_INODE_SETATTR,
		.gate = EXECGATE_GATE_SEAL,
		.dentry = dentry,
	};

	eg_counter_inc(hook_calls[EXECGATE_HOOK_INODE_SETATTR]);
	if (!(attr->ia_valid & ATTR_SIZE))
		return 0;
	return eg_gate_write(&req, d_backing_inode(dentry));
}

void eg_hook_inode_free(struct inode *inode)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_INODE_FREE]);
	eg_cache_forget(inode);
}
