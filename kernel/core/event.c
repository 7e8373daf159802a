// SPDX-License-Identifier: GPL-2.0
/*
 * ring_lock is a leaf taken in any context; nothing is allocated or freed
 * under it. An event's content is immutable once it is in the ring; its links
 * and @given are ring_lock's.
 *
 * Fairness: any user can have itself denied as fast as it can call execve(),
 * and the ring is bounded. So each user's events queue by themselves, and a full
 * ring lets go the oldest event of the longest queue: a flood pushes out its own
 * events, never those of a user who has fewer. More users than queues share
 * queues; that takes as many uids with denials in the ring at once.
 */
#include "core/event.h"

#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "core/filesystem.h"

static DEFINE_SPINLOCK(ring_lock);
static struct rb_root ring = RB_ROOT; /* what is held, by sequence number */
static u64 next = 1;
static u64 held, reported, suppressed, dropped;

/* All that are in use are searched, under the lock, for an event: few enough for that. */
#define QUEUES 256

static struct queue {
	u32 uid;
	u32 length;
	struct list_head events; /* oldest first */
	struct list_head list;	 /* of the used ones, or of the empty ones */
} queues[QUEUES];

static LIST_HEAD(used_queues);
static LIST_HEAD(empty_queues);

static void (*sink)(void);

static void call_sink(struct work_struct *work)
{
	sink();
}

/*
 * A tick later: what is denied one after the other is told at once. To wake a worker
 * for each would cost whoever is denied as much again as the denial.
 */
static DECLARE_DELAYED_WORK(sink_work, call_sink);
#define SINK_DELAY 1 /* jiffies */

/* Keep the end of a long path: that is where the file's name is. */
static u16 keep_end(const char **path, bool *cut)
{
	size_t size = strlen(*path);

	if (size > EXECGATE_PATH_MAX) {
		*path += size - EXECGATE_PATH_MAX;
		size = EXECGATE_PATH_MAX;
		*cut = true;
	}
	return size;
}

enum context { SLEEPS, ATOMIC, TASKLIST };

/* In which contexts the hooks are called. */
static enum context context_of(const struct eg_request *req)
{
	if (req->atomic)
		return ATOMIC;
	switch (req->hook) {
	case EXECGATE_HOOK_FILE_OPEN:
	case EXECGATE_HOOK_INODE_SETATTR:
	case EXECGATE_HOOK_FILE_MPROTECT: /* mmap lock */
	case EXECGATE_HOOK_MMAP_BACKING:  /* mmap lock */
	case EXECGATE_HOOK_LOCKED_DOWN:
	case EXECGATE_HOOK_KERNEL_LOAD_DATA:
	case EXECGATE_HOOK_KERNEL_POST_READ:
	case EXECGATE_HOOK_FILE_IOCTL: /* of 32 bits */
	case EXECGATE_HOOK_QUOTA_ON:
	case EXECGATE_HOOK_PTRACE_ACCESS: /* task_lock of the one reached for */
	case EXECGATE_HOOK_TASK_PRCTL:
	case EXECGATE_HOOK_USERFAULTFD:
	case EXECGATE_HOOK_CAPABLE:
	case EXECGATE_HOOK_MMAP_ADDR: /* mmap lock */
	case EXECGATE_HOOK_TASK_ALLOC:
	case EXECGATE_HOOK_FILE_READ:
		return ATOMIC;
	case EXECGATE_HOOK_PTRACE_TRACEME: /* tasklist_lock, interrupts off */
		return TASKLIST;
	case EXECGATE_HOOK_BPRM_CHECK:
	case EXECGATE_HOOK_BPRM_CREDS:
	case EXECGATE_HOOK_MMAP_FILE:
	case EXECGATE_HOOK_READ_OPEN:
	case EXECGATE_HOOK_FILE_FREE:
	case EXECGATE_HOOK_INODE_FREE:
	case EXECGATE_HOOK_CHECK:
	case EXECGATE_HOOK_BPF_PROG:
	case EXECGATE_HOOK_KERNEL_READ_FILE:
	case EXECGATE_HOOK_POLICY:
	case EXECGATE_HOOK_BPF_LOAD:
	case EXECGATE_HOOK_COUNT:
		break;
	}
	return SLEEPS;
}

