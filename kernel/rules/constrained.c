// SPDX-License-Identifier: GPL-2.0
/*
 * Readers hold the RCU read lock and see the whole old set or the whole new one; those
 * who change it have arm.c's lock. Without users and units there is no set, and a look
 * is that at a pointer.
 */
#include "rules/constrained.h"

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/rcupdate.h>
#include <linux/securebits.h>
#include <linux/slab.h>
#include <linux/user_namespace.h>
#include <linux/workqueue.h>

/* Kernels before 6.14 do not have them, and let no task set them. */
#ifndef SECBIT_EXEC_RESTRICT_FILE
#define SECBIT_EXEC_RESTRICT_FILE BIT(8)
#define SECBIT_EXEC_DENY_INTERACTIVE BIT(10)
#endif

struct eg_constrained_set {
	struct rcu_head rcu;
	unsigned int count;
	struct eg_constraint items[]; /* ascending, no doubles */
};

static struct eg_constrained_set __rcu *current_set; /* NULL while it is empty */

static int compare(const struct eg_constraint *a, const struct eg_constraint *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->id == b->id ? 0 : a->id < b->id ? -1 : 1;
}

static bool has(const struct eg_constrained_set *set,
		enum execgate_constraint kind, u64 id)
{
	const struct eg_constraint wanted = { .kind = kind, .id = id };
	unsigned int low = 0, high = set->count;

