// SPDX-License-Identifier: GPL-2.0
/*
 * A table of tasks. The entry of a process is that of its first thread, which it has
 * for as long as any thread of it lives; exec makes the thread that calls it the
 * first, and replaces the mark then. The entry of another thread only holds what
 * an exec of that thread has collected.
 *
 * Not keyed by struct pid or by the memory: a child has neither when the one hook
 * of fork is called. Nor is a reference to the task taken, as a fork that fails
 * frees the task whatever references there are.
 *
 * Lifetime: an entry goes with its task, in the hook for freeing it. So there are
 * entries only while that hook is attached: the table is enabled after it, and
 * emptied before it goes.
 *
 * Locking: mark_lock guards every change, with interrupts off, as tasks are freed
 * in any context. It nests outside the lock of origin.c. Memory is allocated
 * before it is taken. Changes are forks, execs and first mappings of marked
 * processes. Looks, of which each open of a marked process is one, take no lock: they
 * hold the RCU read lock, and entries, marks and sets are freed a grace period later.
 * A set is immutable, so that it is judged by a reference. It is dropped after it
 * can no longer be found; so a look that comes too late for a reference looks again,
 * and finds another one or none. Current's own entry is there before current looks,
 * for it or its parent put it there.
 *
 * Memory: there are never more entries than tasks, and they are charged to whoever
 * forks or maps. So nobody can take another's place.
 */
#include "rules/mark.h"

#include <linux/err.h>
#include <linux/hash.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#define BUCKET_BITS 12

/*
 * Tasks that share memory (vfork, CLONE_VM) share a mark: what one maps the other runs.
 * @forks: entries of children whose memory may be a copy of this one that is not
 * made yet
 */
struct mark {
	unsigned int users;	       /* entries with it, or among @forks */
	struct eg_rule_set __rcu *set; /* or NULL */
	struct list_head forks;
	struct rcu_head rcu;
};

struct entry {
	struct hlist_node node;
	const struct task_struct *task;
	struct mark __rcu *mark; /* or NULL */
	struct mark *parent;	 /* in whose @forks it is, or NULL */
	struct list_head fork;
	struct mark *next; /* of the exec under way, or NULL */
	struct rcu_head rcu;
};

static struct hlist_head table[1 << BUCKET_BITS];
static DEFINE_SPINLOCK(mark_lock);
static bool enabled; /* by mark_lock */
static u64 entries;  /* by mark_lock; read without */

static struct hlist_head *bucket_of(const struct task_struct *task)
{
	return &table[hash_ptr(task, BUCKET_BITS)];
}

u64 eg_mark_count(void)
{
	return READ_ONCE(entries);
}

/*
 * These three are for those who hold mark_lock, and for those who hold the RCU read lock: what
 * they get may have been dropped already, but is not freed yet.
 */
static struct entry *entry_of(const struct task_struct *task)
{
	struct entry *entry;

	hlist_for_each_entry_rcu(entry, bucket_of(task), node,
				 lockdep_is_held(&mark_lock))
		if (entry->task == task)
			return entry;
	return NULL;
}

static struct mark *mark_in(const struct entry *entry)
{
	return entry ? rcu_dereference_check(entry->mark,
					     lockdep_is_held(&mark_lock)) :
		       NULL;
}

static struct eg_rule_set *set_in(const struct mark *mark)
{
	return mark ? rcu_dereference_check(mark->set,
					    lockdep_is_held(&mark_lock)) :
		      NULL;
}

static struct mark *new_mark(gfp_t gfp)
{
	struct mark *mark = kzalloc(sizeof(*mark), gfp | __GFP_ACCOUNT);

	if (mark)
		INIT_LIST_HEAD(&mark->forks);
	return mark;
}

static struct entry *new_entry(const struct task_struct *task, gfp_t gfp)
{
	struct entry *entry = kzalloc(sizeof(*entry), gfp | __GFP_ACCOUNT);

	if (entry) {
		entry->task = task;
		INIT_LIST_HEAD(&entry->fork);
	}
	return entry;
}

/* A look cannot find it any more. mark_lock is held. */
static void put_mark(struct mark *mark)
{
	if (!mark || --mark->users)
		return;
	eg_rule_set_put(set_in(mark));
	kfree_rcu(mark, rcu);
}

static struct mark *get_mark(struct mark *mark)
{
	mark->users++;
	return mark;
}