/*
 * Memory that is handed out is cleared first (init_on_alloc), which for two of PATH_MAX
 * was a quarter of a denial's instructions; and nearly all paths are short.
 */
#define SHORT_PATH 256

/**
 * struct texts - those of an event
 * @buffer: the memory that they are in
 * @at: each of them, terminated; NULL: it did not fit there
 * @real_device: where EG_EVENT_REAL is
 * @cgroup: of which EG_EVENT_CGROUP is the path
 */
struct texts {
	char *buffer;
	const char *at[EG_EVENT_TEXTS];
	u64 real_device;
	u64 cgroup;
};

#define PATHS 3 /* those up to EG_EVENT_REAL */

static u64 device_of(const struct super_block *sb)
{
	return (u64)MAJOR(sb->s_dev) << 20 | MINOR(sb->s_dev);
}

/*
 * d_path() takes locks that are held with interrupts on, and an interrupt may
 * wait for tasklist_lock: under that lock the end of the path must do, which
 * printk's format finds without a lock. It has no slash in front.
 */
static const char *path_of(const struct eg_request *req, struct file *file,
			   char *buffer, size_t size)
{
	char *path;

	if (context_of(req) == TASKLIST)
		return snprintf(buffer, size, "%pD4", file) < (int)size ?
			       buffer :
			       NULL;
	path = d_path(file_user_path(file), buffer, size);
	return IS_ERR(path) ? NULL : path;
}

static const char *subject_path(const struct eg_request *req, char *buffer,
				size_t size)
{
	char *path;

	if (req->file)
		return path_of(req, req->file, buffer, size);
	if (!req->dentry)
		return "";
	path = dentry_path_raw(req->dentry, buffer, size);
	return IS_ERR(path) ? NULL : path;
}

/* The program that the task was running when it asked; nothing for a kernel thread. */
static const char *exe_path(const struct eg_request *req, char *buffer,
			    size_t size)
{
	struct file *exe = NULL;
	const char *path;

	rcu_read_lock();
	if (current->mm)
		exe = get_file_rcu(&current->mm->exe_file);
	rcu_read_unlock();
	if (!exe)
		return "";
	path = path_of(req, exe, buffer, size);
	fput(exe);
	return path;
}

/*
 * The name that no mount, chroot or overlay of a container changes, from which the
 * host's own name of the file can be made. A file on the kernel's own mounts has none.
 */
static const char *real_path(const struct eg_request *req, u64 *device,
			     char *buffer, size_t size)
{
	struct dentry *dentry = req->file ? req->file->f_path.dentry :
					    req->dentry;
	char *path;

	if (!dentry || context_of(req) == TASKLIST)
		return "";
	dentry = eg_filesystem_layer_dentry(dentry);
	if (dentry->d_sb->s_flags & SB_KERNMOUNT)
		return "";
	*device = device_of(dentry->d_sb);
	path = dentry_path_raw(dentry, buffer, size);
	if (IS_ERR(path))
		return NULL;
	/* The end alone leads nowhere. */
	return strlen(path) > EXECGATE_PATH_MAX ? "" : path;
}

static void fill_event(struct eg_event *event, const struct eg_request *req,
		       const struct eg_verdict *verdict,
		       enum execgate_mode mode)
{
	const struct inode *inode = NULL;

	/* As the user knows it: of an overlay's file not the one below. */
	if (req->file)
		inode = file_user_inode(req->file);
	else if (req->dentry)
		inode = d_backing_inode(req->dentry);
	refcount_set(&event->users, 1);
	event->time = ktime_get_real_ns();
	if (inode) {
		event->device = device_of(inode->i_sb);
		event->inode = inode->i_ino;
	}
	event->hook = req->hook;
	event->mode = mode;
	event->constrained = req->constrained;
	event->verdict = *verdict;
	/* Those are the judge's. */
	event->verdict.draft = NULL;
	event->verdict.origin = NULL;
	eg_asker_describe(event);
}

