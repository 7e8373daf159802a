/* SPDX-License-Identifier: GPL-2.0 */
/* Catalogs to load, and digests to look up in them. */
#ifndef KERNEL_LISTED_H
#define KERNEL_LISTED_H

#include "trust/catalog.h"
#include "fake.h"

/* Digests are one byte, 32 times; all files are of LISTED_SIZE. */
extern u8 digests[256][EG_SHA256_SIZE];
#define LISTED_SIZE 5

void catalogs_begin(void);
void catalogs_end(void);

/* Load these bytes. Return: as eg_catalog_add(). */
int load_bytes(struct eg_bytes bytes, struct eg_catalog_info *info);
int load_manifest(char signer, const struct forged_manifest *manifest);
/* A catalog that lists one digest, as content. */
int load(char signer, const char *name, u64 sequence, u8 digest, u16 classes);

/* What the last lookup said of paths. */
extern struct eg_paths_said paths;

/* For any use. */
enum execgate_reason find(u8 digest, struct eg_verdict *verdict);

/* As the kernel loads it. */
enum execgate_reason find_to_load(u8 digest, u16 wanted,
				  struct eg_verdict *verdict);

#endif /* KERNEL_LISTED_H */
