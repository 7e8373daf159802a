// SPDX-License-Identifier: GPL-2.0
/*
 * Entries, one an inode, and watches, one a judgement, in buckets: those of a hash
 * table, or, built in, one in the memory that the kernel makes with each inode.
 *
 * Locking: a bucket's lock is the bit lock of its list of entries. It is taken from
 * inode_free_security and under mmap locks; only those of announcements
 * (core/writers.c) nest inside. Readers hold the RCU read lock only: an entry's content
 * never changes, but for @mapped and @dropped, which only ever become true.
 *
 * Lifetime: an entry's inode pointer is compared and never followed. It stands
 * for the inode at that address if that one is marked EG_INODE_JUDGED, and for
 * nothing otherwise: then the inode it was of has gone without our hook being
 * called, which root can bring about. The setter of the mark removes such
 * entries first, under the bucket's lock.
 *
 * Nobody can walk the inodes of a kernel. So turning the cache off begins another life
 * of it, and an entry of an earlier one is as good as absent: readers pass it over, and
 * whoever holds its bucket's lock drops it. The last to do so is the inode's own end,
 * at which a kernel that execgate is built into always calls the hook. A module's table
 * is emptied at once.
 *
 * A writer and a judge: a writer has its write access (i_writecount) before the
 * hook that looks for the mark; a judge sets the mark before it looks for write
 * access. Both are atomic operations that order fully. So one of them sees the
 * other: the judge sees a writer, or the writer takes the bucket's lock and finds
 * the watch or the entry.
 */
#include "core/cache.h"

#include <linux/hash.h>
#include <linux/list_bl.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/rculist_bl.h>
#include <linux/slab.h>

#include "core/inode_mark.h"
#include "core/policy.h"
#include "core/verdict.h"
#include "core/writers.h"

#define BUCKETS_MIN 4096ul
#define BUCKETS_MAX (1ul << 20)
/* Mappings that are looked at before a file counts as mapped executable. */
#define MAPPINGS_MAX 4096

/* The inode's state that a write through a hook we do not see would change. */
struct look {
	loff_t size;
	struct timespec64 ctime;
	u32 generation;
};

struct entry {
	struct hlist_bl_node node;
	const struct inode *inode; /* compared only */
	struct look look;
	struct eg_cached verdict;
	u64 epoch;
	u32 life;     /* the cache's, in which it was made */
	u64 content;  /* handed on by one that is replaced */
	bool mapped;  /* a mapping may have become executable by it */
	bool dropped; /* taken out of the table */
	struct rcu_head rcu;
};

static struct kmem_cache *entry_cache;
static u32 life;  /* 0: off, and nothing is taken in */
static u32 lives; /* so far; by arm.c's lock */
static atomic64_t entries = ATOMIC64_INIT(0);
static atomic64_t contents = ATOMIC64_INIT(0); /* numbers given so far */

#ifdef EG_BUILT_IN
struct lsm_blob_sizes eg_inode_blob_sizes __ro_after_init = {
	.lbs_inode = sizeof(struct eg_inode_blob),
};

static struct eg_bucket *bucket_of(const struct inode *inode)
{
	return &eg_inode_blob(inode)->bucket;
}
#else
static struct eg_bucket *buckets;
static unsigned int bucket_bits;

static struct eg_bucket *bucket_of(const struct inode *inode)
{
	return &buckets[hash_ptr(inode, bucket_bits)];
}
#endif

static bool is_alive(const struct entry *entry)
{
	return entry->life == READ_ONCE(life);
}

/* The entry's hold on its paths goes with it: who finds it can take one more. */
static void free_entry(struct rcu_head *rcu)
{
	struct entry *entry = container_of(rcu, struct entry, rcu);

	/* Readers took references of their own before they left. */
	eg_cached_put(&entry->verdict);
	kmem_cache_free(entry_cache, entry);
}

/* The bucket's lock is held. */
static void drop_entry(struct entry *entry)
{
	WRITE_ONCE(entry->dropped, true);
	hlist_bl_del_rcu(&entry->node);
	atomic64_dec(&entries);
	call_rcu(&entry->rcu, free_entry);
}

