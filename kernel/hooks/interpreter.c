// SPDX-License-Identifier: GPL-2.0
#include "hooks/interpreter.h"

#include <linux/delay.h>
#include <linux/hash.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/task_work.h>

#include "core/cache.h"
#include "core/writers.h"

/*
 * The program of an execve has a hook of its own (bprm_check) between its opening
 * and all else, and is kept from writers there. Its ELF interpreter has none: it is
 * opened, its headers are read, and the next hook is that of its first mapping.
 *
 * One execve opens one file after the other, and may close one before; so @file is
 * compared with the newest of its task first, and neither pointer is followed.
 */
struct opening {
	struct callback_head work;
	struct hlist_node node; /* by its slot's lock */
	struct task_struct *task;
	const struct file *file; /* NULL: settled */
	struct eg_watch watch;
};

/* By task. The lock is taken with the mmap lock held, and before a bucket's. */
#define SLOT_BITS 6
static struct slot {
	spinlock_t lock;
	struct hlist_head openings;
} slots[1 << SLOT_BITS] = {
	[0 ...(1 << SLOT_BITS) - 1] = {
		.lock = __SPIN_LOCK_UNLOCKED(slots.lock),
	},
};

static atomic_t pending = ATOMIC_INIT(0);

static struct slot *slot_of(const struct task_struct *task)
{
	return &slots[hash_ptr(task, SLOT_BITS)];
}

/* On the way to user mode, or at exit: this execve maps nothing more. */
static void close_opening(struct callback_head *work)
{
	struct opening *opening = container_of(work, struct opening, work);
	struct slot *slot = slot_of(opening->task);

	spin_lock(&slot->lock);
	hlist_del(&opening->node);
	spin_unlock(&slot->lock);
	eg_cache_unwatch(&opening->watch);
	kfree(opening);
	atomic_dec(&pending);
}

int eg_interpreter_opened(const struct file *file, struct inode *inode)
{
	struct slot *slot = slot_of(current);
	struct opening *opening;
	int err;

	opening = kmalloc(sizeof(*opening),
			  GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!opening)
		return -ENOMEM;
	opening->file = file;
	opening->task = current;
	eg_cache_watch(&opening->watch, inode);
	/* The watch first, then the look: see cache.c. */
	if (eg_writers_present(inode))
		eg_cache_writer_seen(&opening->watch);
	spin_lock(&slot->lock);
	hlist_add_head(&opening->node, &slot->openings);
	spin_unlock(&slot->lock);
	atomic_inc(&pending);
	init_task_work(&opening->work, close_opening);
	err = task_work_add(current, &opening->work, TWA_RESUME);
	if (err)
		close_opening(&opening->work);
	return err;
}

/* The newest of current for @file; the slot's lock is held. */
static struct opening *opening_of(const struct slot *slot,
				  const struct file *file)
{
	struct opening *opening;

	hlist_for_each_entry(opening, &slot->openings, node)
		if (opening->task == current && opening->file == file)
			return opening;
	return NULL;
}

void eg_interpreter_settled(const struct file *file)
{
	struct slot *slot = slot_of(current);
	struct opening *opening;

	spin_lock(&slot->lock);
	opening = opening_of(slot, file);
	if (opening)
		opening->file = NULL;
	spin_unlock(&slot->lock);
}

bool eg_interpreter_undisturbed(const struct file *file,
				const struct inode *inode)
{
	struct slot *slot = slot_of(current);
	struct opening *opening;
	bool undisturbed;

	spin_lock(&slot->lock);
	opening = opening_of(slot, file);
	undisturbed = !opening || (opening->watch.inode == inode &&
				   !eg_cache_writer_came(&opening->watch));
	spin_unlock(&slot->lock);
	return undisturbed;
}

void eg_interpreter_exit(void)
{
	while (atomic_read(&pending))
		msleep(20);
	/* The last one may still be on its way out of close_opening(). */
	synchronize_rcu_tasks();
}
