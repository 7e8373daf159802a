// SPDX-License-Identifier: GPL-2.0
#include "lib/catalog/item.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/io.h"
#include "lib/crypto/verity.h"
#include "lib/sign/classify.h"

#define CHUNK (256 * 1024)
/* A file that is being replaced settles within so many looks. */
#define TRIES 4

struct digests {
	EVP_MD_CTX *sha256;
	EVP_MD_CTX *md5;
};

static int feed_hashes(const struct digests *digests, int fd, uint64_t size,
		       uint8_t *chunk)
{
	uint64_t at;
	size_t n;
	int ret;

	for (at = 0; at < size; at += n) {
		n = size - at < CHUNK ? size - at : CHUNK;
		ret = execgate_io_pread(fd, chunk, n, at);
		if (ret)
			return ret;
		if (!EVP_DigestUpdate(digests->sha256, chunk, n) ||
		    !EVP_DigestUpdate(digests->md5, chunk, n))
			return -EIO;
	}
	return 0;
}

/* Both in one pass: the disk is slower than either. */
static int hash_content(int fd, uint64_t size, struct execgate_hash *out)
{
	struct digests digests = { EVP_MD_CTX_new(), EVP_MD_CTX_new() };
	uint8_t *chunk = malloc(CHUNK);
	int ret = -ENOMEM;

	if (chunk && digests.sha256 && digests.md5 &&
	    EVP_DigestInit_ex(digests.sha256, EVP_sha256(), NULL) &&
	    EVP_DigestInit_ex(digests.md5, EVP_md5(), NULL))
		ret = feed_hashes(&digests, fd, size, chunk);
	if (!ret && (!EVP_DigestFinal_ex(digests.sha256, out->sha256, NULL) ||
		     !EVP_DigestFinal_ex(digests.md5, out->md5, NULL)))
		ret = -EIO;
	free(chunk);
	EVP_MD_CTX_free(digests.sha256);
	EVP_MD_CTX_free(digests.md5);
	return ret;
}

bool execgate_catalog_item_is_packed(int fd, const char *name, uint64_t size)
{
	static const struct {
		const char *ending;
		const char *magic;
		size_t magic_size;
	} packed[] = {
		{ ".ko.xz",
		  "\xfd"
		  "7zXZ\0",
		  6 },
		{ ".ko.zst", "\x28\xb5\x2f\xfd", 4 },
		{ ".ko.gz", "\x1f\x8b", 2 },
	};
	size_t i, ending, length = strlen(name);
	char start[6];

	if (size < sizeof(start) || execgate_io_pread(fd, start, 6, 0))
		return false;
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		ending = strlen(packed[i].ending);
		if (length > ending &&
		    strcmp(name + length - ending, packed[i].ending) == 0)
			return memcmp(start, packed[i].magic,
				      packed[i].magic_size) == 0;
	}
	return false;
}

/* A kernel to boot: boot protocol 2.00 of x86 or later, as kexec takes it. */
static bool is_kernel_image(int fd, uint64_t size)
{
	static const char magic[] = "\x55\xaa..HdrS";
	char found[sizeof(magic) - 1];

	if (size < 0x1fe + sizeof(found) ||
	    execgate_io_pread(fd, found, sizeof(found), 0x1fe))
		return false;
	return !memcmp(found, magic, 2) && !memcmp(found + 4, magic + 4, 4);
}

int execgate_catalog_item_hash(int fd, const char *name, uint64_t size,
			       bool is_read, struct execgate_hash *out,
			       struct execgate_error *err)
{
	struct execgate_classification found;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_classify(fd, name, size, &found, err);
	/* A script with a binary part runs all the same. */
	if (ret == -EINVAL && found.classes)
		ret = 0;
	if (ret == -ENOEXEC &&
	    execgate_catalog_item_is_packed(fd, name, size)) {
		found.classes = EXECGATE_CLASS_MODULE;
		ret = 0;
	}
	if (ret == -ENOEXEC && is_kernel_image(fd, size)) {
		found.classes = EXECGATE_CLASS_DATA;
		ret = 0;
	}
	if (ret == -ENOEXEC && is_read) {
		found.classes = EXECGATE_CLASS_SCRIPT;
		out->by_name = true;
		ret = 0;
	}
	if (ret)
		return ret;
	out->classes = found.classes;
	ret = hash_content(fd, size, out);
	return ret ? execgate_error_errno(err, ret, "cannot read %s", name) : 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

/* -EAGAIN: it changed under our hands. */
static int hash_opened(int fd, const struct execgate_catalog_item *item,
		       struct execgate_hash_cache *cache,
		       const struct stat *before, struct execgate_hash *out,
		       struct execgate_error *err)
{
	struct stat after;
	int ret = execgate_catalog_item_hash(fd, item->path,
					     (uint64_t)before->st_size,
					     item->is_read, out, err);

	if (ret && ret != -ENOEXEC)
		return ret;
	if (fstat(fd, &after) < 0 || !is_same(before, &after))
		return execgate_error_set(err, -EAGAIN, EXECGATE_EXIT_ERROR,
					  "%s is being written to; try again "
					  "when it is complete",
					  item->path);
	execgate_hash_cache_put(cache, before, out);
	return ret;
}

static int take_verity(int fd, struct execgate_catalog_item *item,
		       const struct execgate_catalog_reading *how,
		       struct execgate_error *err)
{
	int ret = 0;

