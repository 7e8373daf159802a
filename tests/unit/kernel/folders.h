/* SPDX-License-Identifier: GPL-2.0 */
/* The folders that the machine's first process sees; there are no others. */
#ifndef KERNEL_FOLDERS_H
#define KERNEL_FOLDERS_H

#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/sched.h>

struct folder {
	const char *name; /* by which it is looked up; NULL: the list ends */
	struct dentry dentry;
	int error; /* looking it up gives this */
};

extern struct folder folders[8];
extern struct task_struct first_process;
extern unsigned int folder_lookups;
/* There is no first process any more. */
void first_process_gone(void);
/* Nobody holds a path or the process any more. */
bool folders_free(void);
/* Looking up @name, and what is at @path in the file system @sb then. */
void folder_add(const char *name, struct super_block *sb, const char *path);

#endif /* KERNEL_FOLDERS_H */
