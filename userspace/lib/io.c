// SPDX-License-Identifier: GPL-2.0
#include "io.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

int execgate_io_pread(int fd, void *data, size_t size, uint64_t offset)
{
	uint8_t *to = data;
	ssize_t n;

	while (size) {
		n = pread(fd, to, size, (off_t)offset);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
		to += n;
		offset += n;
		size -= n;
	}
	return 0;
}

int execgate_io_write(int fd, const void *data, size_t size)
{
	const uint8_t *from = data;
	ssize_t n;

	while (size) {
		n = write(fd, from, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		from += n;
		size -= n;
	}
	return 0;
}

static int read_opened(int fd, const char *path, size_t max, uint8_t **data,
		       size_t *size, struct execgate_error *err)
{
	struct stat st;
	int ret;

	if (fstat(fd, &st) < 0)
		return execgate_error_errno(err, -errno, "cannot read %s",
					    path);
	if (!S_ISREG(st.st_mode))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "%s is not a regular file", path);
	if ((uint64_t)st.st_size > max)
		return execgate_error_set(
			err, -EFBIG, EXECGATE_EXIT_ERROR,
			"%s is larger than the %zu bytes that are accepted here",
			path, max);
	*size = st.st_size;
	*data = malloc(*size + 1);
	if (!*data)
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	ret = execgate_io_pread(fd, *data, *size, 0);
	if (ret) {
		free(*data);
		return execgate_error_errno(err, ret, "cannot read %s", path);
	}
	(*data)[*size] = '\0';
	return 0;
}

int execgate_io_read_file(const char *path, size_t max, uint8_t **data,
			  size_t *size, struct execgate_error *err)
{
	/* O_NONBLOCK: opening a FIFO by mistake must not hang. */
	int ret, fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = read_opened(fd, path, max, data, size, err);
	close(fd);
	return ret;
}

static int sync_folder_of(const char *path)
{
	char copy[PATH_MAX];
	int fd, ret = 0;

	snprintf(copy, sizeof(copy), "%s", path);
	fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fsync(fd) < 0 && errno != EINVAL)
		ret = -errno;
	close(fd);
	return ret;
}

static int fill(int fd, mode_t mode, const void *data, size_t size)
{
	int ret = execgate_io_write(fd, data, size);

	if (!ret && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		ret = -errno;
	return ret;
}

int execgate_io_create_file(const char *path, mode_t mode, bool replace,
			    const void *data, size_t size,
			    struct execgate_error *err)
{
	char temp[PATH_MAX];
	uint64_t random;
	int fd, ret;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		random = (uint64_t)getpid();
	if (snprintf(temp, sizeof(temp), "%s.%016llx~", path,
		     (unsigned long long)random) >= (int)sizeof(temp))
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot write %s", path);
	/* 0600 from the first moment: it may be a private key. */
	fd = open(temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot write %s",
					    path);
	ret = fill(fd, mode, data, size);
	close(fd);
	if (!ret && replace && rename(temp, path) < 0)
		ret = -errno;
	/* link() is the rename that never overwrites, on every file system. */
	if (!ret && !replace && link(temp, path) < 0)
		ret = -errno;
	if (ret || !replace)
		unlink(temp);
	if (!ret)
		ret = sync_folder_of(path);
	if (ret)
		return execgate_error_errno(err, ret, "cannot write %s", path);
	return 0;
}

int execgate_io_lock_folder(const char *path, struct execgate_error *err)
{
	char copy[PATH_MAX], *folder;
	int fd, ret;

	snprintf(copy, sizeof(copy), "%s", path);
	folder = dirname(copy);
	if (mkdir(folder, 0755) < 0 && errno != EEXIST)
		return execgate_error_errno(err, -errno,
					    "cannot make the folder %s",
					    folder);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX) < 0) {
		ret = -errno;
		if (fd >= 0)
			close(fd);
		return execgate_error_errno(err, ret, "cannot lock %s", folder);
	}
	return fd;
}
