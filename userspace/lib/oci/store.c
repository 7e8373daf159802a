// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/store.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/array.h"
#include "lib/base/io.h"
#include "lib/base/unpack.h"

#define CHUNK (64 * 1024)
/* Members of an archive: layers, their folders, configurations; "docker save" of many images. */
#define MEMBERS_MAX 20000

struct member {
	char *name;
	char *link; /* another member's name, or NULL */
	uint64_t at;
	uint64_t size;
};

/**
 * struct execgate_oci_store - an image's parts
 * @folder: -1 = it is an archive
 * @spool: what was in the archive
 * @members: @count of them; sorted once all are there
 */
struct execgate_oci_store {
	const char *path;
	int folder;
	int spool;
	struct member *members;
	size_t count;
};

static int too_much(struct execgate_error *err, const char *what,
		    uint64_t bound)
{
	return execgate_error_set(err, -EFBIG, EXECGATE_EXIT_ERROR,
				  "the image has more than %" PRIu64
				  " %s, so it is not read",
				  bound, what);
}

int execgate_oci_limits_entry(struct execgate_oci_limits *limits,
			      struct execgate_error *err)
{
	if (atomic_fetch_add(&limits->used_entries, 1) >= limits->entries)
		return too_much(err, "entries", limits->entries);
	return 0;
}

int execgate_oci_limits_memory(struct execgate_oci_limits *limits,
			       uint64_t more, struct execgate_error *err)
{
	if (atomic_fetch_add(&limits->used_memory, more) + more >
	    limits->memory)
		return too_much(err, "bytes of names and lists of packages",
				limits->memory);
	return 0;
}

int execgate_oci_limits_bytes(struct execgate_oci_limits *limits, uint64_t more,
			      struct execgate_error *err)
{
	if (limits->cancel && *limits->cancel)
		return execgate_error_set(err, -EINTR, EXECGATE_EXIT_ERROR,
					  "interrupted: the image was not "
					  "read");
	if (atomic_fetch_add(&limits->used_bytes, more) + more > limits->bytes)
		return too_much(err, "bytes when it is unpacked",
				limits->bytes);
	return 0;
}

int execgate_oci_spool(struct execgate_error *err)
{
	const char *folder = getenv("TMPDIR");
	char name[512];
	int fd;

	snprintf(name, sizeof(name), "%s/execgate-image.XXXXXX",
		 folder && *folder && strlen(folder) < 400 ? folder :
							     "/var/tmp");
	fd = mkostemp(name, O_CLOEXEC);
	if (fd < 0)
		return execgate_error_errno(err, -errno,
					    "cannot unpack the image in %s",
					    name);
	unlink(name);
	return fd;
}

char *execgate_oci_plain_path(const char *path)
{
	char *out = malloc(strlen(path) + 1), *to = out;
	size_t length;

	for (; out; path += length) {
		path += strspn(path, "/");
		length = strcspn(path, "/");
		if (!length)
			break;
		if (length == 1 && path[0] == '.')
			continue;
		if (length == 2 && path[0] == '.' && path[1] == '.') {
			free(out);
			return NULL;
		}
		if (to > out)
			*to++ = '/';
		memcpy(to, path, length);
		to += length;
	}
	if (out)
		*to = '\0';
	return out;
}

int execgate_oci_store_folder(const char *path, struct execgate_oci_store **out,
			      struct execgate_error *err)
{
	struct execgate_oci_store *store = calloc(1, sizeof(*store));

	if (!store)
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    path);
	store->path = path;
	store->spool = -1;
	store->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (store->folder < 0) {
		free(store);
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	}
	*out = store;
	return 0;
}

void execgate_oci_store_close(struct execgate_oci_store *store)
{
	size_t i;

	if (!store)
		return;
	for (i = 0; i < store->count; i++) {
		free(store->members[i].name);
		free(store->members[i].link);
	}
	free(store->members);
	if (store->folder >= 0)
		close(store->folder);
	if (store->spool >= 0)
		close(store->spool);
	free(store);
}