	if (how->enable_verity)
		ret = execgate_verity_enable(fd, item->path, err);
	if (!ret)
		ret = execgate_verity_measure(fd, item->path, item->digest,
					      err);
	if (!ret)
		item->kind = EG_DIGEST_VERITY;
	/* Without one it is listed by its content. */
	if (ret == -ENODATA && !how->enable_verity)
		return 0;
	return ret;
}

static int open_item(const struct execgate_catalog_item *item, struct stat *st)
{
	/* The name itself: where a link leads is listed under its own name. */
	int flags = item->required ? 0 : O_NOFOLLOW;
	int fd = open(item->path,
		      O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);

	if (fd < 0)
		return -errno;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return fd;
	close(fd);
	return -ELOOP;
}

/* Another name of the file may have been hashed, under which it is code. */
static bool find_known(struct execgate_catalog_item *item,
		       struct execgate_hash_cache *cache, const struct stat *st)
{
	if (!execgate_hash_cache_find(cache, st, &item->hash))
		return false;
	if (item->hash.by_name && !item->is_read)
		item->hash.classes = 0;
	return item->hash.classes || !item->is_read;
}

static void take_hash(struct execgate_catalog_item *item, const struct stat *st)
{
	item->size = (uint64_t)st->st_size;
	item->mtime = st->st_mtim.tv_sec > 0 ? (uint64_t)st->st_mtim.tv_sec : 0;
	item->kind = EG_DIGEST_CONTENT;
	memcpy(item->digest, item->hash.sha256, sizeof(item->digest));
}

static int read_opened(int fd, struct execgate_catalog_item *item,
		       const struct execgate_catalog_reading *how,
		       const struct stat *st, struct execgate_error *err)
{
	int ret = 0;

	if (!find_known(item, how->cache, st))
		ret = hash_opened(fd, item, how->cache, st, &item->hash, err);
	if (ret == -ENOEXEC || (!ret && !item->hash.classes))
		ret = execgate_error_set(err, -ENOEXEC, EXECGATE_EXIT_ERROR,
					 "%s is neither ELF code nor a script "
					 "nor a kernel module or image",
					 item->path);
	if (ret)
		return ret;
	take_hash(item, st);
	return how->verity ? take_verity(fd, item, how, err) : 0;
}

static enum execgate_catalog_result
judge(const struct execgate_catalog_item *item)
{
	if (item->has_md5)
		return memcmp(item->md5, item->hash.md5, EXECGATE_MD5_SIZE) ?
			       EXECGATE_CATALOG_CHANGED :
			       EXECGATE_CATALOG_TAKEN;
	return item->must_match ? EXECGATE_CATALOG_UNRECORDED :
				  EXECGATE_CATALOG_TAKEN;
}

/*
 * Most of a system was seen before and is no other file now: it need not be opened, as
 * its times say by its name what they say of it when it is open.
 * Return: 1 when it must be opened.
 */
static int look_at_item(struct execgate_catalog_item *item,
			const struct execgate_catalog_reading *how)
{
	bool known;
	struct stat st;

	if (lstat(item->path, &st))
		return errno == ENOENT || errno == ENOTDIR ? -ENOEXEC : 1;
	known = S_ISREG(st.st_mode) && find_known(item, how->cache, &st);
	if (!S_ISREG(st.st_mode) || (known && !item->hash.classes)) {
		item->is_data = true;
		return -ENOEXEC;
	}
	if (!known || how->verity)
		return 1;
	take_hash(item, &st);
	return 0;
}

static int read_item(struct execgate_catalog_item *item,
		     const struct execgate_catalog_reading *how,
		     struct execgate_error *err)
{
	struct stat st;
	int ret, fd;

	if (!item->required) {
		ret = look_at_item(item, how);
		if (ret <= 0)
			return ret;
	}
	fd = open_item(item, &st);
	if (fd < 0 && !item->required &&
	    (fd == -ENOENT || fd == -ENOTDIR || fd == -ELOOP || fd == -ENXIO))
		return -ENOEXEC;
	if (fd == -ELOOP)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
					  "%s is not a regular file",
					  item->path);
	if (fd < 0)
		return execgate_error_errno(err, fd, "cannot open %s",
					    item->path);
	ret = read_opened(fd, item, how, &st, err);
	item->is_data = ret == -ENOEXEC;
	close(fd);
	return ret;
}

void execgate_catalog_item_read(struct execgate_catalog_item *item,
				const struct execgate_catalog_reading *how)
{
	struct execgate_error err;
	int ret, tries = TRIES;

	do
		ret = read_item(item, how, &err);
	while (ret == -EAGAIN && --tries);
	if (!ret) {
		item->result = judge(item);
	} else if (ret == -ENOEXEC && !item->required) {
		item->result = EXECGATE_CATALOG_SKIPPED;
	} else {
		item->result = EXECGATE_CATALOG_FAILED;
		item->error = malloc(sizeof(*item->error));
		if (item->error)
			*item->error = err;
	}
}
