// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/verity.h"

#include <errno.h>
#include <linux/fsverity.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int execgate_verity_measure(int fd, const char *name,
			    uint8_t digest[EG_SHA256_SIZE],
			    struct execgate_error *err)
{
	uint8_t room[sizeof(struct fsverity_digest) + 64]
		__attribute__((aligned(8))) = { 0 };
	struct fsverity_digest *out = (struct fsverity_digest *)room;

	out->digest_size = 64;
	if (ioctl(fd, FS_IOC_MEASURE_VERITY, out) == 0) {
		if (out->digest_algorithm != FS_VERITY_HASH_ALG_SHA256 ||
		    out->digest_size != EG_SHA256_SIZE)
			return -ENODATA;
		memcpy(digest, out->digest, EG_SHA256_SIZE);
		return 0;
	}
	if (errno == ENODATA || errno == ENOTTY || errno == EOPNOTSUPP)
		return -ENODATA;
	return execgate_error_errno(err, -errno,
				    "cannot read the fs-verity digest of %s",
				    name);
}

int execgate_verity_enable(int fd, const char *name, struct execgate_error *err)
{
	struct fsverity_enable_arg arg = {
		.version = 1,
		.hash_algorithm = FS_VERITY_HASH_ALG_SHA256,
		.block_size = 4096,
	};

	if (ioctl(fd, FS_IOC_ENABLE_VERITY, &arg) == 0 || errno == EEXIST)
		return 0;
	if (errno == EOPNOTSUPP || errno == ENOTTY)
		return execgate_error_set(
			err, -EOPNOTSUPP, EXECGATE_EXIT_ERROR,
			"%s: its file system has no fs-verity; for ext4, "
			"\"tune2fs -O verity DEVICE\" turns it on",
			name);
	if (errno == ETXTBSY)
		return execgate_error_set(
			err, -ETXTBSY, EXECGATE_EXIT_ERROR,
			"%s is open for writing, so fs-verity cannot be turned "
			"on; close it first",
			name);
	return execgate_error_errno(err, -errno,
				    "cannot turn on fs-verity for %s", name);
}
