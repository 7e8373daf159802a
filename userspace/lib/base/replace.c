// SPDX-License-Identifier: GPL-2.0
#include "lib/base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "lib/base/copy.h"
#include "lib/base/io.h"

static int open_source(struct execgate_replace *r, const char *name,
		       struct execgate_error *err)
{
	/* By the resolved name and no further; a FIFO must not hang us. */
	r->source = openat(r->directory, r->base,
			   O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW |
				   O_NONBLOCK);
	if (r->source < 0 && errno == ELOOP)
		return execgate_error_set(err, -ELOOP, EXECGATE_EXIT_ERROR,
					  "%s is a symlink and is not followed; "
					  "name the file that it leads to",
					  name);
	if (r->source < 0 || fstat(r->source, &r->st) < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    name);
	if (S_ISDIR(r->st.st_mode))
		return execgate_error_set(err, -EISDIR, EXECGATE_EXIT_ERROR,
					  "%s is a directory; name the files "
					  "in it (find %s -type f)",
					  name, name);
	if (!S_ISREG(r->st.st_mode))
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "%s is not a regular file and cannot "
					  "carry a signature",
					  name);
	if (!r->st.st_size)
		return execgate_error_set(err, -ENODATA, EXECGATE_EXIT_ERROR,
					  "%s is empty: there is nothing to "
					  "sign",
					  name);
	return 0;
}

/* The folder's path resolved, the last component as it is. */
static char *resolve_folder(const char *name)
{
	char *copy = strdup(name), *folder = NULL, *path = NULL;
	char *slash = copy ? strrchr(copy, '/') : NULL;
	const char *base = slash ? slash + 1 : copy;

	if (slash)
		*slash = '\0';
	if (copy)
		folder = realpath(!slash	? "." :
				  slash == copy ? "/" :
						  copy,
				  NULL);
	if (folder && asprintf(&path, "%s/%s",
			       strcmp(folder, "/") ? folder : "", base) < 0)
		path = NULL;
	free(folder);
	free(copy);
	return path;
}

int execgate_replace_begin(struct execgate_replace *r, const char *name,
			   bool follow, const volatile sig_atomic_t *cancel,
			   struct execgate_error *err)
{
	char *slash;
	struct stat st;
	int ret;

	memset(r, 0, sizeof(*r));
	r->directory = -1;
	r->source = -1;
	r->temp = -1;
	r->cancel = cancel;
	r->path = follow ? realpath(name, NULL) : resolve_folder(name);
	if (!r->path)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    name);
	r->is_symlink = follow && lstat(name, &st) == 0 && S_ISLNK(st.st_mode);
	slash = strrchr(r->path, '/');
	r->base = slash + 1;
	*slash = '\0';
	r->directory = open(slash == r->path ? "/" : r->path,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ret = -errno;
	*slash = '/';
	if (r->directory < 0)
		ret = execgate_error_errno(err, ret,
					   "cannot open the folder of %s",
					   name);
	else
		ret = open_source(r, name, err);
	if (ret)
		execgate_replace_end(r);
	return ret;
}

static int make_name(struct execgate_replace *r)
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return -EIO;
	snprintf(r->temp_name, sizeof(r->temp_name), ".execgate-%016llx",
		 (unsigned long long)random);
	return 0;
}

