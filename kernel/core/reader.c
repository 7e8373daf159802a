// SPDX-License-Identifier: GPL-2.0
#include "core/reader.h"

#include <crypto/hash.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/shmem_fs.h>

#include "compat/compat.h"
#include "core/counter.h"
#include "core/digest.h"
#include "core/inode_mark.h"

/* folio_address() is that of all of it. */
static_assert(!IS_ENABLED(CONFIG_HIGHMEM));

void eg_reader_of_inode(struct eg_reader *reader, struct inode *inode,
			bool on_disk)
{
	*reader = (struct eg_reader){
		.inode = inode,
		.size = i_size_read(inode),
		.on_disk = on_disk,
	};
	file_ra_state_init(&reader->ahead, inode->i_mapping);
}

void eg_reader_of_memory(struct eg_reader *reader, const void *memory, u64 size)
{
	*reader = (struct eg_reader){ .memory = memory, .size = size };
}

/* tmpfs: NULL for a hole, which is not filled for us. */
static struct folio *folio_of_tmpfs(struct inode *inode, pgoff_t index)
{
	struct folio *folio = NULL;
	int err = shmem_get_folio(inode, index, 0, &folio, SGP_READ);

	if (err)
		return ERR_PTR(err);
	if (folio)
		folio_unlock(folio);
	return folio;
}

/*
 * Waiting is killable wherever a page is being read; only a page that could not
 * be read ahead is waited for by read_cache_folio(), which asks for it itself.
 */
static struct folio *folio_of_disk(struct eg_reader *reader, pgoff_t index,
				   pgoff_t last)
{
	struct address_space *mapping = reader->inode->i_mapping;
	struct folio *folio = filemap_get_folio(mapping, index);

	if (IS_ERR(folio)) {
		page_cache_sync_readahead(mapping, &reader->ahead, NULL, index,
					  last - index + 1);
		folio = filemap_get_folio(mapping, index);
	}
	if (!IS_ERR(folio)) {
		if (!folio_test_uptodate(folio) &&
		    folio_wait_locked_killable(folio)) {
			folio_put(folio);
			return ERR_PTR(-EINTR);
		}
		if (folio_test_uptodate(folio) && folio->mapping == mapping)
			return folio;
		folio_put(folio);
	}
	if (fatal_signal_pending(current))
		return ERR_PTR(-EINTR);
	return read_cache_folio(mapping, index, NULL, NULL);
}

static struct folio *folio_at(struct eg_reader *reader, u64 from, u64 to)
{
	pgoff_t index = from >> PAGE_SHIFT;

	if (shmem_mapping(reader->inode->i_mapping))
		return folio_of_tmpfs(reader->inode, index);
	return folio_of_disk(reader, index, (to - 1) >> PAGE_SHIFT);
}

/*
 * Between two steps of work that may be long. A change of ftrace or of probes waits for each
 * task to have been here, or off its processor (RCU Tasks).
 *
 * Not cond_resched_tasks_rcu_qs(): in 6.12 that notes for RCU Tasks Trace, too, that the
 * reader, which a sleepable hook is, gave its processor away. It looks whether that is
 * noted, then notes it: a task that is preempted in between, for which the scheduler
 * notes it, is on the kernel's list twice.
 */
static void rest(void)
{
	rcu_tasks_classic_qs(current, false);
	cond_resched();
}

typedef int take_fn(void *arg, const u8 *bytes, size_t size);

/* The bytes up to the end of the folio that has @from. Return: how many. */
static ssize_t take_folio(struct eg_reader *reader, u64 from, u64 to,
			  take_fn *take, void *arg)
{
	struct folio *folio = folio_at(reader, from, to);
	size_t start = offset_in_page(from), size = PAGE_SIZE - start;
	const u8 *bytes = page_address(ZERO_PAGE(0)) + start;
	size_t done, step;
	int err = 0;

	if (IS_ERR(folio))
		return PTR_ERR(folio);
	if (folio) {
		start = offset_in_folio(folio, from);
		size = folio_size(folio) - start;
		bytes = folio_address(folio) + start;
	}
	size = min_t(u64, size, to - from);
	for (done = 0; done < size && !err; done += step) {
		step = min_t(size_t, size - done, EG_DIGEST_STEP);
		err = take(arg, bytes + done, step);
		/* Not after a look at a file's end, which is all of most denials. */
		if (done + step < to - from)
			rest();
	}
	if (folio)
		folio_put(folio);
	return err ?: size;
}

