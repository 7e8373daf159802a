/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CGROUP_H
#define SHIM_LINUX_CGROUP_H

#include <linux/err.h>
#include <linux/sched.h>

struct cgroup {
	struct cgroup *parent;
	int level;
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

static inline struct cgroup *task_dfl_cgroup(const struct task_struct *task)
{
	return task->cgroup;
}

static inline struct cgroup *cgroup_ancestor(struct cgroup *cgroup, int level)
{
	if (level < 0 || level > cgroup->level)
		return NULL;
	while (cgroup->level > level)
		cgroup = cgroup->parent;
	return cgroup;
}

#endif /* SHIM_LINUX_CGROUP_H */