static int is_damaged(const struct execgate_unpack *a, struct archive *archive,
		      const char *path, struct execgate_error *err)
{
	const char *why = a->archive_error_string(archive);

	return execgate_error_set(err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "%s is not a complete archive of an image: "
				  "%s",
				  path, why ? why : "unknown content");
}

static int spool_member(const struct execgate_unpack *a,
			struct archive *archive,
			struct execgate_oci_store *store, struct member *member,
			struct execgate_oci_limits *limits,
			struct execgate_error *err)
{
	uint8_t *chunk = malloc(CHUNK);
	la_ssize_t n;
	int ret = chunk ? 0 : -ENOMEM;

	while (!ret && (n = a->archive_read_data(archive, chunk, CHUNK))) {
		if (n < 0)
			ret = is_damaged(a, archive, store->path, err);
		if (!ret)
			ret = execgate_oci_limits_bytes(limits, (uint64_t)n,
							err);
		if (ret)
			break;
		ret = execgate_io_write(store->spool, chunk, (size_t)n);
		if (ret)
			execgate_error_errno(err, ret, "cannot unpack %s",
					     store->path);
		member->size += (uint64_t)n;
	}
	if (!chunk)
		execgate_error_errno(err, ret, "cannot unpack %s", store->path);
	free(chunk);
	return ret;
}

/* "../OTHER/layer.tar" in HEX/layer.tar: of "docker save" before version 25. */
static char *link_target(const char *name, const char *target)
{
	const char *slash = strrchr(name, '/');
	size_t folder = slash ? (size_t)(slash - name) : 0;
	char *joined, *plain;

	for (; !strncmp(target, "../", 3); target += 3) {
		while (folder && name[folder - 1] != '/')
			folder--;
		folder -= folder > 0;
	}
	if (asprintf(&joined, "%.*s/%s", (int)folder, name, target) < 0)
		return NULL;
	plain = execgate_oci_plain_path(joined);
	free(joined);
	return plain;
}

/* 1: it is none that an image has. */
static int name_member(const struct execgate_unpack *a,
		       struct archive_entry *entry, struct member *member)
{
	const char *name = a->archive_entry_pathname(entry);
	const char *target = a->archive_entry_hardlink(entry);
	const char *symlink = a->archive_entry_symlink(entry);

	if (!name || (!target && !symlink &&
		      a->archive_entry_filetype(entry) != AE_IFREG))
		return 1;
	member->name = execgate_oci_plain_path(name);
	if (!member->name)
		return 1;
	if (target)
		member->link = execgate_oci_plain_path(target);
	else if (symlink)
		member->link = link_target(member->name, symlink);
	if ((target || symlink) && !member->link) {
		free(member->name);
		return 1;
	}
	return 0;
}

static int add_member(const struct execgate_unpack *a, struct archive *archive,
		      struct archive_entry *entry,
		      struct execgate_oci_store *store,
		      struct execgate_oci_limits *limits,
		      struct execgate_error *err)
{
	struct member member = { 0 }, *new;

	if (store->count >= MEMBERS_MAX)
		return too_much(err, "parts", MEMBERS_MAX);
	if (name_member(a, entry, &member))
		return 0;
	new = execgate_array_add(store->members, store->count);
	if (!new) {
		free(member.name);
		free(member.link);
		return execgate_error_errno(err, -ENOMEM, "cannot read %s",
					    store->path);
	}
	if (store->count)
		member.at = store->members[store->count - 1].at +
			    store->members[store->count - 1].size;
	*new = member;
	store->count++;
	return new->link ? 0 :
			   spool_member(a, archive, store, new, limits, err);
}

static int by_name(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	/* Neither of two of one name is chosen; any order will do. */
	return order ? order : (left->at > right->at) - (left->at < right->at);
}

static int read_archive(const struct execgate_unpack *a,
			struct archive *archive,
			struct execgate_oci_store *store,
			struct execgate_oci_limits *limits,
			struct execgate_error *err)
{
	struct archive_entry *entry;
	int next, ret = 0;

