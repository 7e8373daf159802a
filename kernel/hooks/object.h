/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel itself loads, judged as bytes in memory: no file system, writer
 * or cache has a part in it, because whoever acts on the answer compares these
 * bytes with those that are loaded.
 */
#ifndef EG_OBJECT_H
#define EG_OBJECT_H

#include <linux/fs.h>

#include "core/verdict.h"

/* No module, kernel image, initramfs or firmware that is judged is larger. */
#define EG_OBJECT_MAX (256 * 1024 * 1024)

/**
 * eg_object_judge() - read a file and judge what was read
 * @classes: any of these in the manifest will do
 * @digest: SHA-256 of all that was read; set when @verdict is ALLOWED
 * @verdict: filled
 *
 * Sleeps. Return: the size that was read and that @digest is of, or 0.
 */
u64 eg_object_judge(struct file *file, u16 classes, u8 digest[EG_SHA256_SIZE],
		    struct eg_verdict *verdict);

/* Are these the bytes that were judged? Does not sleep. */
bool eg_object_is(const u8 digest[EG_SHA256_SIZE], const void *data, u64 size);

#endif /* EG_OBJECT_H */
