// SPDX-License-Identifier: GPL-2.0
/* The whole file, to its last byte, is in a signed catalog. */
#include "carrier.h"
#include "catalog.h"

enum execgate_reason eg_carrier_catalog(struct eg_evidence *ev,
					struct eg_verdict *verdict)
{
	int err;

	if (!eg_catalog_has(EG_DIGEST_CONTENT))
		return EXECGATE_REASON_UNSIGNED;
	err = eg_reader_hash(&ev->reader, ev->reader.size, verdict->digest);
	if (err)
		return eg_carrier_reason_of_errno(err);
	verdict->has_digest = true;
	return eg_catalog_find(EG_DIGEST_CONTENT, verdict->digest, verdict);
}
