// SPDX-License-Identifier: GPL-2.0
#include "writers.h"

#include <linux/file.h>
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "compat/compat.h"

/*
 * Why nothing fits between the hook and the mapping: task works run on the way
 * to user mode, at exit, and where io_uring waits, and none of these lies
 * between the mmap hook and the linking of the mapping in mmap(2), shmat(2),
 * remap_file_pages(2) or execve(2), whose loader maps program and interpreter
 * before the task returns. Other threads and the workers of io_uring map for
 * themselves and only in system calls of their own. fork and mremap link the
 * copy before the original goes; for splitting and merging see cache.c.
 */
struct bridge {
	struct callback_head work;
	struct hlist_node node;	  /* in bridges, by bridges_lock; by task */
	struct task_struct *task; /* compared only: the one that works it off */
	struct inode *inode;	  /* held by file */
	struct file *file;	  /* reference held */
	bool exclude;
};

static DEFINE_HASHTABLE(bridges, 6);
/* A leaf; taken with the mmap lock held. */
static DEFINE_SPINLOCK(bridges_lock);

static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

bool eg_writers_exclude(struct inode *inode)
{
	return atomic_dec_unless_positive(&inode->i_writecount);
}

void eg_writers_admit(struct inode *inode)
{
	/* A verdict put into the cache is seen by whoever gets write access next. */
	smp_mb__before_atomic();
	atomic_inc(&inode->i_writecount);
}

bool eg_writers_excluded(const struct inode *inode)
{
	return atomic_read(&inode->i_writecount) < 0;
}

bool eg_writers_present(const struct inode *inode)
{
	return inode_is_open_for_write(inode);
}

/*
 * A page table entry and a pin both take references. Small folios count a pin
 * as GUP_PIN_COUNTING_BIAS of them, so mappings (a library in thousands of
 * processes) must be taken off before a large number means anything.
 */
static bool folio_pinned(struct folio *folio)
{
	if (!folio_maybe_dma_pinned(folio))
		return false;
	if (folio_test_large(folio))
		return true;
	return folio_ref_count(folio) - folio_mapcount(folio) >=
	       GUP_PIN_COUNTING_BIAS;
}

bool eg_writers_pinned(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;
	struct folio_batch batch;
	bool pinned = false;
	pgoff_t index = 0;
	unsigned int i;

	folio_batch_init(&batch);
	while (!pinned && filemap_get_folios(mapping, &index, -1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++)
			pinned |= folio_pinned(batch.folios[i]);
		folio_batch_release(&batch);
		cond_resched();
	}
	return pinned;
}

static void cross(struct callback_head *work)
{
	struct bridge *bridge = container_of(work, struct bridge, work);

	spin_lock(&bridges_lock);
	hash_del(&bridge->node);
	spin_unlock(&bridges_lock);
	if (bridge->exclude)
		eg_writers_admit(bridge->inode);
	fput(bridge->file);
	kfree(bridge);
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

int eg_writers_bridge(struct file *file, struct inode *inode, bool exclude)
{
	struct bridge *bridge;
	int err;

	bridge = kmalloc(sizeof(*bridge), GFP_KERNEL);
	if (!bridge)
		return -ENOMEM;
	if (exclude && !eg_writers_exclude(inode)) {
		kfree(bridge);
		return -ETXTBSY;
	}
	bridge->file = get_file(file);
	bridge->inode = inode;
	bridge->task = current;
	bridge->exclude = exclude;
	spin_lock(&bridges_lock);
	hash_add(bridges, &bridge->node, (unsigned long)current);
	spin_unlock(&bridges_lock);
	init_task_work(&bridge->work, cross);
	atomic_inc(&pending);
	/* Fails on an exiting task: then nothing will be mapped either. */
	err = task_work_add(current, &bridge->work, TWA_RESUME);
	if (err)
		cross(&bridge->work);
	return err;
}

bool eg_writers_bridged(const struct inode *inode)
{
	struct bridge *bridge;
	bool found = false;

	spin_lock(&bridges_lock);
	hash_for_each_possible(bridges, bridge, node, (unsigned long)current)
		found |= bridge->task == current && bridge->inode == inode;
	spin_unlock(&bridges_lock);
	return found;
}

void eg_writers_exit(void)
{
	wait_event(none_pending, !atomic_read(&pending));
	/* The last one may still be on its way out of cross(). */
	synchronize_rcu_tasks();
}
