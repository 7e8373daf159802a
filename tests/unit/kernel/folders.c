// SPDX-License-Identifier: GPL-2.0
#include "folders.h"

#include <linux/kernel.h>
#include <linux/namei.h>
#include <linux/pid_namespace.h>
#include <linux/string.h>

struct folder folders[8];
unsigned int folder_lookups;
const struct cred shim_kernel_cred;

static struct fs_struct first_fs;
struct task_struct first_process = { .fs = &first_fs };
struct pid_namespace init_pid_ns = { .first.task = &first_process };
static int held;

void path_get(const struct path *path)
{
	held++;
}

void path_put(const struct path *path)
{
	BUG_ON(!held);
	held--;
}

void first_process_gone(void)
{
	init_pid_ns.first.task = NULL;
}

bool folders_free(void)
{
	return !held && !first_process.references;
}

void folder_add(const char *name, struct super_block *sb, const char *path)
{
	size_t i;

	for (i = 0; folders[i].name; i++)
		;
	BUG_ON(i + 1 == ARRAY_SIZE(folders));
	folders[i].name = name;
	folders[i].dentry.d_sb = sb;
	folders[i].dentry.name = path;
}

static int find_folder(const char *name, struct path *out)
{
	size_t i;

	for (i = 0; folders[i].name; i++) {
		if (strcmp(folders[i].name, name))
			continue;
		if (folders[i].error)
			return folders[i].error;
		out->dentry = &folders[i].dentry;
		path_get(out);
		return 0;
	}
	return -ENOENT;
}

int vfs_path_lookup(struct dentry *root, struct vfsmount *mnt, const char *name,
		    unsigned int flags, struct path *out)
{
	shim_may_sleep();
	folder_lookups++;
	/* From the first process's root, with the kernel's rights. */
	BUG_ON(root != first_fs.root.dentry ||
	       current->cred != &shim_kernel_cred);
	BUG_ON(flags !=
	       (LOOKUP_FOLLOW | LOOKUP_DIRECTORY | LOOKUP_NO_MAGICLINKS));
	return find_folder(name, out);
}

/* From where current is; no more than what is in memory may be waited for. */
int kern_path(const char *name, unsigned int flags, struct path *out)
{
	folder_lookups++;
	BUG_ON(flags != (LOOKUP_FOLLOW | LOOKUP_CACHED));
	return find_folder(name, out);
}