/* The bucket's lock is held. */
static struct entry *entry_in(struct eg_bucket *bucket,
			      const struct inode *inode)
{
	struct hlist_bl_node *node;
	struct entry *entry;

	hlist_bl_for_each_entry(entry, node, &bucket->entries, node) {
		if (entry->inode != inode)
			continue;
		if (is_alive(entry))
			return entry;
		drop_entry(entry);
		break;
	}
	return NULL;
}

/* The RCU read lock is held. */
static struct entry *entry_of(const struct inode *inode)
{
	struct eg_bucket *bucket = bucket_of(inode);
	struct hlist_bl_node *node;
	struct entry *entry;

	if (!eg_inode_marked(inode, EG_INODE_JUDGED))
		return NULL;
	hlist_bl_for_each_entry_rcu(entry, node, &bucket->entries, node)
		if (entry->inode == inode)
			return is_alive(entry) ? entry : NULL;
	return NULL;
}

static struct look look_at(const struct inode *inode)
{
	return (struct look){
		.size = i_size_read(inode),
		.ctime = inode_get_ctime(inode),
		.generation = inode->i_generation,
	};
}

static bool looks_the_same(const struct inode *inode, const struct look *then)
{
	struct look now = look_at(inode);

	return now.size == then->size &&
	       timespec64_equal(&now.ctime, &then->ctime) &&
	       now.generation == then->generation;
}

static bool is_of_now(const struct inode *inode, const struct entry *entry)
{
	return entry->epoch == eg_policy_epoch() &&
	       looks_the_same(inode, &entry->look);
}

static bool is_current(const struct inode *inode, const struct entry *entry)
{
	return entry->verdict.reusable && is_of_now(inode, entry);
}

/* A task that holds an entry, or may not let it go yet, may count these once more. */
static void hold_grounds(const struct eg_cached *cached)
{
	eg_origin_get(cached->origin);
	eg_paths_get(cached->paths);
}

void eg_cached_put(const struct eg_cached *cached)
{
	eg_origin_put(cached->origin);
	eg_paths_put(cached->paths);
}

bool eg_cache_lookup(const struct inode *inode, struct eg_cached *out,
		     bool hold)
{
	const struct entry *entry;
	bool found;

	rcu_read_lock();
	entry = entry_of(inode);
	found = entry && is_current(inode, entry);
	if (found)
		*out = entry->verdict;
	if (found && hold)
		hold_grounds(out);
	rcu_read_unlock();
	return found;
}

bool eg_cache_in_use(const struct inode *inode, u16 classes)
{
	const struct entry *entry;
	bool used;

	rcu_read_lock();
	entry = entry_of(inode);
	used = entry && entry->verdict.classes & classes &&
	       !entry->verdict.reported && !entry->verdict.paths &&
	       READ_ONCE(entry->mapped) && !READ_ONCE(entry->dropped) &&
	       is_current(inode, entry);
	rcu_read_unlock();
	return used;
}

u64 eg_cache_content(const struct inode *inode, u16 classes)
{
	const struct entry *entry;
	u64 content = 0;

	rcu_read_lock();
	entry = entry_of(inode);
	if (entry && entry->verdict.classes & classes &&
	    is_of_now(inode, entry))
		content = entry->content;
	rcu_read_unlock();
	return content;
}

bool eg_cache_content_stands(const struct inode *inode, u64 content)
{
	const struct entry *entry;
	bool stands;

	rcu_read_lock();
	entry = entry_of(inode);
	stands = entry && entry->content == content;
	rcu_read_unlock();
	return stands;
}

/*
 * With sealing, no writer drops the entry of a program that is mapped, as a
 * running one is: it stands as long as the program runs, unless the hooks were
 * off meanwhile.
 */
u16 eg_cache_running_classes(const struct inode *inode)
{
	const struct entry *entry;
	u16 classes;

	rcu_read_lock();
	entry = entry_of(inode);
	classes = entry ? entry->verdict.classes : 0;
	rcu_read_unlock();
	return classes;
}

