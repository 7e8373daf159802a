// SPDX-License-Identifier: GPL-2.0
#include "core/digest.h"

#include <crypto/hash.h>
#include <linux/cred.h>
#include <linux/sched/signal.h>

struct crypto_shash *eg_digest_sha256;

int eg_digest_init(void)
{
	eg_digest_sha256 = crypto_alloc_shash("sha256", 0, 0);
	return PTR_ERR_OR_ZERO(eg_digest_sha256);
}

void eg_digest_exit(void)
{
	crypto_free_shash(eg_digest_sha256);
}

struct file *eg_digest_open(struct file *file)
{
	if (!(file->f_mode & FMODE_READ))
		return ERR_PTR(-EBADF);
	if (!(file->f_flags & O_DIRECT))
		return get_file(file);
	return dentry_open(&file->f_path, O_RDONLY | O_LARGEFILE,
			   current_cred());
}

int eg_digest_read(struct file *file, u64 offset, void *buffer, size_t size)
{
	loff_t pos = offset;

	while (size) {
		ssize_t n = kernel_read(file, buffer, size, &pos);

		if (fatal_signal_pending(current))
			return -EINTR;
		if (n == -EINTR || n == -EAGAIN)
			continue;
		if (n <= 0)
			return n ? n : -EIO;
		buffer += n;
		size -= n;
	}
	return 0;
}

int eg_digest_bytes(const void *data, size_t size, u8 digest[EG_SHA256_SIZE])
{
	SHASH_DESC_ON_STACK(desc, eg_digest_sha256);
	int err;

	desc->tfm = eg_digest_sha256;
	err = crypto_shash_init(desc);
	while (!err && size) {
		size_t step = min_t(size_t, EG_DIGEST_STEP, size);

		err = crypto_shash_update(desc, data, step);
		data += step;
		size -= step;
	}
	if (!err)
		err = crypto_shash_final(desc, digest);
	shash_desc_zero(desc);
	return err;
}