static int open_temp(struct execgate_replace *r)
{
	int ret;

	/* Without a name there is nothing to leave behind, even by kill -9. */
	if (access("/proc/self/fd", X_OK) == 0)
		r->temp = openat(r->directory, ".",
				 O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (r->temp >= 0)
		return 0;
	/* NFS, FUSE and others have only files with names. */
	ret = make_name(r);
	if (ret)
		return ret;
	r->temp = openat(r->directory, r->temp_name,
			 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			 0600);
	if (r->temp >= 0)
		return 0;
	ret = -errno;
	r->temp_name[0] = '\0';
	return ret;
}

static bool same_content(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int changed_meanwhile(struct execgate_replace *r,
			     struct execgate_error *err)
{
	return execgate_error_set(err, -EAGAIN, EXECGATE_EXIT_ERROR,
				  "%s was changed by somebody else meanwhile "
				  "and is left as it is; try again",
				  r->path);
}

static int cannot_write(struct execgate_replace *r, int ret,
			struct execgate_error *err)
{
	if (ret == -EINTR)
		return execgate_error_set(err, ret, EXECGATE_EXIT_ERROR,
					  "interrupted; %s is left as it was",
					  r->path);
	return execgate_error_errno(
		err, ret, "cannot write a new copy of %s into its folder",
		r->path);
}

int execgate_replace_copy(struct execgate_replace *r, uint64_t size,
			  struct execgate_error *err)
{
	int ret = open_temp(r);

	if (!ret)
		ret = execgate_copy_bytes(r->source, r->temp, size, r->cancel);
	return ret ? cannot_write(r, ret, err) : 0;
}

int execgate_replace_append(struct execgate_replace *r, const void *data,
			    size_t size, struct execgate_error *err)
{
	int ret = 0;

	if (lseek(r->temp, 0, SEEK_END) < 0)
		ret = -errno;
	if (!ret)
		ret = execgate_io_write(r->temp, data, size);
	return ret ? cannot_write(r, ret, err) : 0;
}

static int give_name(struct execgate_replace *r)
{
	char link[40];
	int ret;

	if (r->temp_name[0])
		return 0;
	ret = make_name(r);
	if (ret)
		return ret;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", r->temp);
	if (linkat(AT_FDCWD, link, r->directory, r->temp_name,
		   AT_SYMLINK_FOLLOW) == 0)
		return 0;
	ret = -errno;
	r->temp_name[0] = '\0';
	return ret;
}

int execgate_replace_commit(struct execgate_replace *r, unsigned int flags,
			    struct execgate_error *err)
{
	const struct execgate_copy copy = {
		.path = r->path,
		.from = r->source,
		.to = r->temp,
		.st = &r->st,
		.keep_times = flags & EXECGATE_REPLACE_KEEP_TIMES,
	};
	struct stat now;
	int ret;

	ret = execgate_copy_attributes(&copy, err);
	if (ret)
		return ret;
	if (!(flags & EXECGATE_REPLACE_NO_SYNC) && fsync(r->temp) < 0)
		return cannot_write(r, -errno, err);
	if (r->cancel && *r->cancel)
		return cannot_write(r, -EINTR, err);
	/* Written to while it was copied, or already replaced by an upgrade? */
	if (fstatat(r->directory, r->base, &now, AT_SYMLINK_NOFOLLOW) < 0 ||
	    !same_content(&now, &r->st))
		return changed_meanwhile(r, err);
	ret = give_name(r);
	if (!ret &&
	    renameat(r->directory, r->temp_name, r->directory, r->base) < 0)
		ret = -errno;
	if (ret)
		return execgate_error_errno(err, ret, "cannot replace %s",
					    r->path);
	r->temp_name[0] = '\0';
	if (!(flags & EXECGATE_REPLACE_NO_SYNC) && fsync(r->directory) < 0 &&
	    errno != EINVAL)
		return execgate_error_errno(
			err, -errno,
			"%s is replaced, but its folder could not "
			"be written to disk",
			r->path);
	return 0;
}

void execgate_replace_end(struct execgate_replace *r)
{
	if (r->temp_name[0])
		unlinkat(r->directory, r->temp_name, 0);
	if (r->temp >= 0)
		close(r->temp);
	if (r->source >= 0)
		close(r->source);
	if (r->directory >= 0)
		close(r->directory);
	free(r->path);
	r->path = NULL;
	r->temp_name[0] = '\0';
	r->temp = r->source = r->directory = -1;
}