void eg_cache_watch(struct eg_watch *watch, struct inode *inode)
{
	struct eg_bucket *bucket = bucket_of(inode);
	struct entry *stale;

	hlist_bl_lock(&bucket->entries);
	watch->inode = inode;
	watch->written = false;
	hlist_add_head(&watch->node, &bucket->watches);
	if (!eg_inode_marked(inode, EG_INODE_JUDGED)) {
		/* Not of this inode: of one that lived at its address before. */
		stale = entry_in(bucket, inode);
		if (stale)
			drop_entry(stale);
		eg_inode_test_and_mark(inode, EG_INODE_JUDGED);
	}
	hlist_bl_unlock(&bucket->entries);
	/* The watch before the look at i_writecount; see above. */
	smp_mb();
}

void eg_cache_writer_seen(struct eg_watch *watch)
{
	struct eg_bucket *bucket = bucket_of(watch->inode);

	hlist_bl_lock(&bucket->entries);
	watch->written = true;
	hlist_bl_unlock(&bucket->entries);
}

bool eg_cache_writer_came(const struct eg_watch *watch)
{
	struct eg_bucket *bucket = bucket_of(watch->inode);
	bool came;

	hlist_bl_lock(&bucket->entries);
	came = watch->written;
	hlist_bl_unlock(&bucket->entries);
	return came;
}

bool eg_cache_unwatch(struct eg_watch *watch)
{
	struct eg_bucket *bucket = bucket_of(watch->inode);

	hlist_bl_lock(&bucket->entries);
	hlist_del(&watch->node);
	hlist_bl_unlock(&bucket->entries);
	return watch->written;
}

