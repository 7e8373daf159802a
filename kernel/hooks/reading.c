// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: a bucket's bit lock is a leaf. Readers hold the RCU read lock only, and
 * copy: an entry never changes, another one takes its place.
 *
 * Lifetime: the file of an entry is compared and never followed. The entry goes with
 * the file's memory (file_free_security), also of one whose opening failed in the end. The inode is used by those alone who hold the file: it is the file's own, or
 * one of an overlay's layers, which the overlay's inode holds.
 *
 * A read and a writer: the writer's hook drops the verdict before the writer can change
 * a byte (core/cache.c). The read is looked at again when the bytes have been
 * copied, so it sees that the verdict is gone if it can have got a changed byte.
 */
#include "hooks/reading.h"

#include <linux/file.h>
#include <linux/hash.h>
#include <linux/list_bl.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/rculist_bl.h>
#include <linux/slab.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "core/cache.h"
#include "core/counter.h"
#include "core/filesystem.h"
#include "core/policy.h"
#include "core/syscall.h"
#include "gate.h"
#include "hooks/hook.h"
#include "rules/mark.h"

#define BUCKETS_MIN 256ul
#define BUCKETS_MAX (1ul << 16)
#define TRIES 3

/* A content that was judged, and how a denial of it is told. */
struct judged {
	struct inode *inode; /* whose content */
	const struct inode
		*layer; /* of an overlay: changes when it is copied up */
	u64 content;
	enum execgate_gate gate;
	bool reports;
	bool quiet;
	bool constrained; /* as in struct eg_request */
};

struct reading {
	struct hlist_bl_node node;
	const struct file *file; /* compared only */
	struct judged judged;	 /* never changes */
	struct rcu_head rcu;
};

static struct hlist_bl_head *buckets;
static unsigned int bucket_bits;
static bool enabled; /* changed with every bucket's lock taken in turn */
static atomic_t count = ATOMIC_INIT(0);

static atomic_t pending = ATOMIC_INIT(0);
static DECLARE_WAIT_QUEUE_HEAD(none_pending);

static struct hlist_bl_head *bucket_of(const struct file *file)
{
	return &buckets[hash_ptr(file, bucket_bits)];
}

/* The bucket's lock is held. */
static struct reading *reading_in(struct hlist_bl_head *bucket,
				  const struct file *file)
{
	struct hlist_bl_node *node;
	struct reading *reading;

	hlist_bl_for_each_entry(reading, node, bucket, node)
		if (reading->file == file)
			return reading;
	return NULL;
}

/* The RCU read lock is held. Most files are not known, which takes no lock to see. */
static const struct reading *reading_of(const struct file *file)
{
	struct hlist_bl_node *node;
	struct reading *reading;

	if (!atomic_read(&count))
		return NULL;
	hlist_bl_for_each_entry_rcu(reading, node, bucket_of(file), node)
		if (reading->file == file)
			return reading;
	return NULL;
}

static bool find_judged(const struct file *file, struct judged *out)
{
	const struct reading *reading;

	rcu_read_lock();
	reading = reading_of(file);
	if (reading)
		*out = reading->judged;
	rcu_read_unlock();
	return reading;
}

/* The bucket's lock is held. */
static void drop_reading(struct reading *reading)
{
	hlist_bl_del_rcu(&reading->node);
	atomic_dec(&count);
	kfree_rcu(reading, rcu);
}

/* A file can be judged again: as standard input, by each program that gets it. */
static int keep(const struct file *file, const struct judged *judged)
{
	struct hlist_bl_head *bucket = bucket_of(file);
	struct reading *new, *old;
	int err = 0;

	new = kmalloc(sizeof(*new), GFP_KERNEL_ACCOUNT);
	if (!new)
		return -ENOMEM;
	new->file = file;
	new->judged = *judged;
	hlist_bl_lock(bucket);
	old = reading_in(bucket, file);
	if (!enabled) {
		err = -ENODEV;
	} else {
		/* This one first: at no time is the file unknown to a reader. */
		hlist_bl_add_head_rcu(&new->node, bucket);
		atomic_inc(&count);
		if (old)
			drop_reading(old);
	}
	hlist_bl_unlock(bucket);
	if (err)
		kfree(new);
	return err;
}

static bool still_stands(const struct file *file, const struct judged *judged)
{
	return eg_filesystem_layer_inode(file) == judged->layer &&
	       eg_cache_content_stands(judged->inode, judged->content);
}

static int refuse(struct file *file, const struct judged *judged,
		  enum execgate_reason reason)
{
	const struct eg_request req = {
		.hook = EXECGATE_HOOK_FILE_READ,
		.gate = judged->gate,
		.file = file,
		.inode = judged->inode,
		.reports = judged->reports,
		.quiet = judged->quiet,
		.constrained = judged->constrained,
	};

	return eg_gate_refuse(&req, reason, -EPERM);
}

/* A bad file is let through then, and its reads are held against nothing. */
static bool lets_bad_through(const struct eg_request *req)
{
	return req->reports || eg_policy_mode() != EXECGATE_MODE_ENFORCE ||
	       !(eg_policy_gate(req->gate) || req->constrained);
}

