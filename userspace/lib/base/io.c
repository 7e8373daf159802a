// SPDX-License-Identifier: GPL-2.0
#include "lib/base/io.h"

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

bool execgate_io_read_line(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	bool found;

	if (!file)
		return false;
	found = fgets(out, (int)size, file);
	fclose(file);
	if (found)
		out[strcspn(out, "\n")] = '\0';
	return found;
}

bool execgate_io_is_ours_alone(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISREG(st.st_mode) &&
	       st.st_uid == geteuid() && !(st.st_mode & 022);
}

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

static int fill_buffer(int fd, mode_t mode, const void *data, size_t size)
{
	int ret = execgate_io_write(fd, data, size);

	if (!ret && (fchmod(fd, mode) < 0 || fsync(fd) < 0))
		ret = -errno;
	return ret;
}

/*
 * Root may have named /dev/null, or /dev/stdout, for a file that is kept: a rename would
 * take it from everybody. State of ours that was damaged to a FIFO, or to a link to
 * nothing, makes room for a good file.
 */
static bool may_be_replaced(const char *path)
{
	static const char process[] = "/proc/";
	char start[sizeof(process) - 1];
	struct stat st;

	if (lstat(path, &st) < 0)
		return true;
	if (!S_ISLNK(st.st_mode))
		return !S_ISCHR(st.st_mode) && !S_ISBLK(st.st_mode);
	if (readlink(path, start, sizeof(start)) == sizeof(start) &&
	    !memcmp(start, process, sizeof(start)))
		return false;
	return stat(path, &st) < 0 || S_ISREG(st.st_mode);
}

int execgate_io_create_file(const char *path, mode_t mode, bool replace,
			    const void *data, size_t size,
			    struct execgate_error *err)
{
	char temp[PATH_MAX];
	uint64_t random;
	int fd, ret;

	if (replace && !may_be_replaced(path))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "cannot write %s: it is not a "
					  "regular file",
					  path);
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
	ret = fill_buffer(fd, mode, data, size);
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

static bool is_same_file(int fd, const struct stat *st)
{
	struct stat other;

	return !fstat(fd, &other) && other.st_dev == st->st_dev &&
	       other.st_ino == st->st_ino;
}

/* @found is of O_PATH: opened anew it is the very file that was looked at. */
static int write_through(int found, const void *data, size_t size)
{
	char link[32];
	int fd, ret;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", found);
	fd = open(link, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return -errno;
	ret = execgate_io_write(fd, data, size);
	/* On a disk an error may come with the last write back. */
	if (close(fd) < 0 && !ret)
		ret = -errno;
	return ret;
}

/* The file behind symbolic links, for a rename beside it. */
static int true_name(int found, char out[PATH_MAX])
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", found);
	n = readlink(link, out, PATH_MAX - 1);
	if (n < 0)
		return -errno;
	out[n] = '\0';
	return 0;
}

static int write_found(int found, const char *path, const void *data,
		       size_t size, bool *to_stdout, struct execgate_error *err)
{
	char target[PATH_MAX];
	struct stat st;
	int ret = fstat(found, &st) < 0 ? -errno : 0;

	/* A terminal, or /dev/null, may have both. */
	*to_stdout = !ret && !S_ISCHR(st.st_mode) &&
		     is_same_file(STDOUT_FILENO, &st);
	if (*to_stdout)
		ret = execgate_io_write(STDOUT_FILENO, data, size);
	else if (!ret && S_ISDIR(st.st_mode))
		ret = -EISDIR;
	else if (!ret && !S_ISREG(st.st_mode))
		ret = write_through(found, data, size);
	else if (!ret)
		ret = true_name(found, target);
	if (ret)
		return execgate_error_errno(err, ret, "cannot write %s", path);
	if (*to_stdout || !S_ISREG(st.st_mode))
		return 0;
	return execgate_io_create_file(target, 0644, true, data, size, err);
}

int execgate_io_write_output(const char *path, const void *data, size_t size,
			     bool *to_stdout, struct execgate_error *err)
{
	int ret, found = open(path, O_PATH | O_CLOEXEC);
	struct stat st;

	*to_stdout = false;
	if (found < 0 && errno == ENOENT && lstat(path, &st) < 0)
		return execgate_io_create_file(path, 0644, true, data, size,
					       err);
	if (found < 0)
		return execgate_error_errno(err, -errno, "cannot write %s",
					    path);
	ret = write_found(found, path, data, size, to_stdout, err);
	close(found);
	return ret;
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