static int take_memory(struct eg_reader *reader, u64 from, u64 to,
		       take_fn *take, void *arg)
{
	int err = 0;

	while (from < to && !err) {
		size_t step = min_t(u64, to - from, EG_DIGEST_STEP);

		err = take(arg, reader->memory + from, step);
		from += step;
		cond_resched();
	}
	return err;
}

static int take_range(struct eg_reader *reader, u64 from, u64 to, take_fn *take,
		      void *arg)
{
	if (to > reader->size || from > to)
		return -EIO;
	if (!reader->inode)
		return take_memory(reader, from, to, take, arg);
	while (from < to) {
		ssize_t n = take_folio(reader, from, to, take, arg);

		if (fatal_signal_pending(current))
			return -EINTR;
		if (n < 0)
			return n;
		from += n;
	}
	return 0;
}

static int copy_bytes(void *arg, const u8 *bytes, size_t size)
{
	u8 **to = arg;

	memcpy(*to, bytes, size);
	*to += size;
	return 0;
}

int eg_reader_copy(struct eg_reader *reader, u64 offset, void *buffer,
		   size_t size)
{
	return take_range(reader, offset, offset + size, copy_bytes, &buffer);
}

static int compare_bytes(void *arg, const u8 *bytes, size_t size)
{
	const u8 **with = arg;
	bool same = !memcmp(*with, bytes, size);

	*with += size;
	return same ? 0 : -EBUSY;
}

int eg_reader_compare(struct eg_reader *reader, u64 offset, const void *buffer,
		      size_t size)
{
	return take_range(reader, offset, offset + size, compare_bytes,
			  &buffer);
}

static int hash_bytes(void *arg, const u8 *bytes, size_t size)
{
	return crypto_shash_update(arg, bytes, size);
}

int eg_reader_hash(struct eg_reader *reader, u64 size,
		   u8 digest[EG_SHA256_SIZE])
{
	SHASH_DESC_ON_STACK(desc, eg_digest_sha256);
	int err;

	desc->tfm = eg_digest_sha256;
	err = crypto_shash_init(desc)				    ?:
		      take_range(reader, 0, size, hash_bytes, desc) ?:
		      crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	if (!err)
		eg_counter_add(bytes_hashed, size);
	return err;
}

/*
 * Somebody has a reference of his own, beside the batch's: the page cache's, the
 * page tables' and the file system's are accounted for. A page that was just
 * added waits in a processor's batch for the LRU list, which holds one as well
 * and shows by the flag that is missing. A user who takes pages off that list and lets
 * them back could hide a reference behind that, for one look out of many.
 */
static bool folio_is_held(struct folio *folio)
{
	int looks, extra;

	for (looks = 0; looks < 16; looks++) {
		bool listed = folio_test_lru(folio);

		extra = folio_ref_count(folio) - 1 -
			eg_compat_folio_expected_refs(folio);
		if (extra <= 0)
			return false;
		if (extra > 1 || listed || folio_test_lru(folio))
			return true;
		cpu_relax();
	}
	return false;
}

static bool renew_folio(struct inode *inode, struct folio *folio, bool on_disk)
{
	loff_t from = folio_pos(folio), to = from + folio_size(folio) - 1;

	if (!folio_is_held(folio))
		return true;
	return on_disk &&
	       !filemap_write_and_wait_range(inode->i_mapping, from, to) &&
	       !invalidate_inode_pages2_range(inode->i_mapping,
					      from >> PAGE_SHIFT,
					      to >> PAGE_SHIFT);
}

/* Return: whether every page is either nobody's or new. */
static bool renew_all(struct inode *inode, bool on_disk)
{
	struct folio_batch batch;
	pgoff_t index = 0;
	bool renewed = true;
	unsigned int i;

	folio_batch_init(&batch);
	while (!fatal_signal_pending(current) &&
	       filemap_get_folios(inode->i_mapping, &index, -1, &batch)) {
		for (i = 0; i < folio_batch_count(&batch); i++)
			renewed &= renew_folio(inode, batch.folios[i], on_disk);
		folio_batch_release(&batch);
		rest();
	}
	return renewed;
}

int eg_reader_renew(struct eg_reader *reader)
{
	int tries;

	for (tries = 0; tries < 5; tries++) {
		if (renew_all(reader->inode, reader->on_disk))
			return fatal_signal_pending(current) ? -EINTR : 0;
		/* Never for a file that no reference can write to. */
		if (!eg_inode_marked(reader->inode, EG_INODE_WRITE_MAPPED))
			return 0;
		/* Most references are held for a moment: by reads, by reclaim. */
		usleep_range(1000, 2000);
	}
	return -EBUSY;
}
