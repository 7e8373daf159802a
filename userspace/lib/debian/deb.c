// SPDX-License-Identifier: GPL-2.0
#include "lib/debian/deb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/io.h"
#include "lib/base/unpack.h"

#define CHUNK (64 * 1024)
#define CONTROL_MAX (1u << 20)
/* dpkg's own bound for the size of a member is smaller. */
#define FILE_MAX_SIZE (16ull << 30)

/**
 * struct reader - one .deb
 * @outer: the ar archive
 * @inner: the tar archive inside the member that is being read
 * @chunk: of the member, on its way to @inner
 * @name: of what is being read, for messages
 */
struct reader {
	const struct execgate_unpack *a;
	const char *path;
	const struct execgate_identities *identities;
	struct archive *outer;
	struct archive *inner;
	struct execgate_deb *out;
	bool has_control;
	bool has_data;
	char name[512];
	const char *entry; /* what it is called there; libarchive's */
	uint8_t chunk[CHUNK];
};

static int is_damaged(const struct reader *r, struct archive *which,
		      struct execgate_error *err)
{
	const char *why = r->a->archive_error_string(which);

	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "%s is not a complete .deb: %s; get it again",
				  r->path, why ? why : "unknown content");
}

static la_ssize_t feed_block(struct archive *inner, void *arg,
			     const void **buffer)
{
	struct reader *r = arg;
	la_ssize_t n = r->a->archive_read_data(r->outer, r->chunk, CHUNK);

	*buffer = r->chunk;
	if (n < 0)
		r->a->archive_set_error(inner, EIO, "%s",
					r->a->archive_error_string(r->outer));
	return n;
}

/* The entry's content into a file without a name: libelf and hashing want one. */
static int spool_member(struct reader *r, int fd, uint64_t size,
			struct execgate_error *err)
{
	char data[CHUNK];
	la_ssize_t n;
	int ret;

	while ((n = r->a->archive_read_data(r->inner, data, sizeof(data)))) {
		if (n < 0)
			return is_damaged(r, r->inner, err);
		ret = execgate_io_write(fd, data, (size_t)n);
		if (ret)
			return execgate_error_errno(err, ret,
						    "cannot unpack %s",
						    r->name);
	}
	if (lseek(fd, 0, SEEK_CUR) != (off_t)size)
		return execgate_error_set(err, -EBADMSG,
					  EXECGATE_EXIT_BAD_SIGNATURE,
					  "%s is cut short; get it again",
					  r->name);
	return 0;
}

/* @path is taken, whatever comes of it. */
static int add_file(struct execgate_deb *deb, char *path,
		    const struct execgate_hash *hash, uint64_t size,
		    uint64_t mtime)
{
	struct execgate_deb_file *file =
		execgate_array_add(deb->files, deb->count);

	if (!file) {
		free(path);
		return -ENOMEM;
	}
	file->path = path;
	file->hash = *hash;
	file->size = size;
	file->mtime = mtime;
	deb->count++;
	return 0;
}

/* "./usr/bin/node" */
static char *absolute_path(const char *name)
{
	char *path;

	name += *name == '.';
	return asprintf(&path, "%s%s", *name == '/' ? "" : "/", name) < 0 ?
		       NULL :
		       path;
}

static int hash_spooled(struct reader *r, int fd, uint64_t size, uint64_t mtime,
			struct execgate_error *err)
{
	char *path = absolute_path(r->entry);
	struct execgate_hash hash;
	int ret = path ? 0 : -ENOMEM;

	if (!ret)
		ret = execgate_catalog_item_hash(
			fd, r->name, size,
			execgate_identities_read(r->identities, path), &hash,
			err);
	else
		execgate_error_errno(err, ret, "cannot read %s", r->path);
	if (ret) {
		free(path);
		return ret == -ENOEXEC ? 0 : ret;
	}
	if (add_file(r->out, path, &hash, size, mtime))
		ret = execgate_error_errno(err, -ENOMEM, "cannot read %s",
					   r->path);
	return ret;
}

static int read_entry(struct reader *r, struct archive_entry *entry,
		      struct execgate_error *err)
{
	int64_t size = r->a->archive_entry_size(entry);
	int64_t mtime = r->a->archive_entry_mtime(entry);
	int fd, ret;

	if (size < 0 || (uint64_t)size > FILE_MAX_SIZE)
		return execgate_error_set(err, -EFBIG, EXECGATE_EXIT_ERROR,
					  "%s is too large", r->name);
	fd = memfd_create("execgate-deb", MFD_CLOEXEC);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot unpack %s",
					    r->name);
	ret = spool_member(r, fd, (uint64_t)size, err);
	if (!ret)
		ret = hash_spooled(r, fd, (uint64_t)size,
				   mtime > 0 ? (uint64_t)mtime : 0, err);
	close(fd);
	return ret;
}

