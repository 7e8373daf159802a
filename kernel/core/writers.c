// SPDX-License-Identifier: GPL-2.0
#include "core/writers.h"

#include <linux/delay.h>
#include <linux/file.h>
#include <linux/hash.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>
#include <linux/uaccess.h>

#include <asm/syscall.h>

/*
 * The cheap way to keep writers out until a mapping can be seen: the task says what it
 * is about to map, and the writer's hook refuses while that is pending.
 *
 * A task between the mmap hook and the linking of its mapping has not been in user mode
 * since. So the registers with which it came into the kernel are those that it had when
 * it announced, the number of its system call among them. The kernel changes that on
 * the way out and, in an exec, before it maps anything; a tracer only in a task that has
 * stopped. Once it is another number, the mapping can be seen, or will never be. The
 * same number proves nothing, so it counts as pending: at worst a writer is refused a
 * file that was unmapped while the task that mapped it has not made another call. To
 * map it would keep the writer out as well.
 *
 * Both sides order fully between their writing and their reading: the task announces,
 * then looks for write access; a writer has its write access, then looks at the
 * announcements. So one sees the other. A number of now is read before mappings
 * are looked at; processors that may show the task's next call before its mapping
 * take the bridge below.
 *
 * Not for exec's first question (bprm_check), which thread groups ask before they have
 * their final pids, and which keeps writers out for all of the exec.
 */
struct announcement {
	raw_spinlock_t lock; /* a leaf, within the cache's bit locks, too */
	int call;
	pid_t pid;			/* in the initial namespace */
	const struct task_struct *task; /* compared only */
	const struct inode *inode;	/* compared only; NULL: never used */
};

#define ANNOUNCED_BITS 10
static struct announcement announced[1 << ANNOUNCED_BITS]; /* by task */

/*
 * Otherwise the gate denies write access itself, until a task work gives it back.
 *
 * Why nothing fits between the hook and the mapping: task works run on the way
 * to user mode, at exit, and where io_uring waits, and none of these lies
 * between the mmap hook and the linking of the mapping in mmap(2), shmat(2),
 * remap_file_pages(2) or execve(2), whose loader maps program and interpreter
 * before the task returns; nor between the mprotect hook and the change of the
 * mapping. Other threads and the workers of io_uring map for themselves and only
 * in system calls of their own. fork and mremap link the copy before the
 * original goes; for splitting and merging see cache.c.
 */
struct bridge {
	struct callback_head work;
	struct hlist_node node;	  /* by its slot's lock; overlays only */
	struct task_struct *task; /* compared only: the one that works it off */
	struct inode *inode;	  /* held by file */
	struct file *file;	  /* reference held */
	bool exclude;
};

/* By task: what was judged below an overlay and is not mapped yet. */
#define SLOT_BITS 6
static struct slot {
	spinlock_t lock; /* a leaf; taken with the mmap lock held */
	struct hlist_head bridges;
} slots[1 << SLOT_BITS];

static struct kmem_cache *bridge_cache;
/* One that is not in use, so that a task that maps much allocates nothing. */
static DEFINE_PER_CPU(struct bridge *, spare);
/* Begun less crossed; only the sum over all processors means anything. */
static DEFINE_PER_CPU(long, pending);

static struct slot *slot_of(const struct task_struct *task)
{
	return &slots[hash_ptr(task, SLOT_BITS)];
}

static bool exclude_writers(struct inode *inode)
{
	return atomic_dec_unless_positive(&inode->i_writecount);
}

static void admit_writers(struct inode *inode)
{
	/* A verdict put into the cache is seen by whoever gets write access next. */
	smp_mb__before_atomic();
	atomic_inc(&inode->i_writecount);
}

bool eg_writers_present(const struct inode *inode)
{
	return inode_is_open_for_write(inode);
}

static struct announcement *announcement_of(const struct task_struct *task)
{
	return &announced[hash_ptr(task, ANNOUNCED_BITS)];
}

/*
 * The registers are on the task's stack, which goes while this looks if the task dies:
 * then it maps nothing any more, or the stack is another task's by now.
 */
static bool is_pending(const struct announcement *said)
{
	struct task_struct *task;
	struct pt_regs regs;
	bool pending;

	rcu_read_lock();
	task = pid_task(find_pid_ns(said->pid, &init_pid_ns), PIDTYPE_PID);
	pending = task && task == said->task &&
		  !copy_from_kernel_nofault(&regs, task_pt_regs(task),
					    sizeof(regs)) &&
		  syscall_get_nr(task, &regs) == said->call;
	rcu_read_unlock();
	/* A look at mappings that follows sees what the task did in that call. */
	smp_rmb();
	return pending;
}

