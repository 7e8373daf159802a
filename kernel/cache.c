// SPDX-License-Identifier: GPL-2.0
/*
 * Set-associative: an inode's address names a set, the set has WAYS places.
 *
 * Locking: set->lock for writers; readers take the set's sequence count only.
 * eg_cache_writer() takes it within i_mmap_rwsem of the inode's mapping.
 * It is a leaf lock, taken from inode_free_security, where sleeping is not
 * allowed. Lifetime: an entry's inode pointer is valid as long as the entry
 * stands, because eg_cache_forget() takes the same lock before the inode's
 * memory goes; so it may be followed under set->lock and nowhere else.
 */
#include "cache.h"

#include <linux/hash.h>
#include <linux/seqlock.h>
#include <linux/vmalloc.h>

#include "policy.h"
#include "writers.h"

#define SET_BITS 12
#define SETS (1 << SET_BITS)
#define WAYS 16

/* What the inode looked like when it was judged. */
struct look {
	loff_t size;
	struct timespec64 ctime;
	u32 generation;
};

struct entry {
	struct look look;
	struct eg_cached verdict;
	u64 epoch;
	unsigned long used; /* jiffies, to about a second */
};

struct set {
	spinlock_t lock;
	seqcount_spinlock_t seq;
	/* Apart from the entries: a miss reads two cache lines. */
	const struct inode *inode[WAYS];
	struct entry entry[WAYS];
};

static struct set *sets;
static bool enabled; /* changed with every set's lock taken in turn */
static atomic64_t entries = ATOMIC64_INIT(0);

static struct set *set_of(const struct inode *inode)
{
	return &sets[hash_ptr(inode, SET_BITS)];
}

static int way_of(const struct set *set, const struct inode *inode)
{
	int way;

	for (way = 0; way < WAYS; way++)
		if (READ_ONCE(set->inode[way]) == inode)
			return way;
	return -1;
}

static void look_at(const struct inode *inode, struct look *look)
{
	memset(look, 0, sizeof(*look));
	look->size = i_size_read(inode);
	look->ctime = inode_get_ctime(inode);
	look->generation = inode->i_generation;
}

bool eg_cache_lookup(const struct inode *inode, struct eg_cached *out)
{
	struct set *set = set_of(inode);
	struct entry found;
	struct look now;
	unsigned int seq;
	int way;

	do {
		seq = read_seqcount_begin(&set->seq);
		way = way_of(set, inode);
		if (way >= 0)
			found = set->entry[way];
	} while (read_seqcount_retry(&set->seq, seq));

	if (way < 0 || !found.verdict.reusable ||
	    found.epoch != eg_policy_epoch())
		return false;
	look_at(inode, &now);
	if (now.size != found.look.size ||
	    !timespec64_equal(&now.ctime, &found.look.ctime) ||
	    now.generation != found.look.generation)
		return false;
	if (found.verdict.not_after &&
	    found.verdict.not_after < ktime_get_real_seconds())
		return false;

	/* Racy on purpose: a lost update only makes the entry look older. */
	if (time_after(jiffies, found.used + HZ))
		WRITE_ONCE(set->entry[way].used, jiffies);
	*out = found.verdict;
	return true;
}

/*
 * An entry whose inode is mapped, as a running program is, is neither pushed out
 * (victim_of()) nor, with sealing, dropped by a writer: it stands as long as the
 * program runs, unless the hooks were off meanwhile.
 *
 * A waiting reader under tasklist_lock would close a circle: a writer here may
 * be interrupted by who wants that lock. So a few tries and no waiting.
 */
u16 eg_cache_running_classes(const struct inode *inode)
{
	struct set *set = set_of(inode);
	int way, tries;
	u16 classes;

	for (tries = 0; tries < 8; tries++) {
		unsigned int seq = raw_seqcount_begin(&set->seq);

		way = way_of(set, inode);
		classes = way < 0 ? 0 :
				    READ_ONCE(set->entry[way].verdict.classes);
		if (!read_seqcount_retry(&set->seq, seq))
			return classes;
		cpu_relax();
	}
	return 0;
}

static void clear_way(struct set *set, int way)
{
	write_seqcount_begin(&set->seq);
	WRITE_ONCE(set->inode[way], NULL);
	write_seqcount_end(&set->seq);
	atomic64_dec(&entries);
}

/*
 * Whether the inode is mapped for certain not. Splitting, merging or moving a
 * mapping takes it out of the tree and puts it back, with the tree's lock held:
 * without that lock the only mapping of a file can be overlooked. A lock that
 * cannot be had here at once means that somebody is at it.
 */
