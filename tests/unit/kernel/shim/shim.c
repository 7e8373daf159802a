// SPDX-License-Identifier: GPL-2.0
#include "shim.h"

#include <malloc.h>

#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/fsverity.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#undef snprintf

time64_t shim_now = 1790000000;
unsigned long jiffies = 1000;
int shim_cpu;
int shim_rcu;
int shim_atomic;
bool shim_irqs_off;
struct user_namespace init_user_ns = { .ns.inum = 0xeffffffd };
struct cgroup shim_root_cgroup = { .name = "", .id = 1 };

static const struct cred root_cred = { .user_ns = &init_user_ns };
static struct task_struct parent = { .tgid = 1 };
struct task_struct shim_current = {
	.cred = &root_cred,
	.comm = "test",
	.real_parent = &parent,
};
struct task_struct *shim_task = &shim_current;
struct pid shim_pids[SHIM_PIDS];
struct tty_struct *shim_tty;

struct tty_struct *get_current_tty(void)
{
	if (shim_tty)
		shim_tty->references++;
	return shim_tty;
}

void tty_kref_put(struct tty_struct *tty)
{
	tty->references--;
}

const char *tty_name(const struct tty_struct *tty)
{
	return tty->name;
}

/* From the root down, where the name is "". */
static size_t write_cgroup(const struct cgroup *cgroup, char *buffer,
			   size_t size, unsigned int *steps)
{
	size_t used;

	BUG_ON(++*steps > 32);
	if (!cgroup->parent)
		return 0;
	used = write_cgroup(cgroup->parent, buffer, size, steps);
	return used +
	       scnprintf(buffer + used, size - used, "/%s", cgroup->name);
}

int cgroup_path(struct cgroup *cgroup, char *buffer, size_t size)
{
	unsigned int steps = 0;

	BUG_ON(!shim_rcu);
	strcpy(buffer, "/");
	return (int)write_cgroup(cgroup, buffer, size, &steps);
}

long copy_from_user_nofault(void *to, const void *from, size_t size)
{
	const struct mm_struct *mm = current->mm;
	unsigned long at = (unsigned long)from;

	if (at < mm->words || at > mm->words_end || size > mm->words_end - at)
		return -EFAULT;
	memcpy(to, from, size);
	return 0;
}

long get_user_pages_remote(struct mm_struct *mm, unsigned long at,
			   unsigned long count, unsigned int flags,
			   struct page **pages, int *locked)
{
	BUG_ON(!mm->locked || count != 1 || flags != FOLL_FORCE || locked);
	*pages = at / PAGE_SIZE < ARRAY_SIZE(mm->pages) ?
			 mm->pages[at / PAGE_SIZE] :
			 NULL;
	if (!*pages)
		return -EFAULT;
	(*pages)->references++;
	return 1;
}

void (*shim_while_waiting)(unsigned long ticks);

static unsigned int fail_at, asked, live;
static size_t live_bytes;
static gfp_t last_flags;

void shim_may_sleep(void)
{
	BUG_ON(shim_atomic || shim_rcu);
}

void shim_fail_allocation(unsigned int nth)
{
	fail_at = nth;
	asked = 0;
}

unsigned int shim_allocations(void)
{
	return asked;
}

unsigned int shim_allocated(void)
{
	return live;
}

size_t shim_allocated_bytes(void)
{
	return live_bytes;
}

gfp_t shim_last_flags(void)
{
	return last_flags;
}

void *kmalloc(size_t size, gfp_t flags)
{
	void *memory;

	/* Exactly one: which of them may sleep is what the code must know. */
	BUG_ON(!!(flags & GFP_KERNEL) + !!(flags & GFP_ATOMIC) +
		       !!(flags & GFP_NOWAIT) !=
	       1);
	if (flags & GFP_KERNEL)
		shim_may_sleep();
	asked++;
	last_flags = flags;
	if (asked == fail_at)
		return NULL;
	memory = malloc(size);
	BUG_ON(!memory);
	/* What nobody wrote is not zero by chance. */
	memset(memory, flags & __GFP_ZERO ? 0 : 0xa5, size);
	live++;
	live_bytes += malloc_usable_size(memory);
	return memory;
}

static void count_freed(void *pointer)
{
	live--;
	live_bytes -= malloc_usable_size(pointer);
}

void kfree(const void *pointer)
{
	if (pointer)
		count_freed((void *)pointer);
	free((void *)pointer);
}

int scnprintf(char *buffer, size_t size, const char *format, ...)
{
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(buffer, size, format, args);
	va_end(args);
	return length < (int)size ? length : (int)size - 1;
}

int match_string(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return (int)i;
	return -EINVAL;
}

static struct rb_node **rb_link_of(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->rb_parent;

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == node ? &parent->rb_left : &parent->rb_right;
}

static void rb_replace(struct rb_node *node, struct rb_node *by,
		       struct rb_root *root)
{
	*rb_link_of(node, root) = by;
	if (by)
		by->rb_parent = node->rb_parent;
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *after = node->rb_right;

	if (!node->rb_left) {
		rb_replace(node, node->rb_right, root);
	} else if (!node->rb_right) {
		rb_replace(node, node->rb_left, root);
	} else {
		while (after->rb_left)
			after = after->rb_left;
		rb_replace(after, after->rb_right, root);
		rb_replace(node, after, root);
		after->rb_left = node->rb_left;
		after->rb_right = node->rb_right;
		if (after->rb_left)
			after->rb_left->rb_parent = after;
		if (after->rb_right)
			after->rb_right->rb_parent = after;
	}
	*node = (struct rb_node){};
}

