// SPDX-License-Identifier: GPL-2.0
/*
 * A file is a row of denials, each a little-endian u32 with the size of what follows:
 * the fields of the journal's entry, "NAME=value" and a zero byte. A denial is written
 * at once, and a reader who comes in between finds the last one cut and leaves it out.
 */
#include "lib/events/own.h"

#include <dirent.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/events/record.h"

#define LOG "log"
#define LOG_OLD "log.old"
#define PREFIX "EXECGATE_"

static int admit_user(const char *path, uint32_t uid)
{
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[5];
	} list = {
		.header.a_version = htole32(POSIX_ACL_XATTR_VERSION),
		.entries = {
			{ htole16(ACL_USER_OBJ), htole16(7), htole32(ACL_UNDEFINED_ID) },
			{ htole16(ACL_USER), htole16(5), htole32(uid) },
			{ htole16(ACL_GROUP_OBJ), htole16(0), htole32(ACL_UNDEFINED_ID) },
			{ htole16(ACL_MASK), htole16(5), htole32(ACL_UNDEFINED_ID) },
			{ htole16(ACL_OTHER), htole16(0), htole32(ACL_UNDEFINED_ID) },
		},
	};

	return setxattr(path, "system.posix_acl_access", &list, sizeof(list),
			0) ?
		       -errno :
		       0;
}

static bool is_logged_in(const char *logins, const char *uid)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/%s", logins, uid) <
		       (int)sizeof(path) &&
	       !access(path, F_OK);
}

static void remove_user(const char *dir, const char *uid)
{
	static const char *const names[] = { "/" LOG, "/" LOG_OLD, "" };
	char path[PATH_MAX];

	for (size_t i = 0; i < 3; i++)
		if (snprintf(path, sizeof(path), "%s/%s%s", dir, uid,
			     names[i]) < (int)sizeof(path))
			remove(path);
}

/* A user who has logged out makes room. Return: how many folders stay. */
static int count_users(const char *dir, const char *logins)
{
	struct dirent *entry;
	DIR *stream = opendir(dir);
	int count = 0;

	if (!stream)
		return -errno;
	while ((entry = readdir(stream))) {
		if (entry->d_name[0] == '.')
			continue;
		if (is_logged_in(logins, entry->d_name))
			count++;
		else
			remove_user(dir, entry->d_name);
	}
	closedir(stream);
	return count;
}

/* The list is in place before there is anything to be read. */
static int make_folder(const char *dir, const char *logins, const char *path,
		       uint32_t uid)
{
	int ret;

	if (!access(path, F_OK))
		return 0;
	if (mkdir(dir, 0755) && errno != EEXIST)
		return -errno;
	/* Whatever the umask is: each user must get through to the own folder. */
	if (chmod(dir, 0711))
		return -errno;
	ret = count_users(dir, logins);
	if (ret < 0)
		return ret;
	if (ret >= EXECGATE_OWN_USERS_MAX)
		return -EDQUOT;
	if (mkdir(path, 0700))
		return -errno;
	ret = admit_user(path, uid);
	if (ret)
		rmdir(path);
	return ret;
}

static size_t pack_record(const struct execgate_event *event, uint64_t count,
			  bool repeated, uint8_t *out)
{
	/* Too large for the stack, and the daemon has one thread. */
	static struct execgate_record record;
	size_t used = sizeof(uint32_t);
	uint32_t size;

	execgate_record_event(&record, event, count, repeated);
	for (size_t i = 0; i < record.count; i++) {
		const struct iovec *field = &record.fields[i];

		if (field->iov_len < sizeof(PREFIX) ||
		    memcmp(field->iov_base, PREFIX, sizeof(PREFIX) - 1) != 0)
			continue;
		memcpy(out + used, field->iov_base, field->iov_len);
		used += field->iov_len;
		out[used++] = '\0';
	}
	size = htole32((uint32_t)(used - sizeof(size)));
	memcpy(out, &size, sizeof(size));
	return used;
}

static int append_record(int folder, const uint8_t *bytes, size_t size)
{
	struct stat st;
	int ret, fd;

	if (!fstatat(folder, LOG, &st, AT_SYMLINK_NOFOLLOW) &&
	    (uint64_t)st.st_size + size > EXECGATE_OWN_SIZE_MAX &&
	    renameat(folder, LOG, folder, LOG_OLD))
		return -errno;
	fd = openat(folder, LOG,
		    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0644);
	if (fd < 0)
		return -errno;
	/* The folder keeps others out. */
	if (fchmod(fd, 0644) || fstat(fd, &st))
		ret = -errno;
	else
		ret = execgate_io_write(fd, bytes, size);
	/* Half of one would make all that follow unreadable. */
	if (ret && ftruncate(fd, st.st_size))
		unlinkat(folder, LOG, 0);
	close(fd);
	return ret;
}