/* What the child has of its parent's memory is known. mark_lock is held. */
static void settle_fork(struct entry *entry)
{
	if (!entry->parent)
		return;
	list_del_init(&entry->fork);
	put_mark(entry->parent);
	entry->parent = NULL;
}

/* mark_lock is held. */
static void insert_entry(struct entry *entry)
{
	hlist_add_head_rcu(&entry->node, bucket_of(entry->task));
	WRITE_ONCE(entries, entries + 1);
}

/* mark_lock is held. */
static void remove_entry(struct entry *entry)
{
	hlist_del_rcu(&entry->node);
	settle_fork(entry);
	put_mark(mark_in(entry));
	put_mark(entry->next);
	WRITE_ONCE(entries, entries - 1);
	kfree_rcu(entry, rcu);
}

/* Calls @change, which may remove it, with the entry of a task that has one. */
static void change_entry(const struct task_struct *task,
			 void (*change)(struct entry *entry))
{
	unsigned long flags;
	struct entry *entry;

	if (hlist_empty(bucket_of(task)))
		return;
	spin_lock_irqsave(&mark_lock, flags);
	entry = entry_of(task);
	if (entry)
		change(entry);
	spin_unlock_irqrestore(&mark_lock, flags);
}

bool eg_mark_reads(void)
{
	const struct eg_rule_set *set;
	bool reads;

	rcu_read_lock();
	set = set_in(mark_in(entry_of(current->group_leader)));
	reads = set && set->reads;
	rcu_read_unlock();
	return reads;
}

struct eg_rule_set *eg_mark_rules(void)
{
	struct eg_rule_set *set;

	rcu_read_lock();
	do {
		set = set_in(mark_in(entry_of(current->group_leader)));
	} while (set && !refcount_inc_not_zero(&set->references));
	rcu_read_unlock();
	return set;
}

enum eg_origin_worth eg_mark_judge(enum eg_rule_kind kind,
				   const struct eg_origin *subject)
{
	struct eg_rule_set *set = eg_mark_rules();
	enum eg_origin_worth worth = eg_rule_set_judge(set, kind, subject);

	eg_rule_set_put(set);
	return worth;
}

/* Takes over the reference to @new. mark_lock is held. */
static void replace_mark(struct entry *entry, struct mark *new)
{
	struct mark *was = mark_in(entry);

	rcu_assign_pointer(entry->mark, new);
	put_mark(was);
}

/*
 * Children that are being forked and whose memory is not known to be a copy from
 * before: the hook of fork came before the copy is made, and another thread maps
 * now. Their task has the parent's memory or none until it has its copy, and lives,
 * as it has an entry. Such a child shares the mark from now on: it may have got
 * the mapping. The caller's mapping is made after this look. mark_lock is held.
 */
static void mark_forks(struct mark *mark)
{
	struct entry *entry, *next;

	list_for_each_entry_safe(entry, next, &mark->forks, fork) {
		const struct mm_struct *mm = READ_ONCE(entry->task->mm);

		if (!mm || mm == current->mm)
			replace_mark(entry, get_mark(mark));
		settle_fork(entry);
	}
}

/* The memory that a change needs; NULL where there is some already. */
struct spare {
	struct entry *entry;
	struct mark *mark;
};

/*
 * @task is current or its process, or a child that nobody else knows yet: so what is there
 * stays, unless the table is emptied meanwhile, and then there is nothing to change.
 */
static int prepare_spare(struct spare *spare, const struct task_struct *task,
			 bool with_mark, gfp_t gfp)
{
	bool known;

	rcu_read_lock();
	known = entry_of(task);
	rcu_read_unlock();
	spare->entry = known ? NULL : new_entry(task, gfp);
	spare->mark = with_mark ? new_mark(gfp) : NULL;
	if ((known || spare->entry) && (!with_mark || spare->mark))
		return 0;
	kfree(spare->entry);
	kfree(spare->mark);
	return -ENOMEM;
}

/* For the mark of current's process. */
static int prepare_own(struct spare *spare, gfp_t gfp)
{
	const struct task_struct *leader = current->group_leader;
	bool marked;

	rcu_read_lock();
	marked = mark_in(entry_of(leader));
	rcu_read_unlock();
	return prepare_spare(spare, leader, !marked, gfp);
}

static void free_spare(const struct spare *spare)
{
	kfree(spare->entry);
	kfree(spare->mark);
}

