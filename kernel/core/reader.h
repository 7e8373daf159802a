/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes under judgement: pages of an inode's page cache, read where they
 * lie, or a buffer that the kernel is about to use. They are the very bytes that
 * a mapping shows or the kernel loads: no descriptor stands in between, with its
 * flags (O_DIRECT) or its file system's idea of what a read returns.
 */
#ifndef EG_READER_H
#define EG_READER_H

#include <linux/fs.h>
#include <linux/types.h>

#include "format/format.h"

struct eg_reader {
	struct inode *inode; /* the real one, borrowed; NULL: memory */
	const u8 *memory;    /* the bytes, when there is no inode */
	u64 size;	     /* of all, in bytes */
	bool on_disk; /* a page dropped from the cache can be read again */
	struct file_ra_state ahead; /* reader.c's */
};

void eg_reader_of_inode(struct eg_reader *reader, struct inode *inode,
			bool on_disk);
void eg_reader_of_memory(struct eg_reader *reader, const void *memory,
			 u64 size);

/**
 * eg_reader_copy() - exactly @size bytes
 * Return: 0; -EINTR (killed); -EIO (short, or unreadable); -ENOMEM.
 */
int eg_reader_copy(struct eg_reader *reader, u64 offset, void *buffer,
		   size_t size);

/**
 * eg_reader_compare() - are these the same @size bytes?
 * Return: as eg_reader_copy(); -EBUSY: they are not.
 */
int eg_reader_compare(struct eg_reader *reader, u64 offset, const void *buffer,
		      size_t size);

/**
 * eg_reader_hash() - SHA-256 of the first @size bytes, killable
 * Return: as eg_reader_copy().
 */
int eg_reader_hash(struct eg_reader *reader, u64 size,
		   u8 digest[EG_SHA256_SIZE]);

/**
 * eg_reader_renew() - leave no page in the cache that somebody else could write to
 * @reader: of an inode
 *
 * Direct I/O under way or a registered io_uring buffer over what was a shared
 * writable mapping goes on writing to the page cache after munmap() and
 * close(), with no writer in sight. The sign of it is a reference to the page
 * that is not the page cache's; but any reader of the file can have one too. So
 * such pages are dropped from the cache and read anew: who has the old one keeps
 * an orphan. Only a writer can get hold of a page for writing, so without writers
 * since before this call it stays true.
 *
 * Where pages cannot be dropped (tmpfs) and the file was ever mapped to be
 * written to, nobody can tell, and the answer is no.
 *
 * Return: 0; -EBUSY; -EINTR (killed).
 */
int eg_reader_renew(struct eg_reader *reader);

#endif /* EG_READER_H */
