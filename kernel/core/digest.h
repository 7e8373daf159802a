/* SPDX-License-Identifier: GPL-2.0 */
/* SHA-256, and reading files that are not judged themselves: catalogs, policies. */
#ifndef EG_DIGEST_H
#define EG_DIGEST_H

#include <linux/fs.h>

#include "format/format.h"

/* Hashed at once: preemption is off meanwhile, where the FPU is used for it. */
#define EG_DIGEST_STEP (16 * 1024)

struct crypto_shash;

/* Allocated once, so that no hook ever loads a crypto module. */
extern struct crypto_shash *eg_digest_sha256;

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

/*
 * SHA-256 of bytes in memory. Nothing in it sleeps, and between small pieces it can
 * be preempted.
 */
int eg_digest_bytes(const void *data, size_t size, u8 digest[EG_SHA256_SIZE]);

#endif /* EG_DIGEST_H */