/* No warnings: a flood may exhaust memory. */
static gfp_t event_gfp(const struct eg_request *req)
{
	return (context_of(req) == SLEEPS ? GFP_KERNEL : GFP_ATOMIC) |
	       __GFP_NOWARN;
}

/* Return: whether there was memory, and each path fitted into @size bytes of it. */
static bool find_texts(const struct eg_request *req, size_t size,
		       struct texts *texts)
{
	char *cgroup, *argv0;

	kfree(texts->buffer);
	texts->buffer = kmalloc(PATHS * size + EXECGATE_CGROUP_MAX + 1 +
					EXECGATE_ARGV0_MAX + 1,
				event_gfp(req));
	if (!texts->buffer)
		return false;
	cgroup = texts->buffer + PATHS * size;
	argv0 = cgroup + EXECGATE_CGROUP_MAX + 1;
	texts->cgroup = eg_asker_cgroup(cgroup);
	argv0[eg_asker_argv0(req->bprm, argv0)] = '\0';
	texts->at[EG_EVENT_CGROUP] = cgroup;
	texts->at[EG_EVENT_ARGV0] = argv0;
	texts->at[EG_EVENT_PATH] = subject_path(req, texts->buffer, size);
	texts->at[EG_EVENT_EXE] = exe_path(req, texts->buffer + size, size);
	texts->at[EG_EVENT_REAL] = real_path(req, &texts->real_device,
					     texts->buffer + 2 * size, size);
	return texts->at[EG_EVENT_PATH] && texts->at[EG_EVENT_EXE] &&
	       texts->at[EG_EVENT_REAL];
}

/* Fills in the lengths, and shortens the paths to what an event has. */
static struct eg_event *alloc_event(const struct eg_request *req,
				    struct texts *texts)
{
	bool cut[EG_EVENT_TEXTS] = {
		[EG_EVENT_PATH] = context_of(req) == TASKLIST,
	};
	u16 size[EG_EVENT_TEXTS];
	struct eg_event *event;
	size_t i, sum = 0;

	for (i = 0; i < EG_EVENT_TEXTS; i++) {
		texts->at[i] = texts->at[i] ?: "";
		size[i] = keep_end(&texts->at[i], &cut[i]);
		sum += size[i];
	}
	event = kzalloc(struct_size(event, data, sum), event_gfp(req));
	if (!event)
		return NULL;
	memcpy(event->size, size, sizeof(size));
	event->path_cut = cut[EG_EVENT_PATH];
	return event;
}

struct eg_event *eg_event_new(const struct eg_request *req,
			      const struct eg_verdict *verdict,
			      enum execgate_mode mode)
{
	struct eg_event *event = NULL;
	struct texts texts = {};
	char *at;
	size_t i;

	if (!find_texts(req, SHORT_PATH, &texts) && texts.buffer)
		find_texts(req, PATH_MAX, &texts);
	if (texts.buffer)
		event = alloc_event(req, &texts);
	if (event) {
		fill_event(event, req, verdict, mode);
		event->cgroup = texts.cgroup;
		event->real_device = texts.real_device;
		for (i = 0, at = event->data; i < EG_EVENT_TEXTS; i++) {
			memcpy(at, texts.at[i], event->size[i]);
			at += event->size[i];
		}
	}
	kfree(texts.buffer);
	return event;
}

void eg_event_put(struct eg_event *event)
{
	if (event && refcount_dec_and_test(&event->users))
		kfree(event);
}

static struct queue *queue_of(u32 uid)
{
	struct queue *queue;

	list_for_each_entry(queue, &used_queues, list)
		if (queue->uid == uid)
			return queue;
	if (list_empty(&empty_queues))
		return &queues[uid % QUEUES];
	queue = list_first_entry(&empty_queues, struct queue, list);
	queue->uid = uid;
	list_del(&queue->list);
	list_add_tail(&queue->list, &used_queues);
	return queue;
}