int eg_reading_begin(const struct eg_request *req)
{
	struct judged judged = {
		.inode = req->inode,
		.layer = eg_filesystem_layer_inode(req->file),
		.gate = req->gate,
		.reports = req->reports,
		.quiet = req->quiet,
		.constrained = req->constrained,
	};
	int tries, err;

	for (tries = 0; tries < TRIES; tries++) {
		err = eg_gate_admit(req);
		if (err)
			return err;
		judged.content = eg_cache_content(req->inode, req->classes);
		if (judged.content || lets_bad_through(req))
			break;
	}
	if (!judged.content)
		return lets_bad_through(req) ?
			       0 :
			       eg_gate_refuse(req, EXECGATE_REASON_WRITER_OPEN,
					      -EPERM);
	err = keep(req->file, &judged);
	if (err == -ENOMEM)
		return eg_gate_refuse(req, EXECGATE_REASON_NO_MEMORY, -EPERM);
	return 0;
}

/* One read that is under way. */
struct look {
	struct callback_head work;
	struct file *file; /* reference held */
	struct judged judged;
};

/*
 * On the way to user mode, after the bytes were copied: the number of bytes is still in
 * a register, and is what tells the program that it has any. Signals come after it.
 */
static void look_again(struct callback_head *work)
{
	struct look *look = container_of(work, struct look, work);
	struct pt_regs *regs = task_pt_regs(current);

	/* The bytes before the look; see eg_cache_writer(). */
	smp_mb();
	if (syscall_get_return_value(current, regs) > 0 &&
	    !still_stands(look->file, &look->judged) &&
	    refuse(look->file, &look->judged, EXECGATE_REASON_WRITER_OPEN))
		syscall_set_return_value(current, regs, -EPERM, 0);
	fput(look->file);
	kfree(look);
	if (atomic_dec_and_test(&pending))
		wake_up(&none_pending);
}

static int look_when_read(struct file *file, const struct judged *judged)
{
	struct look *look = kmalloc(sizeof(*look),
				    GFP_ATOMIC | __GFP_ACCOUNT | __GFP_NOWARN);

	if (!look)
		return refuse(file, judged, EXECGATE_REASON_NO_MEMORY);
	look->judged = *judged;
	look->file = get_file(file);
	init_task_work(&look->work, look_again);
	atomic_inc(&pending);
	if (!task_work_add(current, &look->work, TWA_RESUME))
		return 0;
	/* It is exiting, and runs nothing any more. */
	fput(file);
	kfree(look);
	atomic_dec(&pending);
	return 0;
}

static int judge_read(struct file *file, const struct judged *judged)
{
	switch (eg_syscall_reads()) {
	case EG_SYSCALL_COPIES:
		return 0;
	case EG_SYSCALL_READS:
		if (still_stands(file, judged))
			return look_when_read(file, judged);
		fallthrough;
	default:
		return refuse(file, judged, EXECGATE_REASON_WRITER_OPEN);
	}
}

/* Not what another program reads, which was given the file: it has no such rules. */
int eg_hook_file_read(struct file *file, int mask)
{
	struct judged judged;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_READ]);
	if (!(mask & MAY_READ) || eg_mark_none() ||
	    !find_judged(file, &judged) || !eg_mark_reads())
		return 0;
	return judge_read(file, &judged);
}

/*
 * Nothing could be looked at again after a mapping. Refused is one, not executable, of
 * a file that is open as code and that somebody but root may write to.
 */
int eg_hook_read_mapped(struct file *file, unsigned long prot)
{
	struct judged judged;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_FILE]);
	if (prot & PROT_EXEC)
		return 0;
	/* A mapping shows what is written later, so that no group is believed. */
	if (!find_judged(file, &judged) ||
	    eg_reading_root_writes(judged.inode) || !eg_mark_reads())
		return 0;
	return refuse(file, &judged, EXECGATE_REASON_SCRIPT);
}

void eg_hook_file_free(const struct file *file)
{
	struct hlist_bl_head *bucket = bucket_of(file);
	struct reading *reading;
	bool known;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_FILE_FREE]);
	rcu_read_lock();
	known = reading_of(file);
	rcu_read_unlock();
	if (!known)
		return;
	hlist_bl_lock(bucket);
	reading = reading_in(bucket, file);
	if (reading)
		drop_reading(reading);
	hlist_bl_unlock(bucket);
}

static void empty_bucket(struct hlist_bl_head *bucket)
{
	struct hlist_bl_node *node, *next;
	struct reading *reading;

	hlist_bl_lock(bucket);
	hlist_bl_for_each_entry_safe(reading, node, next, bucket, node)
		drop_reading(reading);
	hlist_bl_unlock(bucket);
}

/*
 * As eg_cache_enable() and eg_mark_enable() do. The loop is not shared: entries go in
 * another way in each of the three, and that of marks has no buckets' locks.
 */
void eg_reading_enable(bool on)
{
	unsigned long i;

	WRITE_ONCE(enabled, false);
	for (i = 0; i < 1ul << bucket_bits; i++) {
		empty_bucket(&buckets[i]);
		cond_resched();
	}
	WRITE_ONCE(enabled, on);
}

/* A bucket for each few files that can be open at all (a tenth of memory). */
int eg_reading_init(void)
{
	unsigned long wanted = clamp(roundup_pow_of_two(totalram_pages() / 128),
				     BUCKETS_MIN, BUCKETS_MAX);

	bucket_bits = ilog2(wanted);
	buckets = kvcalloc(wanted, sizeof(*buckets), GFP_KERNEL);
	return buckets ? 0 : -ENOMEM;
}

void eg_reading_exit(void)
{
	wait_event(none_pending, !atomic_read(&pending));
	/* The last one may still be on its way out of look_again(). */
	synchronize_rcu_tasks();
	kvfree(buckets);
}