	while (!ret && (next = a->archive_read_next_header(archive, &entry)) !=
			       ARCHIVE_EOF) {
		if (next < ARCHIVE_WARN)
			return is_damaged(a, archive, store->path, err);
		ret = add_member(a, archive, entry, store, limits, err);
	}
	if (ret)
		return ret;
	if (store->count)
		qsort(store->members, store->count, sizeof(*store->members),
		      by_name);
	for (size_t i = 1; i < store->count; i++)
		if (!strcmp(store->members[i - 1].name, store->members[i].name))
			return execgate_error_set(
				err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				"%s has two parts of one name", store->path);
	return 0;
}

int execgate_oci_store_archive(const char *path,
			       struct execgate_oci_limits *limits,
			       struct execgate_oci_store **out,
			       struct execgate_error *err)
{
	struct execgate_oci_store *store;
	const struct execgate_unpack *a;
	struct archive *archive;
	int fd, ret = execgate_unpack_load(&a, err);

	if (ret)
		return ret;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	store = calloc(1, sizeof(*store));
	archive = a->archive_read_new();
	if (!store || !archive)
		abort();
	store->path = path;
	store->folder = -1;
	store->spool = ret = execgate_oci_spool(err);
	a->archive_read_support_filter_all(archive);
	a->archive_read_support_format_tar(archive);
	if (ret >= 0 && a->archive_read_open_fd(archive, fd, CHUNK))
		ret = is_damaged(a, archive, path, err);
	if (ret >= 0)
		ret = read_archive(a, archive, store, limits, err);
	a->archive_read_free(archive);
	close(fd);
	if (ret)
		execgate_oci_store_close(store);
	else
		*out = store;
	return ret;
}

static int get_from_folder(const struct execgate_oci_store *store,
			   const char *name, struct execgate_oci_part *out,
			   struct execgate_error *err)
{
	struct stat st;

	out->at = 0;
	/* A part may be a link: "oci:DIR" of some tools shares blobs so. */
	out->fd = openat(store->folder, name,
			 O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (out->fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s/%s",
					    store->path, name);
	if (fstat(out->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(out->fd);
		execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
				   "%s/%s is not a regular file", store->path,
				   name);
		return -EINVAL;
	}
	out->size = (uint64_t)st.st_size;
	return 0;
}

static const struct member *find_member(const struct execgate_oci_store *store,
					const char *name)
{
	const struct member key = { .name = (char *)name };
	const struct member *found;
	size_t low = 0, high = store->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order;

		found = &store->members[middle];
		order = strcmp(key.name, found->name);
		if (!order)
			return found;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

int execgate_oci_store_get(const struct execgate_oci_store *store,
			   const char *name, struct execgate_oci_part *out,
			   struct execgate_error *err)
{
	const struct member *member;

	if (store->folder >= 0)
		return get_from_folder(store, name, out, err);
	member = find_member(store, name);
	/* One step: "docker save" makes no longer chains. */
	if (member && member->link)
		member = find_member(store, member->link);
	if (!member || member->link)
		return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
					  "%s has no part \"%s\"", store->path,
					  name);
	out->at = member->at;
	out->size = member->size;
	out->fd = fcntl(store->spool, F_DUPFD_CLOEXEC, 0);
	return out->fd < 0 ? execgate_error_errno(err, -errno, "cannot read %s",
						  store->path) :
			     0;
}

int execgate_oci_store_read(const struct execgate_oci_store *store,
			    const char *name, size_t max, uint8_t **data,
			    size_t *size, struct execgate_error *err)
{
	struct execgate_oci_part part = { .fd = -1 };
	int ret = execgate_oci_store_get(store, name, &part, err);

	if (ret)
		return ret;
	*size = (size_t)part.size;
	*data = NULL;
	if (part.size > max)
		ret = execgate_error_set(err, -EFBIG, EXECGATE_EXIT_ERROR,
					 "\"%s\" of the image is larger than "
					 "%zu bytes",
					 name, max);
	else
		*data = malloc(*size + 1);
	if (!ret && !*data)
		ret = execgate_error_errno(err, -ENOMEM,
					   "cannot read the image");
	if (!ret) {
		ret = execgate_io_pread(part.fd, *data, *size, part.at);
		if (ret)
			execgate_error_errno(err, ret, "cannot read %s",
					     store->path);
	}
	close(part.fd);
	if (ret)
		free(*data);
	return ret;
}
