// SPDX-License-Identifier: GPL-2.0
/*
 * fs-verity: the file system checks every page it reads against a Merkle tree
 * and lets nobody write, so the root digest stands for the content and the file
 * need not be read. Digests as in Documentation/filesystems/fsverity.rst.
 */
#include "carriers/carrier.h"

#include <linux/fsverity.h>

#include "trust/catalog.h"

enum execgate_reason eg_carrier_verity(struct eg_evidence *ev,
				       struct eg_verdict *verdict)
{
	u8 digest[FS_VERITY_MAX_DIGEST_SIZE];
	enum execgate_reason reason, settled;
	u8 algorithm;
	int size;

	if (!ev->reader.inode || !IS_VERITY(ev->reader.inode))
		return EXECGATE_REASON_UNSIGNED;
	size = fsverity_get_digest(ev->reader.inode, digest, &algorithm, NULL);
	if (size != EG_SHA256_SIZE || algorithm != FS_VERITY_HASH_ALG_SHA256)
		return EXECGATE_REASON_UNSIGNED;
	reason = eg_carrier_find(ev, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	reason = eg_catalog_find(EG_DIGEST_VERITY, digest, ev->reader.size,
				 ev->classes, false, &ev->found->paths,
				 verdict);
	if (reason == EXECGATE_REASON_UNSIGNED)
		return reason;
	/* The file system checks pages that it reads, not those that it has. */
	settled = eg_carrier_settle(ev, verdict);
	if (settled != EXECGATE_REASON_ALLOWED)
		return settled;
	memcpy(verdict->digest, digest, sizeof(verdict->digest));
	verdict->has_digest = true;
	return reason;
}