/* "Package: bash" of the control file. */
static int read_control(struct reader *r, struct execgate_error *err)
{
	char text[CONTROL_MAX / 16] = "\n";
	size_t used = 1, length;
	char *field;
	la_ssize_t n;

	while ((n = r->a->archive_read_data(r->inner, text + used,
					    sizeof(text) - used - 1)) > 0)
		used += (size_t)n;
	if (n < 0)
		return is_damaged(r, r->inner, err);
	text[used] = '\0';
	field = strstr(text, "\nPackage:");
	if (field) {
		field += strlen("\nPackage:");
		field += strspn(field, " \t");
		length = strcspn(field, " \t\r\n");
		if (length && length < sizeof(r->out->package)) {
			memcpy(r->out->package, field, length);
			return 0;
		}
	}
	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "%s does not say which package it is",
				  r->path);
}

static int read_tar(struct reader *r, bool is_control,
		    struct execgate_error *err)
{
	struct archive_entry *entry;
	const char *name;
	int ret = 0, next;

	while (!ret &&
	       (next = r->a->archive_read_next_header(r->inner, &entry)) !=
		       ARCHIVE_EOF) {
		if (next < ARCHIVE_WARN)
			return is_damaged(r, r->inner, err);
		name = r->a->archive_entry_pathname(entry);
		name = name ? name : "?";
		snprintf(r->name, sizeof(r->name), "%s(%.200s)", r->path, name);
		r->entry = name;
		if (r->a->archive_entry_filetype(entry) != AE_IFREG ||
		    r->a->archive_entry_hardlink(entry))
			continue;
		if (is_control && (strcmp(name, "./control") == 0 ||
				   strcmp(name, "control") == 0))
			ret = read_control(r, err);
		else
			ret = read_entry(r, entry, err);
	}
	return ret;
}

static int read_member(struct reader *r, bool is_control,
		       struct execgate_error *err)
{
	int ret = -ENOMEM;

	r->inner = r->a->archive_read_new();
	if (!r->inner)
		return execgate_error_errno(err, ret, "cannot read %s",
					    r->path);
	r->a->archive_read_support_filter_all(r->inner);
	r->a->archive_read_support_format_tar(r->inner);
	if (r->a->archive_read_open2(r->inner, r, NULL, feed_block, NULL,
				     NULL) != ARCHIVE_OK)
		ret = is_damaged(r, r->inner, err);
	else
		ret = read_tar(r, is_control, err);
	r->a->archive_read_free(r->inner);
	r->inner = NULL;
	return ret;
}

static int read_members(struct reader *r, struct execgate_error *err)
{
	struct archive_entry *entry;
	int ret = 0, next;
	const char *name;

	while (!ret &&
	       (next = r->a->archive_read_next_header(r->outer, &entry)) !=
		       ARCHIVE_EOF) {
		if (next < ARCHIVE_WARN)
			return is_damaged(r, r->outer, err);
		name = r->a->archive_entry_pathname(entry);
		if (name && strncmp(name, "control.tar", 11) == 0) {
			r->has_control = true;
			ret = read_member(r, true, err);
		} else if (name && strncmp(name, "data.tar", 8) == 0) {
			r->has_data = true;
			ret = read_member(r, false, err);
		}
	}
	if (!ret && (!r->has_control || !r->has_data || !r->out->package[0]))
		ret = is_damaged(r, r->outer, err);
	return ret;
}

int execgate_deb_read(const char *path,
		      const struct execgate_identities *identities,
		      struct execgate_deb *out, struct execgate_error *err)
{
	struct reader *r = calloc(1, sizeof(*r));
	int fd, ret;

	memset(out, 0, sizeof(*out));
	if (!r)
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	r->path = path;
	r->identities = identities;
	r->out = out;
	ret = execgate_unpack_load(&r->a, err);
	fd = ret ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	if (!ret && fd < 0)
		ret = execgate_error_errno(err, -errno, "cannot open %s", path);
	if (!ret) {
		r->outer = r->a->archive_read_new();
		r->a->archive_read_support_format_ar(r->outer);
		if (r->a->archive_read_open_fd(r->outer, fd, CHUNK))
			ret = is_damaged(r, r->outer, err);
		else
			ret = read_members(r, err);
		r->a->archive_read_free(r->outer);
	}
	if (fd >= 0)
		close(fd);
	free(r);
	return ret;
}

void execgate_deb_free(struct execgate_deb *deb)
{
	size_t i;

	for (i = 0; i < deb->count; i++)
		free(deb->files[i].path);
	free(deb->files);
	memset(deb, 0, sizeof(*deb));
}