/* Made of @spare if there is none. NULL: neither. mark_lock is held. */
static struct entry *entry_for(const struct task_struct *task,
			       struct spare *spare)
{
	struct entry *entry = entry_of(task);

	if (entry || !spare->entry)
		return entry;
	entry = spare->entry;
	spare->entry = NULL;
	insert_entry(entry);
	return entry;
}

/* mark_lock is held. */
static struct mark *take_spare_mark(struct spare *spare)
{
	struct mark *mark = get_mark(spare->mark);

	spare->mark = NULL;
	return mark;
}

/* As entry_for() has it. */
static struct mark *mark_of(const struct task_struct *leader,
			    struct spare *spare)
{
	struct entry *entry = entry_for(leader, spare);

	if (entry && !mark_in(entry) && spare->mark)
		rcu_assign_pointer(entry->mark, take_spare_mark(spare));
	return mark_in(entry);
}

/*
 * Another thread may do the same meanwhile: the set that @new was made from must
 * still be the one there.
 */
static bool replace_set(struct spare *spare, const struct eg_rule_set *old,
			struct eg_rule_set *new)
{
	struct eg_rule_set *was = NULL;
	unsigned long flags;
	struct mark *mark;
	bool done = true;

	spin_lock_irqsave(&mark_lock, flags);
	if (enabled) {
		mark = mark_of(current->group_leader, spare);
		done = mark && set_in(mark) == old;
		if (done) {
			was = set_in(mark);
			rcu_assign_pointer(mark->set, eg_rule_set_get(new));
			mark_forks(mark);
		}
	}
	spin_unlock_irqrestore(&mark_lock, flags);
	eg_rule_set_put(was);
	return done;
}

/* Return: 1 when it is done; 0 to try again; -errno. */
static int try_to_add(struct eg_origin *origin, const struct eg_cmdline *found,
		      gfp_t gfp)
{
	struct eg_rule_set *old = eg_mark_rules(), *new;
	struct spare spare;
	int ret = 1;

	if (eg_rule_set_has(old, origin))
		goto out;
	new = eg_rule_set_with(old, origin, found, gfp);
	if (IS_ERR(new)) {
		ret = PTR_ERR(new);
		goto out;
	}
	ret = prepare_own(&spare, gfp);
	if (!ret) {
		ret = replace_set(&spare, old, new);
		free_spare(&spare);
	}
	eg_rule_set_put(new);
out:
	eg_rule_set_put(old);
	return ret;
}

/* Each time that it must be tried again another thread has added something. */
int eg_mark_add(struct eg_origin *origin, const struct eg_cmdline *found,
		gfp_t gfp)
{
	int ret;

	do {
		ret = try_to_add(origin, found, gfp);
	} while (!ret);
	return min(ret, 0);
}

/* mark_lock is held. */
static void drop_next(struct entry *entry)
{
	put_mark(entry->next);
	entry->next = NULL;
}

void eg_mark_begin(void)
{
	change_entry(current, drop_next);
}

/* Current's own, so that nobody else changes it meanwhile. */
static struct eg_rule_set *staged_set(void)
{
	struct eg_rule_set *set = NULL;
	unsigned long flags;
	struct entry *entry;

	spin_lock_irqsave(&mark_lock, flags);
	entry = entry_of(current);
	if (entry && entry->next)
		set = eg_rule_set_get(set_in(entry->next));
	spin_unlock_irqrestore(&mark_lock, flags);
	return set;
}

static int stage_set(struct eg_rule_set *new, gfp_t gfp)
{
	struct eg_rule_set *was = NULL;
	unsigned long flags;
	struct entry *entry;
	struct spare spare;
	int err;

	err = prepare_spare(&spare, current, true, gfp);
	if (err)
		return err;
	spin_lock_irqsave(&mark_lock, flags);
	entry = enabled ? entry_for(current, &spare) : NULL;
	if (entry) {
		if (!entry->next)
			entry->next = take_spare_mark(&spare);
		was = set_in(entry->next);
		rcu_assign_pointer(entry->next->set, eg_rule_set_get(new));
	}
	spin_unlock_irqrestore(&mark_lock, flags);
	eg_rule_set_put(was);
	free_spare(&spare);
	return 0;
}

