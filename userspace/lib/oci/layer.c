// SPDX-License-Identifier: GPL-2.0
/*
 * A runtime unpacks the same bytes with another program. Where the two understand an
 * archive differently, the catalog lists a content that the container has not, or
 * not one that it has: that file does not run. So nothing here has to guess how others
 * read what is malformed.
 */
#include "lib/oci/layer.h"

#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/array.h"
#include "lib/base/io.h"
#include "lib/base/unpack.h"

#define CHUNK (64 * 1024)
#define WHITEOUT ".wh."
#define META WHITEOUT WHITEOUT /* of aufs itself */
#define OPAQUE META ".opq"

/**
 * struct reader - one layer on its way
 * @at: of the part: what comes next
 * @outer: unpacks; @inner: the archive in what that unpacks
 * @packed, @unpacked: hash what @outer takes, and what it gives
 * @spool: the content of one file after the other
 * @failed: why feeding ended, as libarchive knows no errors of ours
 */
struct reader {
	const struct execgate_unpack *a;
	struct execgate_oci_layer *layer;
	const struct execgate_identities *identities;
	struct execgate_oci_limits *limits;
	struct execgate_oci_part part;
	uint64_t at;
	struct archive *outer;
	struct archive *inner;
	EVP_MD_CTX *packed;
	EVP_MD_CTX *unpacked;
	EVP_MD_CTX *sha1;
	int spool;
	int failed;
	struct execgate_error *err;
	uint8_t in[CHUNK];
	uint8_t out[CHUNK];
	uint8_t data[CHUNK];
};

bool execgate_oci_is_database(const char *path)
{
	static const char *const patterns[] = {
		"var/lib/dpkg/info/*.md5sums",
		"var/lib/dpkg/status.d/*.md5sums",
		"lib/apk/db/installed",
		"usr/lib/apk/db/installed",
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!fnmatch(patterns[i], path, FNM_PATHNAME | FNM_PERIOD))
			return true;
	return false;
}

static int is_damaged(struct reader *r, struct archive *which)
{
	const char *why = r->a->archive_error_string(which);

	if (r->failed)
		return r->failed;
	return execgate_error_set(r->err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "layer %s of the image is damaged: %s",
				  r->layer->name,
				  why ? why : "it is not an archive");
}

__attribute__((format(printf, 3, 4))) static int
refuse_entry(struct reader *r, const char *path, const char *format, ...)
{
	char why[256];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return execgate_error_set(r->err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "layer %s of the image has the entry "
				  "\"%.300s\", %s",
				  r->layer->name, path, why);
}

static int no_memory(struct reader *r)
{
	return execgate_error_errno(r->err, -ENOMEM, "cannot read layer %s",
				    r->layer->name);
}

static la_ssize_t feed_packed(struct archive *archive, void *arg,
			      const void **buffer)
{
	struct reader *r = arg;
	uint64_t left = r->part.size - r->at;
	size_t n = left < CHUNK ? (size_t)left : CHUNK;

	*buffer = r->in;
	if (!n || r->failed)
		return r->failed ? -1 : 0;
	r->failed = execgate_io_pread(r->part.fd, r->in, n, r->part.at + r->at);
	if (r->failed) {
		execgate_error_errno(r->err, r->failed, "cannot read layer %s",
				     r->layer->name);
		r->a->archive_set_error(archive, EIO, "cannot be read");
		return -1;
	}
	r->at += n;
	EVP_DigestUpdate(r->packed, r->in, n);
	return (la_ssize_t)n;
}

static la_ssize_t feed_unpacked(struct archive *archive, void *arg,
				const void **buffer)
{
	struct reader *r = arg;
	la_ssize_t n = r->a->archive_read_data(r->outer, r->out, CHUNK);

	*buffer = r->out;
	if (n < 0) {
		r->failed = is_damaged(r, r->outer);
	} else if (n > 0) {
		EVP_DigestUpdate(r->unpacked, r->out, (size_t)n);
		/* A few bytes can be packed that unpack to more than any disk has. */
		r->failed = execgate_oci_limits_bytes(r->limits, (uint64_t)n,
						      r->err);
	}
	if (!r->failed)
		return n;
	r->a->archive_set_error(archive, EIO, "cannot be unpacked");
	return -1;
}

