/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Allow verdicts, kept for as long as the inode is in memory and nobody writes
 * to it. Keyed by the in-memory inode: (device, number, ctime) can be repeated
 * by a crafted image. A verdict's memory is charged to the cgroup of whoever had
 * the file judged, and there are never more verdicts than inodes in memory, so
 * nobody can take a place away from somebody else.
 */
#ifndef EG_CACHE_H
#define EG_CACHE_H

#include <linux/fs.h>
#include <linux/types.h>

#include "rules/origin.h"

struct eg_paths;

struct eg_cached {
	u16 classes; /* enum execgate_class bits of the manifest entry */
	u8 carrier;
	bool reusable; /* if not, it only seals the file */
	u8 reported;   /* as in struct eg_verdict: each use is told of */
	bool hardened; /* the same: each exec sets AT_SECURE */
	/*
	 * The statements that vouch for it; NULL in verdicts from before there
	 * were rules of processes, which are not current then. In an entry it
	 * is a reference.
	 */
	struct eg_origin *origin;
	struct eg_paths *paths; /* the same: each use is held against them */
};

int eg_cache_init(void);
void eg_cache_exit(void);

/*
 * Entries count only while the hooks fire that drop them. Off: as if empty, and
 * refuses to take anything in.
 */
void eg_cache_enable(bool on);

/**
 * eg_cache_lookup() - is there a current verdict?
 * @out: filled if there is
 * @hold: its origin and paths are counted, for eg_cached_put(); if not they are
 *	  compared with NULL only
 *
 * Any context.
 */
bool eg_cache_lookup(const struct inode *inode, struct eg_cached *out,
		     bool hold);
void eg_cached_put(const struct eg_cached *cached);

/**
 * eg_cache_in_use() - is there a current verdict that says yes, with nothing to add?
 *
 * One for any of @classes, whose uses nobody is told of and that no path binds; and
 * eg_cache_hold() was said of it. With writers excluded this says as much as both.
 *
 * Any context.
 */
bool eg_cache_in_use(const struct inode *inode, u16 classes);

/**
 * eg_cache_content() - which content was it that was judged good for @classes?
 *
 * Return: a number that no other content of a file has: a verdict that follows without
 * a writer in between keeps it. 0 if no verdict of now stands. Any context.
 */
u64 eg_cache_content(const struct inode *inode, u16 classes);

/* Has nobody come to write to it since? Whatever the verdict on it would be now. */
bool eg_cache_content_stands(const struct inode *inode, u64 content);

/*
 * The classes in the verdict of a file that somebody runs, whatever has become
 * of the trust in it since: programs that run already go on as they are.
 *
 * Any context, interrupts off and tasklist_lock held too. Return: 0 if nothing
 * is known.
 */
u16 eg_cache_running_classes(const struct inode *inode);

/* One judgement under way. Members are cache.c's. */
struct eg_watch {
	struct hlist_node node;
	struct inode *inode;
	bool written;
};

/**
 * eg_cache_watch() - from here on, note whoever gets the file to write to it
 *
 * The judge keeps nobody from the file. It watches first, then looks whether
 * there is a writer, then reads: a writer that it did not see has seen the
 * watch (eg_cache_writer()).
 */
void eg_cache_watch(struct eg_watch *watch, struct inode *inode);

/**
 * eg_cache_insert() - keep a verdict, unless a writer came since eg_cache_watch()
 * @verdict: copied, with references of its own to its origin and paths
 * @epoch: eg_policy_epoch() from before the judgement began
 *
 * Return: 0; -ESTALE: somebody wrote; -ENOMEM; -ENODEV: the hooks are off.
 */
int eg_cache_insert(struct eg_watch *watch, const struct eg_cached *verdict,
		    u64 epoch);

/* To @watch it is as if a writer came / has one come since eg_cache_watch()? */
void eg_cache_writer_seen(struct eg_watch *watch);
bool eg_cache_writer_came(const struct eg_watch *watch);

/* The judgement is over. Return: true if somebody may have written meanwhile. */
bool eg_cache_unwatch(struct eg_watch *watch);

/**
 * eg_cache_hold() - with writers excluded: is the verdict still there?
 *
 * From then on the file counts as in use while it is mapped executable.
 * Any context. Return: false if a writer has been there since the judgement.
 */
bool eg_cache_hold(const struct inode *inode);

enum eg_cache_writer {
	EG_CACHE_WRITER_FREE,  /* no verdict stands, or it was dropped */
	EG_CACHE_WRITER_IN_USE /* verified and mapped executable */
};

/**
 * eg_cache_writer() - somebody who has write access wants to change the content
 * @keep: keep the verdict when the inode is in use: the writer will be refused
 *
 * Any context that may take a spin lock.
 */
enum eg_cache_writer eg_cache_writer(const struct inode *inode, bool keep);

/* The content turned out bad, or the inode is about to be freed. */
void eg_cache_forget(const struct inode *inode);

/* In memory: built in, also those of before it was off, until somebody meets them. */
u64 eg_cache_entries(void);

#endif /* EG_CACHE_H */