int eg_cache_insert(struct eg_watch *watch, const struct eg_cached *verdict,
		    u64 epoch)
{
	struct eg_bucket *bucket = bucket_of(watch->inode);
	struct entry *new, *old;
	int err = 0;

	new = kmem_cache_alloc(entry_cache, GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	*new = (struct entry){
		.inode = watch->inode,
		.verdict = *verdict,
		.look = look_at(watch->inode),
		.epoch = epoch,
	};
	hold_grounds(&new->verdict);

	hlist_bl_lock(&bucket->entries);
	new->life = READ_ONCE(life);
	if (!new->life) {
		err = -ENODEV;
	} else if (watch->written) {
		err = -ESTALE;
	} else {
		old = entry_in(bucket, watch->inode);
		new->content = old ? old->content :
				     atomic64_inc_return(&contents);
		if (old) {
			new->mapped = old->mapped;
			drop_entry(old);
		}
		hlist_bl_add_head_rcu(&new->node, &bucket->entries);
		atomic64_inc(&entries);
	}
	hlist_bl_unlock(&bucket->entries);
	if (err)
		free_entry(&new->rcu);
	return err;
}

/*
 * Writers are excluded, so none is between its write access and its hook: one
 * that was has dropped the entry, and none comes. Without the lock first: a
 * replaced entry hands @mapped on.
 */
bool eg_cache_hold(const struct inode *inode)
{
	struct eg_bucket *bucket = bucket_of(inode);
	struct entry *entry;
	bool held;

	rcu_read_lock();
	entry = entry_of(inode);
	held = entry && READ_ONCE(entry->mapped) && !READ_ONCE(entry->dropped);
	rcu_read_unlock();
	if (held || !eg_inode_marked(inode, EG_INODE_JUDGED))
		return held;

	hlist_bl_lock(&bucket->entries);
	entry = entry_in(bucket, inode);
	if (entry)
		WRITE_ONCE(entry->mapped, true);
	hlist_bl_unlock(&bucket->entries);
	return entry;
}

/*
 * Splitting, merging or moving a mapping takes it out of the tree and puts it
 * back, with the tree's lock held: without that lock the only mapping of a file
 * can be overlooked. A lock that cannot be had at once means that somebody is
 * changing mappings of a file that was mapped executable: it is in use.
 *
 * A user who can map a file executable can keep writers away by that, so many mappings
 * need not be looked through to the end.
 */
static bool mapped_executable(struct address_space *mapping)
{
	struct rb_node *node;
	bool found = false;
	int looked = 0;

	if (!i_mmap_trylock_read(mapping))
		return true;
	for (node = rb_first_cached(&mapping->i_mmap); node && !found;
	     node = rb_next(node)) {
		struct vm_area_struct *vma =
			rb_entry(node, struct vm_area_struct, shared.rb);

		/* A mapping that is about to become executable excluded writers
		 * before. */
		found = READ_ONCE(vma->vm_flags) & VM_EXEC ||
			++looked > MAPPINGS_MAX;
	}
	i_mmap_unlock_read(mapping);
	return found;
}

enum eg_cache_writer eg_cache_writer(const struct inode *inode, bool keep)
{
	enum eg_cache_writer result = EG_CACHE_WRITER_FREE;
	struct eg_bucket *bucket = bucket_of(inode);
	struct eg_watch *watch;
	struct entry *entry;

	if (!eg_inode_marked(inode, EG_INODE_JUDGED))
		return result;

	hlist_bl_lock(&bucket->entries);
	entry = entry_in(bucket, inode);
	if (entry) {
		if (entry->mapped && (eg_writers_announced(inode) ||
				      mapped_executable(inode->i_mapping)))
			result = EG_CACHE_WRITER_IN_USE;
		if (result == EG_CACHE_WRITER_FREE || !keep)
			drop_entry(entry);
	}
	/* Also for a writer that is refused: it has had write access. */
	hlist_for_each_entry(watch, &bucket->watches, node)
		if (watch->inode == inode)
			watch->written = true;
	hlist_bl_unlock(&bucket->entries);
	/* A reader that gets a byte which is written next sees that the entry is gone. */
	smp_mb();
	return result;
}

void eg_cache_forget(const struct inode *inode)
{
	struct eg_bucket *bucket = bucket_of(inode);
	struct entry *entry;

	if (!eg_inode_marked(inode, EG_INODE_JUDGED))
		return;
	hlist_bl_lock(&bucket->entries);
	entry = entry_in(bucket, inode);
	if (entry)
		drop_entry(entry);
	hlist_bl_unlock(&bucket->entries);
}

#ifdef EG_BUILT_IN
static void empty_buckets(void)
{
}

static int init_buckets(void)
{
	return 0;
}

static void free_buckets(void)
{
}
#else
static void empty_bucket(struct eg_bucket *bucket)
{
	struct hlist_bl_node *node, *next;
	struct entry *entry;

	hlist_bl_lock(&bucket->entries);
	hlist_bl_for_each_entry_safe(entry, node, next, &bucket->entries, node)
		drop_entry(entry);
	hlist_bl_unlock(&bucket->entries);
}

/* A judge that takes something in has the bucket's lock, and looks first. */
static void empty_buckets(void)
{
	unsigned long i;

	for (i = 0; i < 1ul << bucket_bits; i++) {
		empty_bucket(&buckets[i]);
		cond_resched();
	}
}

/* As many buckets as make chains short even when all memory holds inodes. */
static int init_buckets(void)
{
	unsigned long count = clamp(roundup_pow_of_two(totalram_pages() / 8),
				    BUCKETS_MIN, BUCKETS_MAX);

	bucket_bits = ilog2(count);
	buckets = kvcalloc(count, sizeof(*buckets), GFP_KERNEL);
	return buckets ? 0 : -ENOMEM;
}

static void free_buckets(void)
{
	kvfree(buckets);
}
#endif

void eg_cache_enable(bool on)
{
	WRITE_ONCE(life, 0);
	empty_buckets();
	if (on)
		WRITE_ONCE(life, ++lives);
}

u64 eg_cache_entries(void)
{
	return atomic64_read(&entries);
}

int eg_cache_init(void)
{
	int err = init_buckets();

	if (err)
		return err;
	entry_cache = kmem_cache_create("execgate_verdict",
					sizeof(struct entry), 0, SLAB_ACCOUNT,
					NULL);
	if (entry_cache)
		return 0;
	free_buckets();
	return -ENOMEM;
}

/* No hook runs and the table is empty, but what was dropped may wait for RCU. */
void eg_cache_exit(void)
{
	rcu_barrier();
	kmem_cache_destroy(entry_cache);
	free_buckets();
}