int eg_mark_stage(struct eg_origin *origin, const struct eg_cmdline *found,
		  gfp_t gfp)
{
	struct eg_rule_set *old = staged_set(), *new;
	int err;

	new = eg_rule_set_with(old, origin, found, gfp);
	err = PTR_ERR_OR_ZERO(new);
	if (!err) {
		err = stage_set(new, gfp);
		eg_rule_set_put(new);
	}
	eg_rule_set_put(old);
	return err;
}

/* mark_lock is held. */
static void commit_next(struct entry *entry)
{
	if (!entry->next) {
		remove_entry(entry);
		return;
	}
	settle_fork(entry);
	replace_mark(entry, entry->next);
	entry->next = NULL;
}

/* Current is the first and only thread of its process, with memory of its own. */
void eg_mark_commit(void)
{
	change_entry(current, commit_next);
}

/* Shares memory, and so the mark, whoever is marked later. mark_lock is held. */
static void share_mark(struct entry *child, struct mark *mark)
{
	RCU_INIT_POINTER(child->mark, get_mark(mark));
	insert_entry(child);
}

/* A copy of the memory has a copy of the mark. mark_lock is held. */
static void copy_mark(struct spare *spare, struct mark *mark)
{
	struct eg_rule_set *set = set_in(mark);
	struct entry *child = spare->entry;
	struct mark *copy;

	if (set) {
		copy = take_spare_mark(spare);
		RCU_INIT_POINTER(copy->set, eg_rule_set_get(set));
		RCU_INIT_POINTER(child->mark, copy);
	}
	child->parent = get_mark(mark);
	list_add(&child->fork, &mark->forks);
	insert_entry(child);
}

/*
 * Whether the clone is none of ours: a thread has the mark of its process, the
 * kernel's own tasks have no memory, and a process that is not marked leaves a copy
 * alone unless somebody could map something while the copy is made: another
 * thread of it, or one that shares the memory.
 */
static bool is_of_no_interest(const struct task_struct *leader, u64 clone_flags)
{
	const struct mark *mark;
	bool none;

	if (clone_flags & CLONE_THREAD || !current->mm)
		return true;
	if (clone_flags & CLONE_VM || get_nr_threads(current) > 1)
		return false;
	rcu_read_lock();
	mark = mark_in(entry_of(leader));
	none = !mark ||
	       (!rcu_access_pointer(mark->set) && READ_ONCE(mark->users) == 1);
	rcu_read_unlock();
	return none;
}

static void clone_mark(const struct task_struct *leader, u64 clone_flags,
		       struct spare *parent, struct spare *child)
{
	struct mark *mark;
	unsigned long flags;

	spin_lock_irqsave(&mark_lock, flags);
	mark = enabled ? mark_of(leader, parent) : NULL;
	if (mark) {
		if (clone_flags & CLONE_VM)
			share_mark(child->entry, mark);
		else
			copy_mark(child, mark);
		child->entry = NULL;
	}
	spin_unlock_irqrestore(&mark_lock, flags);
}

int eg_mark_clone(const struct task_struct *child, u64 clone_flags)
{
	const struct task_struct *leader = current->group_leader;
	struct spare for_parent, for_child;
	int err;

	if (is_of_no_interest(leader, clone_flags))
		return 0;
	err = prepare_own(&for_parent, GFP_ATOMIC | __GFP_NOWARN);
	if (err)
		return err;
	err = prepare_spare(&for_child, child, !(clone_flags & CLONE_VM),
			    GFP_ATOMIC | __GFP_NOWARN);
	if (!err) {
		clone_mark(leader, clone_flags, &for_parent, &for_child);
		free_spare(&for_child);
	}
	free_spare(&for_parent);
	return err;
}

void eg_mark_drop(const struct task_struct *task)
{
	change_entry(task, remove_entry);
}

static void empty_bucket(struct hlist_head *bucket)
{
	struct hlist_node *next;
	struct entry *entry;
	unsigned long flags;

	spin_lock_irqsave(&mark_lock, flags);
	hlist_for_each_entry_safe(entry, next, bucket, node)
		remove_entry(entry);
	spin_unlock_irqrestore(&mark_lock, flags);
}

void eg_mark_enable(bool on)
{
	unsigned long flags;
	size_t i;

	spin_lock_irqsave(&mark_lock, flags);
	enabled = on;
	spin_unlock_irqrestore(&mark_lock, flags);
	for (i = 0; !on && i < ARRAY_SIZE(table); i++)
		empty_bucket(&table[i]);
}
