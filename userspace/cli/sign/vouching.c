// SPDX-License-Identifier: GPL-2.0
#include "cli/sign/vouching.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/common/output.h"
#include "lib/base/array.h"

/* One that is damaged or of a stranger vouches for nothing, and the others do. */
static int take_catalog(const char *path, void *arg)
{
	struct vouching *vouching = arg;
	struct execgate_catalog_file file;
	struct vouching_item *item;
	struct execgate_error err;
	const struct execgate_certificate *signer;

	if (execgate_catalog_file_load(path, &file, &err))
		return 0;
	if (execgate_catalog_file_verify(path, &file, vouching->trust, &signer,
					 &err)) {
		execgate_catalog_file_free(&file);
		return 0;
	}
	item = execgate_array_add(vouching->items, vouching->count);
	if (!item) {
		execgate_catalog_file_free(&file);
		vouching->no_memory = true;
		return 0;
	}
	*item = (struct vouching_item){ file, signer };
	vouching->count++;
	return 0;
}

static void read_catalogs(struct vouching *vouching)
{
	const char *const dirs[] = { EXECGATE_CATALOG_SHIPPED_DIR,
				     vouching->dir };
	struct execgate_error err;

	if (vouching->is_read)
		return;
	vouching->is_read = true;
	for (size_t i = 0; i < 2; i++)
		if (execgate_catalog_file_list(dirs[i], take_catalog, vouching,
					       &err))
			output_warning("%s", err.message);
	if (vouching->no_memory)
		output_warning("not all catalogs fit into memory");
}

static bool is_listed(const struct vouching_item *item, const uint8_t *digest,
		      uint64_t size, struct execgate_verdict *verdict)
{
	const struct eg_manifest *m = &item->file.manifest;

	if (!eg_manifest_find(m, EG_DIGEST_CONTENT, digest, &verdict->entry) ||
	    verdict->entry.size != size)
		return false;
	eg_manifest_identity_at(m, verdict->entry.identity, &verdict->identity);
	memcpy(verdict->digest, digest, EG_SHA256_SIZE);
	verdict->digested = true;
	verdict->reason = EXECGATE_REASON_ALLOWED;
	verdict->signature.carrier = EXECGATE_CARRIER_CATALOG;
	verdict->signature.payload_size = size;
	verdict->cms = item->file.cms;
	verdict->cms_valid = true;
	verdict->manifest = *m;
	verdict->manifest_valid = true;
	verdict->signer = item->signer;
	return true;
}

const char *vouching_ask(struct vouching *vouching, int fd,
			 struct execgate_verdict *verdict)
{
	uint8_t digest[EG_SHA256_SIZE];
	struct stat st;

	read_catalogs(vouching);
	if (!vouching->count || fstat(fd, &st) ||
	    execgate_signature_digest(fd, (uint64_t)st.st_size, false, digest))
		return NULL;
	for (size_t i = 0; i < vouching->count; i++)
		if (is_listed(&vouching->items[i], digest, (uint64_t)st.st_size,
			      verdict))
			return vouching->items[i].file.name;
	return NULL;
}

void vouching_free(struct vouching *vouching)
{
	for (size_t i = 0; i < vouching->count; i++)
		execgate_catalog_file_free(&vouching->items[i].file);
	free(vouching->items);
	memset(vouching, 0, sizeof(*vouching));
}