/* Zeros become holes: a sparse file takes no more of the disk than of the archive. */
static int write_data(struct reader *r, size_t size, uint64_t at)
{
	if (!r->data[0] && !memcmp(r->data, r->data + 1, size - 1))
		return 0;
	if (lseek(r->spool, (off_t)at, SEEK_SET) < 0)
		return -errno;
	return execgate_io_write(r->spool, r->data, size);
}

static int spool_file(struct reader *r, struct execgate_oci_entry *entry)
{
	uint64_t done = 0;
	la_ssize_t n;
	int ret;

	/* Holes were not in the archive, but they are hashed like bytes. */
	ret = execgate_oci_limits_bytes(r->limits, entry->size, r->err);
	if (ret)
		return ret;
	if (ftruncate(r->spool, 0) || ftruncate(r->spool, (off_t)entry->size))
		ret = -errno;
	EVP_DigestInit_ex(r->sha1, EVP_sha1(), NULL);
	while (!ret &&
	       (n = r->a->archive_read_data(r->inner, r->data, CHUNK))) {
		if (n < 0)
			return is_damaged(r, r->inner);
		EVP_DigestUpdate(r->sha1, r->data, (size_t)n);
		ret = write_data(r, (size_t)n, done);
		done += (uint64_t)n;
	}
	if (ret)
		return execgate_error_errno(r->err, ret,
					    "cannot unpack layer %s",
					    r->layer->name);
	EVP_DigestFinal_ex(r->sha1, entry->sha1, NULL);
	if (done != entry->size)
		return refuse_entry(r, entry->path, "which is cut short");
	return 0;
}

static int keep_content(struct reader *r, struct execgate_oci_entry *entry)
{
	int ret = execgate_oci_limits_memory(r->limits, entry->size, r->err);

	if (ret)
		return ret;
	entry->kept = malloc((size_t)entry->size + 1);
	if (!entry->kept)
		return no_memory(r);
	ret = execgate_io_pread(r->spool, entry->kept, (size_t)entry->size, 0);
	entry->kept[entry->size] = '\0';
	return ret ? execgate_error_errno(r->err, ret, "cannot read layer %s",
					  r->layer->name) :
		     0;
}

/* Does an interpreter with rules read files of that name as code? */
static bool is_read(const struct reader *r, const char *path)
{
	char absolute[PATH_MAX];

	return snprintf(absolute, sizeof(absolute), "/%s", path) <
		       (int)sizeof(absolute) &&
	       execgate_identities_read(r->identities, absolute);
}

static int read_file(struct reader *r, struct execgate_oci_entry *entry)
{
	struct execgate_error ignored;
	int ret = spool_file(r, entry);

	if (ret)
		return ret;
	if (execgate_oci_is_database(entry->path))
		return keep_content(r, entry);
	ret = execgate_catalog_item_hash(r->spool, entry->path, entry->size,
					 is_read(r, entry->path), &entry->hash,
					 &ignored);
	if (ret == -ENOEXEC) {
		entry->hash.classes = 0;
		return 0;
	}
	if (ret && r->err)
		*r->err = ignored;
	return ret;
}

/* ".wh.NAME", where @path ends in it, becomes NAME. 1: it is of aufs itself. */
static int take_whiteout(struct reader *r, struct execgate_oci_entry *entry)
{
	char *slash = strrchr(entry->path, '/');
	char *name = slash ? slash + 1 : entry->path;

	if (!strncmp(entry->path, META, strlen(META)) &&
	    strcmp(entry->path, OPAQUE) != 0)
		return 1;
	if (strncmp(name, WHITEOUT, strlen(WHITEOUT)) != 0)
		return 0;
	if (!strcmp(name, OPAQUE)) {
		entry->type = EXECGATE_OCI_OPAQUE;
		*(slash ? slash : entry->path) = '\0';
		return 0;
	}
	if (!strncmp(name, META, strlen(META)))
		return 1;
	entry->type = EXECGATE_OCI_WHITEOUT;
	memmove(name, name + strlen(WHITEOUT),
		strlen(name + strlen(WHITEOUT)) + 1);
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return refuse_entry(r, entry->path, "which takes away nothing");
	return 0;
}

