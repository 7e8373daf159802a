// SPDX-License-Identifier: GPL-2.0
#include "writers.h"

#include <linux/file.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "compat/compat.h"

struct exclusion {
	struct callback_head work;
	struct file *file; /* reference held */
};

static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

bool eg_writers_exclude(struct file *file)
{
	return deny_write_access(file) == 0;
}

void eg_writers_admit(struct file *file)
{
	/* A verdict put into the cache is seen by whoever gets write access next. */
	smp_mb__before_atomic();
	allow_write_access(file);
}

bool eg_writers_present(const struct file *file)
{
	return inode_is_open_for_write(file_inode(file));
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

bool eg_writers_pinned(struct file *file)
{
	struct address_space *mapping = file->f_mapping;
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

static void admit(struct callback_head *work)
{
	struct exclusion *ex = container_of(work, struct exclusion, work);

	allow_write_access(ex->file);
	fput(ex->file);
	kfree(ex);
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

int eg_writers_exclude_until_return(struct file *file)
{
	struct exclusion *ex;
	int err;

	ex = kmalloc(sizeof(*ex), GFP_KERNEL);
	if (!ex)
		return -ENOMEM;
	err = deny_write_access(file);
	if (err)
		goto free;

	ex->file = get_file(file);
	init_task_work(&ex->work, admit);
	atomic_inc(&pending);
	/* Runs after mmap(2) or execve(2) is through. Fails on an exiting task. */
	err = task_work_add(current, &ex->work, TWA_RESUME);
	if (!err)
		return 0;

	atomic_dec(&pending);
	fput(ex->file);
	allow_write_access(file);
free:
	kfree(ex);
	return err;
}

void eg_writers_exit(void)
{
	wait_event(none_pending, !atomic_read(&pending));
	/* The last one may still be on its way out of admit(). */
	synchronize_rcu_tasks();
}
