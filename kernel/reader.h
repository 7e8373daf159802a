/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bytes under judgement: a file's, or a buffer that the kernel is about to
 * use.
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
	struct file *file;   /* to read the inode through */
};

void eg_reader_of_memory(struct eg_reader *reader, const void *memory,
			 u64 size);

/**
 * eg_reader_copy() - exactly @size bytes
 * Return: 0; -EINTR (killed); -EIO (short, or unreadable); -ENOMEM.
 */
int eg_reader_copy(struct eg_reader *reader, u64 offset, void *buffer,
		   size_t size);

/**
 * eg_reader_hash() - SHA-256 of the first @size bytes, killable
 * Return: as eg_reader_copy().
 */
int eg_reader_hash(struct eg_reader *reader, u64 size,
		   u8 digest[EG_SHA256_SIZE]);

#endif /* EG_READER_H */