static enum execgate_oci_type type_of(struct reader *r,
				      struct archive_entry *header)
{
	if (r->a->archive_entry_hardlink(header))
		return EXECGATE_OCI_HARDLINK;
	switch (r->a->archive_entry_filetype(header)) {
	case AE_IFREG:
		return EXECGATE_OCI_FILE;
	case AE_IFDIR:
		return EXECGATE_OCI_FOLDER;
	case AE_IFLNK:
		return EXECGATE_OCI_SYMLINK;
	}
	return EXECGATE_OCI_DEVICE;
}

static int read_header(struct reader *r, struct archive_entry *header,
		       struct execgate_oci_entry *entry)
{
	const char *path = r->a->archive_entry_pathname(header);
	int64_t size = r->a->archive_entry_size(header);
	int64_t mtime = r->a->archive_entry_mtime(header);
	const char *target;
	int ret;

	if (!path || strlen(path) >= PATH_MAX)
		return refuse_entry(r, path ? path : "?",
				    "whose name is not a path");
	entry->path = execgate_oci_plain_path(path);
	if (!entry->path)
		return refuse_entry(r, path, "which leads out of its folder");
	entry->type = type_of(r, header);
	entry->size = size > 0 ? (uint64_t)size : 0;
	entry->mtime = mtime > 0 ? (uint64_t)mtime : 0;
	target = entry->type == EXECGATE_OCI_HARDLINK ?
			 r->a->archive_entry_hardlink(header) :
		 entry->type == EXECGATE_OCI_SYMLINK ?
			 r->a->archive_entry_symlink(header) :
			 NULL;
	if (target && strlen(target) >= PATH_MAX)
		return refuse_entry(r, path, "a link that is too long");
	if (target)
		entry->target = strdup(target);
	if (target && !entry->target)
		return no_memory(r);
	if (!target && (entry->type == EXECGATE_OCI_SYMLINK ||
			entry->type == EXECGATE_OCI_HARDLINK))
		return refuse_entry(r, path, "a link to nothing");
	ret = execgate_oci_limits_memory(r->limits,
					 strlen(path) +
						 (target ? strlen(target) : 0),
					 r->err);
	return ret ? ret : take_whiteout(r, entry);
}

static void free_entry(struct execgate_oci_entry *entry)
{
	free(entry->path);
	free(entry->target);
	free(entry->kept);
}

static int read_entry(struct reader *r, struct archive_entry *header)
{
	struct execgate_oci_entry entry = { 0 }, *new;
	int ret = execgate_oci_limits_entry(r->limits, r->err);

	if (!ret)
		ret = read_header(r, header, &entry);
	if (!ret && entry.type == EXECGATE_OCI_FILE)
		ret = read_file(r, &entry);
	if (!ret) {
		new = execgate_array_add(r->layer->entries, r->layer->count);
		if (new) {
			*new = entry;
			r->layer->count++;
			return 0;
		}
		ret = no_memory(r);
	}
	free_entry(&entry);
	return ret > 0 ? 0 : ret;
}

static int read_tar(struct reader *r)
{
	struct archive_entry *header;
	int next, ret = 0;

	if (r->a->archive_read_open2(r->inner, r, NULL, feed_unpacked, NULL,
				     NULL) != ARCHIVE_OK)
		return is_damaged(r, r->inner);
	while (!ret &&
	       (next = r->a->archive_read_next_header(r->inner, &header)) !=
		       ARCHIVE_EOF) {
		if (next < ARCHIVE_WARN)
			return is_damaged(r, r->inner);
		ret = read_entry(r, header);
	}
	return ret;
}

/* The archive ends before its bytes do; the digests are of all of them. */
static int drain(struct reader *r)
{
	const void *ignored;
	la_ssize_t n;

	while ((n = feed_unpacked(r->inner, r, &ignored)) > 0)
		;
	while (n >= 0 && (n = feed_packed(r->outer, r, &ignored)) > 0)
		;
	return n < 0 ? r->failed : 0;
}

static int check_digest(struct reader *r, EVP_MD_CTX *hash,
			const uint8_t expected[EG_SHA256_SIZE],
			const char *what)
{
	uint8_t found[EG_SHA256_SIZE];

	EVP_DigestFinal_ex(hash, found, NULL);
	if (!memcmp(found, expected, sizeof(found)))
		return 0;
	return execgate_error_set(r->err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
				  "layer %s of the image is not what its %s "
				  "says: it was damaged or changed, so get the "
				  "image again",
				  r->layer->name, what);
}