	while (low < high) {
		unsigned int mid = low + (high - low) / 2;
		int order = compare(&set->items[mid], &wanted);

		if (!order)
			return true;
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

static bool has_user(const struct eg_constrained_set *set, kuid_t uid)
{
	return has(set, EXECGATE_CONSTRAINT_USER,
		   from_kuid(&init_user_ns, uid));
}

/* The kernel nests user namespaces 32 deep at most; their owner never changes. */
static bool is_user(const struct eg_constrained_set *set,
		    const struct cred *cred)
{
	const struct user_namespace *ns;

	if (has_user(set, cred->uid) || has_user(set, cred->euid) ||
	    has_user(set, cred->suid) || has_user(set, cred->fsuid))
		return true;
	for (ns = cred->user_ns; ns != &init_user_ns; ns = ns->parent)
		if (has_user(set, ns->owner))
			return true;
	return false;
}

/* From the root down, so that nesting deeper hides nothing and costs nothing. */
static bool is_in_unit(const struct eg_constrained_set *set)
{
	struct cgroup *own = task_dfl_cgroup(current), *at;
	int level;

	for (level = 0; level < EG_CONSTRAINED_DEPTH; level++) {
		at = cgroup_ancestor(own, level);
		if (!at)
			return false;
		if (has(set, EXECGATE_CONSTRAINT_UNIT, cgroup_id(at)))
			return true;
	}
	return false;
}

static u8 by_securebits(const struct cred *cred)
{
	u8 what = 0;

	if (cred->securebits & SECBIT_EXEC_DENY_INTERACTIVE)
		what |= EG_CONSTRAINED_INLINE;
	if (cred->securebits & SECBIT_EXEC_RESTRICT_FILE)
		what |= EG_CONSTRAINED_FILES;
	return what;
}

/* The task's own credentials, not those under which it acts for a moment: overlays open
 * files in the name of who mounted them. */
u8 eg_constrained_current(void)
{
	const struct cred *cred = current_real_cred();
	u8 what = by_securebits(cred);
	const struct eg_constrained_set *set;

	rcu_read_lock();
	set = rcu_dereference(current_set);
	if (set && (is_user(set, cred) || is_in_unit(set)))
		what = EG_CONSTRAINED_INLINE | EG_CONSTRAINED_FILES |
		       EG_CONSTRAINED_MEMORY;
	rcu_read_unlock();
	return what;
}

bool eg_constrained_any(void)
{
	return rcu_access_pointer(current_set);
}

/* Return: 0; -ENOENT; -E2BIG. */
static int find_unit(u64 id)
{
	struct cgroup *cgroup = cgroup_get_from_id(id);
	int err;

	if (IS_ERR(cgroup))
		return -ENOENT;
	err = cgroup->level < EG_CONSTRAINED_DEPTH ? 0 : -E2BIG;
	cgroup_put(cgroup);
	return err;
}

static bool is_gone(const struct eg_constraint *item)
{
	return item->kind == EXECGATE_CONSTRAINT_UNIT && find_unit(item->id);
}

static struct eg_constrained_set *mine(void)
{
	return rcu_dereference_protected(current_set, 1);
}

static void publish(struct eg_constrained_set *new)
{
	struct eg_constrained_set *old = mine();

	if (!new->count) {
		kfree(new);
		new = NULL;
	}
	rcu_assign_pointer(current_set, new);
	if (old)
		kfree_rcu(old, rcu);
}

/* All that still is, but for @drop, with @add in its place. */
static int rebuild(const struct eg_constraint *add,
		   const struct eg_constraint *drop)
{
	const struct eg_constrained_set *old = mine();
	unsigned int i, had = old ? old->count : 0;
	struct eg_constrained_set *new;

	new = kmalloc(struct_size(new, items, had + 1), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->count = 0;
	for (i = 0; i < had; i++) {
		const struct eg_constraint *item = &old->items[i];

		if (add && compare(add, item) < 0) {
			new->items[new->count++] = *add;
			add = NULL;
		}
		if ((drop && !compare(drop, item)) || is_gone(item))
			continue;
		new->items[new->count++] = *item;
	}
	if (add)
		new->items[new->count++] = *add;
	if (new->count > EXECGATE_CONSTRAINTS_MAX) {
		kfree(new);
		return -ENOSPC;
	}
	publish(new);
	return 0;
}

/*
 * In a worker, whose cgroup namespace is the first: seen from another one, cgroups that
 * are there look gone, and whoever is in it could shrink the set so.
 */
struct change {
	struct work_struct work;
	const struct eg_constraint *add;
	const struct eg_constraint *drop;
	int err;
};

static bool is_there(const struct eg_constraint *item)
{
	const struct eg_constrained_set *set = mine();

	return set && has(set, item->kind, item->id);
}

static void change_in_worker(struct work_struct *work)
{
	struct change *change = container_of(work, struct change, work);

	change->err = 0;
	if (change->add && change->add->kind == EXECGATE_CONSTRAINT_UNIT)
		change->err = find_unit(change->add->id);
	if (change->add && is_there(change->add))
		change->add = NULL;
	if (!change->err && (change->add || change->drop))
		change->err = rebuild(change->add, change->drop);
}

static int run_change(struct change *change)
{
	INIT_WORK_ONSTACK(&change->work, change_in_worker);
	schedule_work(&change->work);
	flush_work(&change->work);
	destroy_work_on_stack(&change->work);
	return change->err;
}

int eg_constrained_add(const struct eg_constraint *item)
{
	struct change change = { .add = item };

	return run_change(&change);
}

int eg_constrained_remove(const struct eg_constraint *item)
{
	struct change change = { .drop = item };

	return is_there(item) ? run_change(&change) : -ENOENT;
}

/* All of @old, and the users where they are missing; both ascend, and users come first. */
static void merge(const struct eg_constrained_set *old, struct eg_bytes users,
		  struct eg_constrained_set *new)
{
	struct eg_constraint user = { .kind = EXECGATE_CONSTRAINT_USER };
	unsigned int at = 0, had = old ? old->count : 0;
	u32 uid;

	while (eg_policy_user_next(&users, &uid)) {
		user.id = uid;
		while (at < had && compare(&old->items[at], &user) < 0)
			new->items[new->count++] = old->items[at++];
		if (at < had && !compare(&old->items[at], &user))
			at++;
		new->items[new->count++] = user;
	}
	while (at < had)
		new->items[new->count++] = old->items[at++];
}

int eg_constrained_begin(struct eg_bytes users,
			 struct eg_constrained_step *step)
{
	struct eg_constrained_set *old = mine(), *new;
	unsigned int had = old ? old->count : 0;

	*step = (struct eg_constrained_step){};
	if (!users.size)
		return 0;
	new = kmalloc(struct_size(new, items,
				  had + users.size / EG_POLICY_USER_SIZE),
		      GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->count = 0;
	merge(old, users, new);
	if (new->count > EXECGATE_CONSTRAINTS_MAX) {
		kfree(new);
		return -ENOSPC;
	}
	rcu_assign_pointer(current_set, new);
	step->before = old;
	step->is_taken = true;
	return 0;
}

void eg_constrained_end(struct eg_constrained_step *step, bool keep)
{
	struct eg_constrained_set *unused = keep ? step->before : mine();

	if (!step->is_taken)
		return;
	if (!keep)
		rcu_assign_pointer(current_set, step->before);
	if (unused)
		kfree_rcu(unused, rcu);
}

bool eg_constrained_get(unsigned int index, struct eg_constraint *out)
{
	const struct eg_constrained_set *set;
	bool found;

	rcu_read_lock();
	set = rcu_dereference(current_set);
	found = set && index < set->count;
	if (found)
		*out = set->items[index];
	rcu_read_unlock();
	return found;
}

void eg_constrained_exit(void)
{
	kfree(mine());
}