bool eg_writers_announce(const struct inode *inode)
{
	struct announcement *said = announcement_of(current);
	bool mine;

	if (!IS_ENABLED(CONFIG_X86_64) ||
	    current->flags & (PF_KTHREAD | PF_USER_WORKER))
		return false;
	raw_spin_lock(&said->lock);
	mine = said->task == current || !said->inode || !is_pending(said);
	if (mine) {
		said->task = current;
		said->pid = task_pid_nr(current);
		said->call = syscall_get_nr(current, task_pt_regs(current));
		WRITE_ONCE(said->inode, inode);
	}
	raw_spin_unlock(&said->lock);
	/* The announcement before the look for write access; see above. */
	smp_mb();
	return mine;
}

/* Which inode it is may change meanwhile: then the task is in another call by now. */
static bool is_announced_here(struct announcement *place,
			      const struct inode *inode)
{
	struct announcement said;

	if (READ_ONCE(place->inode) != inode)
		return false;
	raw_spin_lock(&place->lock);
	said = *place;
	raw_spin_unlock(&place->lock);
	return said.inode == inode && is_pending(&said);
}

bool eg_writers_announced(const struct inode *inode)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(announced); i++)
		if (is_announced_here(&announced[i], inode))
			return true;
	return false;
}

static bool announced_by_current(const struct inode *inode)
{
	struct announcement *said = announcement_of(current);
	bool mine;

	raw_spin_lock(&said->lock);
	mine = said->task == current && said->inode == inode;
	raw_spin_unlock(&said->lock);
	return mine;
}

static struct bridge *take_bridge(gfp_t gfp)
{
	return this_cpu_xchg(spare, NULL) ?:
					    kmem_cache_alloc(bridge_cache, gfp);
}

static void give_bridge(struct bridge *bridge)
{
	if (this_cpu_cmpxchg(spare, NULL, bridge))
		kmem_cache_free(bridge_cache, bridge);
}

static bool is_below_overlay(const struct bridge *bridge)
{
	return bridge->inode != file_inode(bridge->file);
}

static void cross_bridge(struct callback_head *work)
{
	struct bridge *bridge = container_of(work, struct bridge, work);
	struct slot *slot = slot_of(bridge->task);

	if (is_below_overlay(bridge)) {
		spin_lock(&slot->lock);
		hlist_del(&bridge->node);
		spin_unlock(&slot->lock);
	}
	if (bridge->exclude)
		admit_writers(bridge->inode);
	fput(bridge->file);
	give_bridge(bridge);
	this_cpu_dec(pending);
}

int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude,
		      gfp_t gfp)
{
	struct slot *slot = slot_of(current);
	struct bridge *bridge;

	bridge = take_bridge(gfp);
	if (!bridge)
		return -ENOMEM;
	if (exclude && !exclude_writers(inode)) {
		give_bridge(bridge);
		return -EBUSY;
	}
	bridge->file = get_file(file);
	bridge->inode = inode;
	bridge->task = current;
	bridge->exclude = exclude;
	if (is_below_overlay(bridge)) {
		spin_lock(&slot->lock);
		hlist_add_head(&bridge->node, &slot->bridges);
		spin_unlock(&slot->lock);
	}
	init_task_work(&bridge->work, cross_bridge);
	this_cpu_inc(pending);
	/* Fails on an exiting task: then nothing will be mapped either. */
	if (!task_work_add(current, &bridge->work, TWA_RESUME))
		return 0;
	cross_bridge(&bridge->work);
	return -EINTR;
}

bool eg_writers_bridged(const struct inode *inode)
{
	struct slot *slot = slot_of(current);
	struct bridge *bridge;
	bool found = announced_by_current(inode);

	spin_lock(&slot->lock);
	hlist_for_each_entry(bridge, &slot->bridges, node)
		found |= bridge->task == current && bridge->inode == inode;
	spin_unlock(&slot->lock);
	return found;
}

int eg_writers_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(announced); i++)
		raw_spin_lock_init(&announced[i].lock);
	for (i = 0; i < ARRAY_SIZE(slots); i++)
		spin_lock_init(&slots[i].lock);
	bridge_cache = kmem_cache_create("execgate_bridge",
					 sizeof(struct bridge), 0, 0, NULL);
	return bridge_cache ? 0 : -ENOMEM;
}

/* No hook runs, so nothing begins: each processor's part only falls. */
static long bridges_pending(void)
{
	long sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(&pending, cpu));
	return sum;
}

void eg_writers_exit(void)
{
	int cpu;

	while (bridges_pending())
		msleep(20);
	/* The last one may still be on its way out of cross_bridge(). */
	synchronize_rcu_tasks();
	for_each_possible_cpu(cpu)
		if (*per_cpu_ptr(&spare, cpu))
			kmem_cache_free(bridge_cache,
					*per_cpu_ptr(&spare, cpu));
	kmem_cache_destroy(bridge_cache);
}