static struct eg_event *oldest_of(const struct queue *queue)
{
	return list_first_entry(&queue->events, struct eg_event, queued);
}

/* Among queues of equal length, the one that has the oldest event. Some has one. */
static struct queue *longest_queue(void)
{
	struct queue *queue, *longest = NULL;

	list_for_each_entry(queue, &used_queues, list) {
		if (!longest || queue->length > longest->length ||
		    (queue->length == longest->length &&
		     oldest_of(queue)->sequence < oldest_of(longest)->sequence))
			longest = queue;
	}
	return longest;
}

static void leave_queue(struct eg_event *event)
{
	struct queue *queue = &queues[event->queue];

	list_del(&event->queued);
	if (--queue->length)
		return;
	list_del(&queue->list);
	list_add(&queue->list, &empty_queues);
}

static void ring_add(struct eg_event *event)
{
	struct rb_node **link = &ring.rb_node, *parent = NULL;
	struct queue *queue = queue_of(event->uid);

	/* The highest number so far: the rightmost place. */
	while (*link) {
		parent = *link;
		link = &parent->rb_right;
	}
	rb_link_node(&event->held, parent, link);
	rb_insert_color(&event->held, &ring);
	list_add_tail(&event->queued, &queue->events);
	event->queue = queue - queues;
	queue->length++;
	held++;
}

/* An event that left unread is not a loss that anybody else could count. */
static struct eg_event *ring_let_go(void)
{
	struct eg_event *event = oldest_of(longest_queue());

	rb_erase(&event->held, &ring);
	leave_queue(event);
	held--;
	if (!event->given)
		suppressed++;
	return event;
}

void eg_event_report(const struct eg_request *req,
		     const struct eg_verdict *verdict, enum execgate_mode mode)
{
	struct eg_event *event = eg_event_new(req, verdict, mode);
	struct eg_event *old = NULL;
	unsigned long flags;

	spin_lock_irqsave(&ring_lock, flags);
	if (event) {
		event->sequence = next;
		reported++;
		ring_add(event);
		if (held > EXECGATE_RING_MAX)
			old = ring_let_go();
	} else {
		dropped++; /* and the gap in the numbers shows it */
	}
	next++;
	spin_unlock_irqrestore(&ring_lock, flags);

	eg_event_put(old);
	schedule_delayed_work(&sink_work, SINK_DELAY);
}

struct eg_event *eg_event_get(u64 sequence)
{
	struct eg_event *event, *found = NULL;
	struct rb_node *node;
	unsigned long flags;

	spin_lock_irqsave(&ring_lock, flags);
	node = ring.rb_node;
	while (node) {
		event = rb_entry(node, struct eg_event, held);
		if (event->sequence >= sequence) {
			found = event;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}
	if (found) {
		found->given = true;
		refcount_inc(&found->users);
	}
	spin_unlock_irqrestore(&ring_lock, flags);
	return found;
}

void eg_event_counts(struct eg_event_counts *counts)
{
	struct rb_node *first;
	unsigned long flags;

	spin_lock_irqsave(&ring_lock, flags);
	counts->emitted = reported - suppressed;
	counts->suppressed = suppressed;
	counts->dropped = dropped;
	counts->held = held;
	counts->next = next;
	first = rb_first(&ring);
	counts->oldest =
		first ? rb_entry(first, struct eg_event, held)->sequence : next;
	spin_unlock_irqrestore(&ring_lock, flags);
}

void eg_event_init(void (*new_sink)(void))
{
	size_t i;

	sink = new_sink;
	for (i = 0; i < ARRAY_SIZE(queues); i++) {
		INIT_LIST_HEAD(&queues[i].events);
		list_add_tail(&queues[i].list, &empty_queues);
	}
}

void eg_event_stop(void)
{
	cancel_delayed_work_sync(&sink_work);
}

void eg_event_exit(void)
{
	struct eg_event *event, *after;

	rbtree_postorder_for_each_entry_safe(event, after, &ring, held)
		eg_event_put(event);
}