static bool surely_unmapped(struct address_space *mapping)
{
	bool unmapped;

	if (mapping_mapped(mapping) || !i_mmap_trylock_read(mapping))
		return false;
	unmapped = !mapping_mapped(mapping);
	i_mmap_unlock_read(mapping);
	return unmapped;
}

/*
 * The place for a new entry: a free one, else the longest unused. An inode that
 * is mapped is never pushed out: its entry is what keeps writers away from the
 * running code, and anybody may run enough signed files to fill the cache. Nor
 * is one that is about to be mapped, which shows by its writers being excluded:
 * that mapping can be held up for as long as somebody likes.
 */
static int victim_of(const struct set *set)
{
	int way, victim = -1;

	for (way = 0; way < WAYS; way++) {
		const struct inode *inode = set->inode[way];

		if (!inode)
			return way;
		if (victim >= 0 &&
		    !time_before(set->entry[way].used, set->entry[victim].used))
			continue;
		if (!eg_writers_excluded(inode) &&
		    surely_unmapped(inode->i_mapping))
			victim = way;
	}
	return victim;
}

void eg_cache_insert(struct inode *inode, const struct eg_cached *verdict,
		     u64 epoch)
{
	struct set *set = set_of(inode);
	int way;

	spin_lock(&set->lock);
	if (!enabled)
		goto out;
	way = way_of(set, inode);
	if (way < 0)
		way = victim_of(set);
	if (way < 0)
		goto out;
	if (!set->inode[way])
		atomic64_inc(&entries);

	write_seqcount_begin(&set->seq);
	WRITE_ONCE(set->inode[way], inode);
	look_at(inode, &set->entry[way].look);
	set->entry[way].verdict = *verdict;
	set->entry[way].epoch = epoch;
	set->entry[way].used = jiffies;
	write_seqcount_end(&set->seq);
out:
	spin_unlock(&set->lock);
}

/*
 * Under the lock: whoever takes it next to push an entry out sees that the
 * caller excluded writers before.
 */
bool eg_cache_holds(const struct inode *inode)
{
	struct set *set = set_of(inode);
	bool holds;

	spin_lock(&set->lock);
	holds = way_of(set, inode) >= 0;
	spin_unlock(&set->lock);
	return holds;
}

enum eg_cache_writer eg_cache_writer(const struct inode *inode, bool keep)
{
	enum eg_cache_writer result = EG_CACHE_WRITER_FREE;
	struct set *set = set_of(inode);
	int way;

	/*
	 * Without the lock first: nearly every file opened for writing was
	 * never verified. A verdict that is being inserted right now is not
	 * missed: its judge shut writers out before, and this one got in.
	 */
	if (way_of(set, inode) < 0)
		return result;

	/* As in surely_unmapped(), but here it can be waited for. */
	i_mmap_lock_read(inode->i_mapping);
	spin_lock(&set->lock);
	way = way_of(set, inode);
	if (way >= 0) {
		if (mapping_mapped(inode->i_mapping))
			result = EG_CACHE_WRITER_IN_USE;
		if (result == EG_CACHE_WRITER_FREE || !keep)
			clear_way(set, way);
	}
	spin_unlock(&set->lock);
	i_mmap_unlock_read(inode->i_mapping);
	return result;
}

void eg_cache_forget(const struct inode *inode)
{
	struct set *set = set_of(inode);
	int way;

	/* No reference is left, so nobody can be inserting this inode. */
	if (way_of(set, inode) < 0)
		return;

	spin_lock(&set->lock);
	way = way_of(set, inode);
	if (way >= 0)
		clear_way(set, way);
	spin_unlock(&set->lock);
}

void eg_cache_enable(bool on)
{
	int i, way;

	WRITE_ONCE(enabled, false);
	for (i = 0; i < SETS; i++) {
		spin_lock(&sets[i].lock);
		for (way = 0; way < WAYS; way++)
			if (sets[i].inode[way])
				clear_way(&sets[i], way);
		spin_unlock(&sets[i].lock);
	}
	WRITE_ONCE(enabled, on);
}

u64 eg_cache_entries(void)
{
	return atomic64_read(&entries);
}

int eg_cache_init(void)
{
	int i;

	sets = vcalloc(SETS, sizeof(*sets));
	if (!sets)
		return -ENOMEM;
	for (i = 0; i < SETS; i++) {
		spin_lock_init(&sets[i].lock);
		seqcount_spinlock_init(&sets[i].seq, &sets[i].lock);
	}
	return 0;
}

void eg_cache_exit(void)
{
	vfree(sets);
}