int execgate_own_keep(const char *dir, const char *logins,
		      const struct execgate_event *event, uint64_t count,
		      bool repeated, struct execgate_error *err)
{
	static uint8_t bytes[EXECGATE_RECORD_SIZE + EXECGATE_RECORD_FIELDS + 4];
	char path[PATH_MAX], uid[16];
	int ret, folder;

	snprintf(uid, sizeof(uid), "%u", event->uid);
	if (!is_logged_in(logins, uid))
		return -ENOENT;
	if (snprintf(path, sizeof(path), "%s/%s", dir, uid) >=
	    (int)sizeof(path))
		return execgate_error_errno(err, -ENAMETOOLONG, "%s", dir);
	ret = make_folder(dir, logins, path, event->uid);
	if (ret)
		return execgate_error_errno(err, ret, "cannot make %s", path);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (folder < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = append_record(folder, bytes,
			    pack_record(event, count, repeated, bytes));
	close(folder);
	return ret ? execgate_error_errno(err, ret, "cannot write to %s",
					  path) :
		     0;
}

static void visit_record(const uint8_t *bytes, size_t size,
			 execgate_own_visit visit, void *arg)
{
	struct execgate_event event = { .sequence = 0 };
	bool repeated = false;
	uint64_t count = 1;
	size_t at, length;

	for (at = 0; at < size; at += length + 1) {
		length = strnlen((const char *)bytes + at, size - at);
		repeated |= length == sizeof("EXECGATE_REPEATED=1") - 1 &&
			    !memcmp(bytes + at, "EXECGATE_REPEATED=1", length);
		execgate_event_from_field(&event, &count, bytes + at, length);
	}
	visit(&event, count, repeated, arg);
}

/* Return: the end of the last denial that is there as a whole. */
static size_t visit_records(const uint8_t *data, size_t size,
			    execgate_own_visit visit, void *arg)
{
	uint32_t length;
	size_t at = 0;

	while (size - at >= sizeof(length)) {
		memcpy(&length, data + at, sizeof(length));
		length = le32toh(length);
		if (length > size - at - sizeof(length))
			break;
		at += sizeof(length);
		visit_record(data + at, length, visit, arg);
		at += length;
	}
	return at;
}

/* A descriptor, or -errno; -ENOENT: there is none. */
static int open_log(const char *dir, uint32_t uid, const char *name,
		    struct stat *st)
{
	char path[PATH_MAX];
	int fd, ret = 0;

	if (snprintf(path, sizeof(path), "%s/%u/%s", dir, uid, name) >=
	    (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (fstat(fd, st))
		ret = -errno;
	else if (!S_ISREG(st->st_mode))
		ret = -EINVAL;
	else if (st->st_size > (off_t)EXECGATE_OWN_SIZE_MAX)
		ret = -EFBIG;
	if (!ret)
		return fd;
	close(fd);
	return ret;
}

/* From @place on if it is in this log, else all of it. */
static int read_log(int fd, const struct stat *st,
		    struct execgate_own_place *place, execgate_own_visit visit,
		    void *arg)
{
	uint64_t size = (uint64_t)st->st_size, from = 0;
	uint8_t *data;
	int ret;

	/* One that has become shorter is another one of the same number. */
	if (place->inode == st->st_ino && place->offset <= size)
		from = place->offset;
	data = malloc(size - from + 1);
	if (!data)
		return -ENOMEM;
	ret = execgate_io_pread(fd, data, size - from, from);
	if (!ret) {
		place->inode = st->st_ino;
		place->offset =
			from + visit_records(data, size - from, visit, arg);
	}
	free(data);
	return ret;
}

/* A log that was seen already is not read again because there is an older one. */
static int read_both(int log, int before, struct execgate_own_place *place,
		     const struct stat st[2], execgate_own_visit visit,
		     void *arg)
{
	bool skip = log >= 0 && (st[1].st_ino == st[0].st_ino ||
				 place->inode == st[0].st_ino);
	int ret = 0;

	if (before >= 0 && !skip)
		ret = read_log(before, &st[1], place, visit, arg);
	if (log >= 0 && !ret)
		ret = read_log(log, &st[0], place, visit, arg);
	return ret;
}

/* Both are opened before either is read: one that is renamed in between is not missed. */
int execgate_own_read(const char *dir, uint32_t uid,
		      struct execgate_own_place *place,
		      execgate_own_visit visit, void *arg,
		      struct execgate_error *err)
{
	struct stat st[2];
	int ret, log, before;

	log = open_log(dir, uid, LOG, &st[0]);
	before = open_log(dir, uid, LOG_OLD, &st[1]);
	if (log < 0 && log != -ENOENT)
		ret = log;
	else if (before < 0 && before != -ENOENT)
		ret = before;
	else
		ret = read_both(log, before, place, st, visit, arg);
	if (before >= 0)
		close(before);
	if (log >= 0)
		close(log);
	return ret ? execgate_error_errno(err, ret, "cannot read %s/%u", dir,
					  uid) :
		     0;
}