static void choose_packing(struct reader *r)
{
	enum execgate_oci_packing packing = r->layer->packing;

	if (packing == EXECGATE_OCI_ANY || packing == EXECGATE_OCI_GZIP)
		r->a->archive_read_support_filter_gzip(r->outer);
	if (packing == EXECGATE_OCI_ANY || packing == EXECGATE_OCI_ZSTD)
		r->a->archive_read_support_filter_zstd(r->outer);
	r->a->archive_read_support_format_raw(r->outer);
	r->a->archive_read_support_format_tar(r->inner);
}

static int read_layer(struct reader *r)
{
	struct archive_entry *whole;
	int ret;

	EVP_DigestInit_ex(r->packed, EVP_sha256(), NULL);
	EVP_DigestInit_ex(r->unpacked, EVP_sha256(), NULL);
	choose_packing(r);
	if (r->a->archive_read_open2(r->outer, r, NULL, feed_packed, NULL,
				     NULL) != ARCHIVE_OK ||
	    r->a->archive_read_next_header(r->outer, &whole) < ARCHIVE_WARN)
		return is_damaged(r, r->outer);
	ret = read_tar(r);
	if (!ret)
		ret = drain(r);
	if (!ret && r->layer->has_digest)
		ret = check_digest(r, r->packed, r->layer->digest, "manifest");
	if (!ret)
		ret = check_digest(r, r->unpacked, r->layer->diff_id,
				   "configuration");
	return ret;
}

static int open_reader(struct reader *r, const struct execgate_oci_store *store)
{
	int ret = execgate_unpack_load(&r->a, r->err);

	if (ret)
		return ret;
	ret = execgate_oci_store_get(store, r->layer->name, &r->part, r->err);
	if (ret) {
		r->part.fd = -1;
		return ret;
	}
	if (r->layer->has_digest && r->part.size != r->layer->size)
		return execgate_error_set(r->err, -EBADMSG,
					  EXECGATE_EXIT_BAD_SIGNATURE,
					  "layer %s of the image is not of the "
					  "size that its manifest says",
					  r->layer->name);
	r->spool = execgate_oci_spool(r->err);
	if (r->spool < 0)
		return r->spool;
	r->outer = r->a->archive_read_new();
	r->inner = r->a->archive_read_new();
	r->packed = EVP_MD_CTX_new();
	r->unpacked = EVP_MD_CTX_new();
	r->sha1 = EVP_MD_CTX_new();
	return r->outer && r->inner && r->packed && r->unpacked && r->sha1 ?
		       0 :
		       no_memory(r);
}

static void close_reader(struct reader *r)
{
	if (r->inner)
		r->a->archive_read_free(r->inner);
	if (r->outer)
		r->a->archive_read_free(r->outer);
	EVP_MD_CTX_free(r->packed);
	EVP_MD_CTX_free(r->unpacked);
	EVP_MD_CTX_free(r->sha1);
	if (r->spool >= 0)
		close(r->spool);
	if (r->part.fd >= 0)
		close(r->part.fd);
	free(r);
}

int execgate_oci_layer_read(const struct execgate_oci_store *store,
			    struct execgate_oci_layer *layer,
			    const struct execgate_identities *identities,
			    struct execgate_oci_limits *limits,
			    struct execgate_error *err)
{
	/* Names in archives are UTF-8; libarchive would convert them to the locale's. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
	locale_t old = utf8 ? uselocale(utf8) : (locale_t)0;
	struct reader *r = calloc(1, sizeof(*r));
	int ret;

	if (!r)
		return execgate_error_errno(err, -ENOMEM,
					    "cannot read the image");
	r->layer = layer;
	r->identities = identities;
	r->limits = limits;
	r->err = err;
	r->spool = r->part.fd = -1;
	ret = open_reader(r, store);
	if (!ret)
		ret = read_layer(r);
	close_reader(r);
	if (utf8) {
		uselocale(old);
		freelocale(utf8);
	}
	return ret;
}

void execgate_oci_layer_free(struct execgate_oci_layer *layer)
{
	size_t i;

	for (i = 0; i < layer->count; i++)
		free_entry(&layer->entries[i]);
	free(layer->entries);
	free(layer->name);
	memset(layer, 0, sizeof(*layer));
}
