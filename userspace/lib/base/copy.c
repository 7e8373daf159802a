// SPDX-License-Identifier: GPL-2.0
#include "lib/base/copy.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/base/io.h"

/* Small enough that a signal is noticed soon. */
#define COPY_STEP (16u << 20)
#define BUFFER_SIZE (128 * 1024)

/* For file systems without copy_file_range between these two files. */
static int copy_by_hand(int from, int to, uint64_t at, uint64_t end,
			const volatile sig_atomic_t *cancel)
{
	uint8_t *buffer = malloc(BUFFER_SIZE);
	size_t n;
	int ret = buffer ? 0 : -ENOMEM;

	if (!ret && lseek(to, (off_t)at, SEEK_SET) < 0)
		ret = -errno;
	for (; !ret && at < end; at += n) {
		n = end - at < BUFFER_SIZE ? end - at : BUFFER_SIZE;
		ret = cancel && *cancel ?
			      -EINTR :
			      execgate_io_pread(from, buffer, n, at);
		if (!ret)
			ret = execgate_io_write(to, buffer, n);
	}
	free(buffer);
	return ret;
}

static int copy_segment(int from, int to, uint64_t at, uint64_t end,
			const volatile sig_atomic_t *cancel)
{
	off_t in = (off_t)at, out = (off_t)at;
	uint64_t left;
	ssize_t n;

	while ((uint64_t)in < end) {
		if (cancel && *cancel)
			return -EINTR;
		left = end - (uint64_t)in;
		n = copy_file_range(from, &in, to, &out,
				    left < COPY_STEP ? left : COPY_STEP, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == ENOSPC || errno == EDQUOT ||
			      errno == EFBIG || errno == EIO))
			return -errno;
		if (n <= 0)
			return copy_by_hand(from, to, (uint64_t)in, end,
					    cancel);
	}
	return 0;
}

int execgate_copy_bytes(int from, int to, uint64_t size,
			const volatile sig_atomic_t *cancel)
{
	off_t data, hole = 0;
	int ret = 0;

	if (ioctl(to, FICLONE, from) == 0)
		return ftruncate(to, (off_t)size) < 0 ? -errno : 0;
	if (ftruncate(to, (off_t)size) < 0)
		return -errno;
	while (!ret && (uint64_t)hole < size) {
		data = lseek(from, hole, SEEK_DATA);
		if (data < 0 && errno == ENXIO)
			break;
		if (data < 0) {
			data = hole;
			hole = (off_t)size;
		} else {
			hole = lseek(from, data, SEEK_HOLE);
		}
		if (hole < 0 || (uint64_t)hole > size)
			hole = (off_t)size;
		if (data < hole)
			ret = copy_segment(from, to, (uint64_t)data,
					   (uint64_t)hole, cancel);
	}
	return ret;
}

/*
 * security.ima and security.evm are statements about the old bytes and the old
 * inode: on the new file they would be false.
 */
static bool belongs_to_old_bytes(const char *name)
{
	return strcmp(name, "security.ima") == 0 ||
	       strcmp(name, "security.evm") == 0;
}

/* An allocated list of names, NUL after each; size in bytes or -errno. */
static ssize_t list_names(int fd, char **out)
{
	char *names = malloc(XATTR_LIST_MAX);
	ssize_t size = names ? flistxattr(fd, names, XATTR_LIST_MAX) : -1;

	*out = names;
	if (size < 0 && (errno == ENOTSUP || errno == ENOSYS))
		return 0;
	return size < 0 ? -errno : size;
}

static int copy_xattr(int from, int to, const char *name, char *values)
{
	char *old = values + XATTR_SIZE_MAX;
	ssize_t size, old_size;

	size = fgetxattr(from, name, values, XATTR_SIZE_MAX);
	if (size < 0)
		return errno == ENODATA ? 0 : -errno;
	/* A label that the new file was born with need not be set again. */
	old_size = fgetxattr(to, name, old, XATTR_SIZE_MAX);
	if (old_size == size && memcmp(old, values, size) == 0)
		return 0;
	return fsetxattr(to, name, values, size, 0) < 0 ? -errno : 0;
}

/* A default ACL of the folder gives the copy an entry the old file lacks. */
static int drop_inherited(int from, int to)
{
	static const char acl[] = "system.posix_acl_access";

	if (fgetxattr(from, acl, NULL, 0) >= 0 ||
	    fgetxattr(to, acl, NULL, 0) < 0)
		return 0;
	return fremovexattr(to, acl) < 0 ? -errno : 0;
}

static int copy_xattrs(const struct execgate_copy *c,
		       struct execgate_error *err)
{
	char *names, *name, *values = malloc(2 * XATTR_SIZE_MAX);
	ssize_t size = list_names(c->from, &names);
	int ret = 0;

	if (size < 0 || !values) {
		ret = execgate_error_errno(
			err, values ? (int)size : -ENOMEM,
			"cannot read the extended attributes of %s", c->path);
		size = 0;
	}
	for (name = names; !ret && name < names + size;
	     name += strlen(name) + 1) {
		if (belongs_to_old_bytes(name))
			continue;
		ret = copy_xattr(c->from, c->to, name, values);
		if (ret)
			execgate_error_errno(
				err, ret,
				"cannot keep the extended attribute %s of %s "
				"(run as root)",
				name, c->path);
	}
	free(values);
	free(names);
	if (ret)
		return ret;
	ret = drop_inherited(c->from, c->to);
	return ret ? execgate_error_errno(err, ret,
					  "cannot keep the access list of %s",
					  c->path) :
		     0;
}

static int copy_owner(const struct execgate_copy *c, struct execgate_error *err)
{
	struct stat st;

	if (fstat(c->to, &st) < 0)
		return execgate_error_errno(err, -errno, "cannot replace %s",
					    c->path);
	if (st.st_uid == c->st->st_uid && st.st_gid == c->st->st_gid)
		return 0;
	if (fchown(c->to, c->st->st_uid, c->st->st_gid) < 0)
		return execgate_error_errno(
			err, -errno,
			"cannot keep the owner of %s (run as root or as its "
			"owner)",
			c->path);
	return 0;
}

/* The kernel drops set-id bits silently when the caller may not set them. */
static int copy_mode(const struct execgate_copy *c, struct execgate_error *err)
{
	struct stat st;

	if (fchmod(c->to, c->st->st_mode & 07777) < 0 || fstat(c->to, &st) < 0)
		return execgate_error_errno(err, -errno,
					    "cannot keep the mode of %s",
					    c->path);
	if (st.st_mode != c->st->st_mode)
		return execgate_error_set(
			err, -EPERM, EXECGATE_EXIT_NO_PRIVILEGE,
			"cannot keep the mode %04o of %s; run as root",
			c->st->st_mode & 07777, c->path);
	return 0;
}

int execgate_copy_attributes(const struct execgate_copy *c,
			     struct execgate_error *err)
{
	struct timespec times[2] = { c->st->st_atim, c->st->st_mtim };
	int ret;

	/* Owner first: changing it drops set-id bits and capabilities. */
	ret = copy_owner(c, err);
	if (!ret)
		ret = copy_xattrs(c, err);
	if (!ret)
		ret = copy_mode(c, err);
	if (ret)
		return ret;
	if (c->keep_times && futimens(c->to, times) < 0)
		return execgate_error_errno(err, -errno,
					    "cannot keep the times of %s",
					    c->path);
	return 0;
}
