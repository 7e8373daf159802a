/* SPDX-License-Identifier: GPL-2.0 */
/* Reading and hashing a file's content: streaming, constant memory, killable. */
#ifndef EG_DIGEST_H
#define EG_DIGEST_H

#include <linux/fs.h>

#include "format/format.h"

#define EG_DIGEST_CHUNK (64 * 1024)

struct crypto_shash;
extern struct crypto_shash *eg_digest_sha256;

/* The digest is allocated once, so that no hook ever loads a crypto module. */
int eg_digest_init(void);
void eg_digest_exit(void);

/**
 * eg_digest_open() - a file to read @file's page cache through
 *
 * @file itself where that works; a new one, without O_DIRECT, where @file would
 * read from the disk while a mapping of it shows the page cache.
 *
 * Return: a reference, or ERR_PTR().
 */
struct file *eg_digest_open(struct file *file);

/* Read exactly @size bytes. Return: 0, -EINTR (killed), -EIO (short), -errno. */
int eg_digest_read(struct file *file, u64 offset, void *buffer, size_t size);

/**
 * eg_digest_file() - SHA-256 of the first @size bytes
 * @chunk: EG_DIGEST_CHUNK bytes of scratch memory
 */
int eg_digest_file(struct file *file, u64 size, u8 *chunk,
		   u8 digest[EG_SHA256_SIZE]);

/*
 * SHA-256 of bytes in memory. Nothing in it sleeps; between pieces of
 * EG_DIGEST_CHUNK it can be preempted.
 */
int eg_digest_bytes(const void *data, size_t size, u8 digest[EG_SHA256_SIZE]);

#endif /* EG_DIGEST_H */
