/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CGROUP_H
#define SHIM_LINUX_CGROUP_H

#include <linux/err.h>
#include <linux/sched.h>

struct cgroup {
	struct cgroup *parent;
	int level;
	const char *name;
	u64 id;
	int references;
};

/* With a reference; the test says which there are. */
struct cgroup *cgroup_get_from_id(u64 id);

static inline void cgroup_put(struct cgroup *cgroup)
{
	cgroup->references--;
}

static inline u64 cgroup_id(const struct cgroup *cgroup)
{
	return cgroup->id;
}

/* A task that no test has put anywhere is at the root. */
extern struct cgroup shim_root_cgroup;

static inline struct cgroup *task_dfl_cgroup(const struct task_struct *task)
{
	BUG_ON(!shim_rcu);
	return task->cgroup ?: &shim_root_cgroup;
}

/* As the kernel's: a buffer that is too short has the beginning. */
int cgroup_path(struct cgroup *cgroup, char *buffer, size_t size);

static inline struct cgroup *cgroup_ancestor(struct cgroup *cgroup, int level)
{
	if (level < 0 || level > cgroup->level)
		return NULL;
	while (cgroup->level > level)
		cgroup = cgroup->parent;
	return cgroup;
}

#endif /* SHIM_LINUX_CGROUP_H */
