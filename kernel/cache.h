/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allow verdicts, kept for as long as the inode is in memory and nobody writes
 * to it. Constant memory, no allocation after load. Keyed by the in-memory
 * inode: (device, number, ctime) can be repeated by a crafted image.
 */
#ifndef EG_CACHE_H
#define EG_CACHE_H

#include <linux/fs.h>
#include <linux/time64.h>
#include <linux/types.h>

struct eg_cached {
	time64_t not_after; /* of the signing key, 0 = never; seconds */
	u16 classes;	    /* enum execgate_class bits of the manifest entry */
	u8 carrier;
	bool reusable; /* if not, it only seals the file */
};

int eg_cache_init(void);
void eg_cache_exit(void);

/*
 * Entries may exist only while the inode_free hook fires, or they would outlive
 * their inode. Off: empty, and refuses to take anything in.
 */
void eg_cache_enable(bool on);

/* Any context. Return: true and @out when there is a current verdict. */
bool eg_cache_lookup(const struct inode *inode, struct eg_cached *out);

/*
 * What a program was signed for that somebody runs, whatever has become of the
 * trust in it since: programs that run already go on as they are.
 *
 * Any context, interrupts off and tasklist_lock held too: it never waits for
 * whoever writes to the cache, but gives up. Return: 0 if nothing is known.
 */
u16 eg_cache_running_classes(const struct inode *inode);

/*
 * @epoch: eg_policy_epoch() from before the judgement began, and from before the
 * mode was looked at.
 */
void eg_cache_insert(struct inode *inode, const struct eg_cached *verdict,
		     u64 epoch);

/*
 * Whether a verdict stands, current or not. With writers excluded it goes on
 * standing: until they are admitted again, and then as long as it is mapped.
 */
bool eg_cache_holds(const struct inode *inode);

enum eg_cache_writer {
	EG_CACHE_WRITER_FREE,  /* no verdict stands, or it was dropped */
	EG_CACHE_WRITER_IN_USE /* verified and mapped */
};

/**
 * eg_cache_writer() - somebody wants to change the content; may sleep
 * @keep: keep the verdict when the inode is in use: the writer will be refused
 */
enum eg_cache_writer eg_cache_writer(const struct inode *inode, bool keep);

/* The inode is about to be freed: called with no reference left. */
void eg_cache_forget(const struct inode *inode);

u64 eg_cache_entries(void);

#endif /* EG_CACHE_H */
