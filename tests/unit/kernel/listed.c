// SPDX-License-Identifier: GPL-2.0
#include "listed.h"

#include <linux/kernel.h>

#include "cases.h"
#include "trust/revocation.h"
#include "support.h"

u8 digests[256][EG_SHA256_SIZE];
struct eg_paths_said paths;

void catalogs_begin(void)
{
	int i;

	for (i = 0; i < 256; i++)
		memset(digests[i], i, EG_SHA256_SIZE);
	assert_int_equal(eg_catalog_init(), 0);
}

void catalogs_end(void)
{
	eg_catalog_exit();
	eg_revocation_exit();
	assert_int_equal(shim_allocated(), 0);
}

int load_bytes(struct eg_bytes bytes, struct eg_catalog_info *info)
{
	struct inode inode;
	struct file file;
	int err;

	fake_file(&file, &inode, bytes);
	err = eg_catalog_add(&file, info);
	assert_int_equal(file.references, 0);
	return err;
}

int load_manifest(char signer, const struct forged_manifest *manifest)
{
	struct eg_bytes content = forge_manifest(manifest);
	struct eg_bytes message = forge_message(signer, content);
	struct eg_catalog_info info;
	int err = load_bytes(message, &info);

	/* Whose it is must be known of one that its key may not sign. */
	if (err == -EACCES)
		assert_int_equal(info.signer[0], signer);
	bytes_free(content);
	bytes_free(message);
	if (!err) {
		assert_int_equal(info.sequence, manifest->sequence);
		assert_int_equal(info.created, manifest->created);
		assert_int_equal(info.name_size, strlen(manifest->name));
		assert_memory_equal(info.name, manifest->name, info.name_size);
		assert_int_equal(info.signer[0], signer);
	}
	return err;
}

int load(char signer, const char *name, u64 sequence, u8 digest, u16 classes)
{
	const struct forged_manifest manifest = {
		.name = name,
		.sequence = sequence,
		.created = 1700000000,
		.identities = { { "org.example/x", NULL, digest } },
		.entries = { { digests[digest], LISTED_SIZE, classes } },
	};

	return load_manifest(signer, &manifest);
}

enum execgate_reason find(u8 digest, struct eg_verdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	return eg_catalog_find(EG_DIGEST_CONTENT, digests[digest], LISTED_SIZE,
			       EG_MANIFEST_CLASSES, false, &paths, verdict);
}

enum execgate_reason find_to_load(u8 digest, u16 wanted,
				  struct eg_verdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	return eg_catalog_find(EG_DIGEST_CONTENT, digests[digest], LISTED_SIZE,
			       wanted, true, &paths, verdict);
}
