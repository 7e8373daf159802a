// SPDX-License-Identifier: GPL-2.0
#include "reader.h"

#include <crypto/hash.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>

#include "counter.h"
#include "digest.h"

/* At once: a digest's step runs with preemption off where it uses the FPU. */
#define STEP_MAX (16 * 1024)

void eg_reader_of_memory(struct eg_reader *reader, const void *memory, u64 size)
{
	*reader = (struct eg_reader){ .memory = memory, .size = size };
}

int eg_reader_copy(struct eg_reader *reader, u64 offset, void *buffer,
		   size_t size)
{
	if (reader->inode)
		return eg_digest_read(reader->file, offset, buffer, size);
	if (offset > reader->size || size > reader->size - offset)
		return -EIO;
	memcpy(buffer, reader->memory + offset, size);
	return 0;
}

static int hash_memory(struct eg_reader *reader, u64 size,
		       u8 digest[EG_SHA256_SIZE])
{
	SHASH_DESC_ON_STACK(desc, eg_digest_sha256);
	u64 done = 0;
	int err;

	desc->tfm = eg_digest_sha256;
	err = size > reader->size ? -EIO : crypto_shash_init(desc);
	while (!err && done < size) {
		size_t step = min_t(u64, size - done, STEP_MAX);

		err = crypto_shash_update(desc, reader->memory + done, step);
		done += step;
		cond_resched();
		if (fatal_signal_pending(current))
			err = -EINTR;
	}
	if (!err)
		err = crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	eg_counter_add(bytes_hashed, done);
	return err;
}

int eg_reader_hash(struct eg_reader *reader, u64 size,
		   u8 digest[EG_SHA256_SIZE])
{
	u8 *chunk;
	int err;

	if (!reader->inode)
		return hash_memory(reader, size, digest);
	chunk = kvmalloc(EG_DIGEST_CHUNK, GFP_KERNEL);
	if (!chunk)
		return -ENOMEM;
	err = eg_digest_file(reader->file, size, chunk, digest);
	kvfree(chunk);
	return err;
}
