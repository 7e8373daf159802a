// SPDX-License-Identifier: GPL-2.0
#include "hooks/object.h"

#include <linux/mm.h>

#include "carriers/carrier.h"
#include "core/digest.h"
#include "trust/paths.h"
#include "trust/verify.h"

/* All memory is charged to who loads, and gone when this returns. */
static enum execgate_reason judge_bytes(const u8 *data, u64 size, u16 classes,
					struct eg_verdict *verdict)
{
	struct eg_evidence ev = {
		.classes = classes,
		.settled = true, /* the buffer is nobody else's */
	};

	eg_reader_of_memory(&ev.reader, data, size);
	eg_carrier_judge(&ev, verdict);
	eg_carrier_forget(&ev, verdict);
	if (verdict->reason == EXECGATE_REASON_ALLOWED &&
	    !(verdict->classes & classes))
		return EXECGATE_REASON_WRONG_CLASS;
	return verdict->reason;
}

static int judge_file(struct file *file, u64 size, u16 classes,
		      u8 digest[EG_SHA256_SIZE], struct eg_verdict *verdict)
{
	struct eg_reader whole;
	u8 *data;
	int err;

	data = kvmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL |
				      __GFP_NOWARN);
	if (!data)
		return -ENOMEM;
	/* By the descriptor that kernel_read_file() is about to read it by. */
	err = eg_digest_read(file, 0, data, size);
	if (!err) {
		verdict->reason = judge_bytes(data, size, classes, verdict);
		eg_paths_apply(file, verdict);
		eg_reader_of_memory(&whole, data, size);
		if (verdict->reason == EXECGATE_REASON_ALLOWED)
			err = eg_reader_hash(&whole, size, digest);
	}
	kvfree(data);
	return err;
}

u64 eg_object_judge(struct file *file, u16 classes, u8 digest[EG_SHA256_SIZE],
		    struct eg_verdict *verdict)
{
	loff_t size = i_size_read(file_inode(file));
	int err;

	memset(verdict, 0, sizeof(*verdict));
	verdict->reason = EXECGATE_REASON_UNSIGNED;
	if (!S_ISREG(file_inode(file)->i_mode)) {
		verdict->reason = EXECGATE_REASON_NOT_REGULAR;
		return 0;
	}
	if (!(file->f_mode & FMODE_READ)) {
		verdict->reason = EXECGATE_REASON_IO_ERROR;
		return 0;
	}
	if (size <= 0)
		return 0;
	if (size > EG_OBJECT_MAX) {
		verdict->reason = EXECGATE_REASON_TOO_LARGE;
		return 0;
	}
	err = judge_file(file, size, classes, digest, verdict);
	if (err)
		verdict->reason = eg_verify_reason_of_errno(err);
	return err ? 0 : size;
}

bool eg_object_is(const u8 digest[EG_SHA256_SIZE], const void *data, u64 size)
{
	u8 now[EG_SHA256_SIZE];

	return !eg_digest_bytes(data, size, now) &&
	       !memcmp(now, digest, sizeof(now));
}
