// SPDX-License-Identifier: GPL-2.0
#include "lib/events/changed.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/io.h"

#define CHUNK (256 * 1024)
/* Files of packages are smaller; a denied user must not keep us busy. */
#define SIZE_MAX_HASHED (256 * 1024 * 1024)

static bool hash_file(int fd, uint64_t size, uint8_t out[EXECGATE_MD5_SIZE])
{
	EVP_MD_CTX *md5 = EVP_MD_CTX_new();
	uint8_t *chunk = malloc(CHUNK);
	bool good = md5 && chunk && EVP_DigestInit_ex(md5, EVP_md5(), NULL);
	uint64_t at;
	size_t n;

	for (at = 0; good && at < size; at += n) {
		n = size - at < CHUNK ? size - at : CHUNK;
		good = !execgate_io_pread(fd, chunk, n, at) &&
		       EVP_DigestUpdate(md5, chunk, n);
	}
	good = good && EVP_DigestFinal_ex(md5, out, NULL);
	free(chunk);
	EVP_MD_CTX_free(md5);
	return good;
}

/* @event: the file must be that one; or NULL */
static bool differs_from(const struct execgate_package_query *query,
			 const struct execgate_event *event)
{
	int fd =
		open(query->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	uint8_t md5[EXECGATE_MD5_SIZE];
	struct stat st;
	bool changed;

	if (fd < 0)
		return false;
	changed =
		!fstat(fd, &st) && S_ISREG(st.st_mode) &&
		st.st_size <= SIZE_MAX_HASHED &&
		(!event || (st.st_ino == event->ino &&
			    major(st.st_dev) == execgate_event_major(event) &&
			    minor(st.st_dev) == execgate_event_minor(event))) &&
		hash_file(fd, (uint64_t)st.st_size, md5) &&
		memcmp(md5, query->md5, sizeof(md5));
	close(fd);
	return changed;
}

bool execgate_changed_file(const struct execgate_package_query *query)
{
	return query->package[0] && query->has_md5 && differs_from(query, NULL);
}

bool execgate_changed_reason(uint32_t reason)
{
	return reason == EXECGATE_REASON_UNSIGNED ||
	       reason == EXECGATE_REASON_DIGEST_MISMATCH ||
	       reason == EXECGATE_REASON_MALFORMED ||
	       reason == EXECGATE_REASON_UNKNOWN_SIGNER ||
	       reason == EXECGATE_REASON_BAD_SIGNATURE ||
	       reason == EXECGATE_REASON_MODULE;
}

void execgate_changed_find(const char *admindir, struct execgate_event *event)
{
	struct execgate_package_query query = { .path = event->path };
	struct stat st;

	event->changed[0] = '\0';
	if (!execgate_changed_reason(event->reason) || event->path[0] != '/' ||
	    event->path_cut)
		return;
	/* Cheap before dear: of a path that leads elsewhere nothing is known. */
	if (stat(event->path, &st) || st.st_ino != event->ino)
		return;
	if (execgate_packages_find(admindir, &query, 1) || !query.package[0] ||
	    !query.has_md5 || !differs_from(&query, event))
		return;
	snprintf(event->changed, sizeof(event->changed), "%s", query.package);
}