struct rb_node *rb_next(const struct rb_node *node)
{
	if (node->rb_right) {
		node = node->rb_right;
		while (node->rb_left)
			node = node->rb_left;
		return (struct rb_node *)node;
	}
	while (node->rb_parent && node->rb_parent->rb_right == node)
		node = node->rb_parent;
	return node->rb_parent;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

static struct rb_node *rb_deepest(struct rb_node *node)
{
	while (node && (node->rb_left || node->rb_right))
		node = node->rb_left ? node->rb_left : node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return rb_deepest(root->rb_node);
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent = node->rb_parent;

	if (parent && parent->rb_left == node && parent->rb_right)
		return rb_deepest(parent->rb_right);
	return parent;
}

static struct rcu_head *rcu_waiting;

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	head->func = func;
	head->next = rcu_waiting;
	rcu_waiting = head;
}

void synchronize_rcu(void)
{
	shim_may_sleep();
	while (rcu_waiting) {
		struct rcu_head *head = rcu_waiting;

		rcu_waiting = head->next;
		head->func(head);
	}
}

static void free_whole(struct rcu_head *head)
{
	free(head->whole);
}

void shim_free_later(void *pointer, struct rcu_head *head)
{
	count_freed(pointer);
	head->whole = pointer;
	call_rcu(head, free_whole);
	if (!shim_atomic && !shim_rcu)
		synchronize_rcu();
}

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, gfp_t flags,
				     void *none)
{
	struct kmem_cache *cache = kmalloc(sizeof(*cache), GFP_KERNEL);

	if (cache)
		*cache = (struct kmem_cache){ .size = size };
	return cache;
}

void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags)
{
	void *object = kmalloc(cache->size, flags);

	cache->objects += object != NULL;
	return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	cache->objects--;
	kfree(object);
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	BUG_ON(cache->objects);
	kfree(cache);
}

static struct work_struct *scheduled[8];
static unsigned int scheduled_count;

void schedule_work(struct work_struct *work)
{
	if (work->pending)
		return;
	BUG_ON(scheduled_count == ARRAY_SIZE(scheduled));
	work->pending = true;
	scheduled[scheduled_count++] = work;
}

void flush_work(struct work_struct *work)
{
	bool pending = work->pending;

	cancel_work_sync(work);
	if (pending)
		work->func(work);
}

void cancel_work_sync(struct work_struct *work)
{
	unsigned int i, kept = 0;

	shim_may_sleep();
	work->pending = false;
	for (i = 0; i < scheduled_count; i++)
		if (scheduled[i] != work)
			scheduled[kept++] = scheduled[i];
	scheduled_count = kept;
}

unsigned int shim_run_work(void)
{
	unsigned int ran = 0;

	while (scheduled_count) {
		struct work_struct *work = scheduled[--scheduled_count];

		work->pending = false;
		work->func(work);
		ran++;
	}
	return ran;
}

static struct {
	char *variable;
	size_t size;
	char *others;
} per_cpu[8];

void shim_per_cpu_add(void *variable, size_t size)
{
	size_t i = 0;

	while (per_cpu[i].variable)
		i++;
	per_cpu[i].variable = variable;
	per_cpu[i].size = size;
	per_cpu[i].others = calloc(SHIM_CPUS, size);
	BUG_ON(!per_cpu[i].others);
}

/* @pointer: into the first CPU's. */
void *shim_per_cpu(const void *pointer, int cpu)
{
	const char *at = pointer;
	size_t i;

	for (i = 0; per_cpu[i].variable; i++) {
		if (at < per_cpu[i].variable ||
		    at >= per_cpu[i].variable + per_cpu[i].size)
			continue;
		return cpu ? per_cpu[i].others + (size_t)cpu * per_cpu[i].size +
				       (at - per_cpu[i].variable) :
			     (void *)pointer;
	}
	abort();
}

/* Written from the buffer's end, as the kernel does. */
static char *write_path(const char *name, char *buffer, int size)
{
	size_t length = name ? strlen(name) + 1 : (size_t)size + 1;

	/* Its locks are held with interrupts on. */
	BUG_ON(shim_irqs_off);
	if (length > (size_t)size)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buffer + size - length, name, length);
}

char *d_path(const struct path *path, char *buffer, int size)
{
	return write_path(path->dentry->name, buffer, size);
}

char *dentry_path_raw(const struct dentry *dentry, char *buffer, int size)
{
	return write_path(dentry->name, buffer, size);
}

int shim_path_end(char *buffer, size_t size, const char *format,
		  const struct file *file)
{
	const char *name = file->f_path.dentry->name, *end;
	int names = 0;

	BUG_ON(strcmp(format, "%pD4"));
	for (end = name + strlen(name); end > name; end--)
		if (end[-1] == '/' && ++names == 4)
			break;
	return snprintf(buffer, size, "%s", end);
}

int fsverity_get_digest(struct inode *inode, u8 *digest, u8 *algorithm,
			void *none)
{
	BUG_ON(none);
	*algorithm = inode->verity_algorithm;
	memcpy(digest, inode->verity, sizeof(inode->verity));
	return sizeof(inode->verity);
}
