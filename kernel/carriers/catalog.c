// SPDX-License-Identifier: GPL-2.0
/* The whole file, to its last byte, is in a signed catalog. */
#include "carriers/carrier.h"
#include "trust/catalog.h"
#include "trust/verify.h"

/*
 * Up to this size a file is hashed too when its size is listed for other uses
 * only, so that its denial can say that: wrong-class.
 */
#define WRONG_CLASS_MAX (16 * 1024 * 1024)

/* Anybody can have a file of any size judged: a catalog has few of the sizes. */
static bool is_worth_a_hash(const struct eg_evidence *ev)
{
	if (eg_catalog_may_have(EG_DIGEST_CONTENT, ev->reader.size,
				ev->classes))
		return true;
	return ev->reader.size <= WRONG_CLASS_MAX &&
	       eg_catalog_may_have(EG_DIGEST_CONTENT, ev->reader.size,
				   EG_MANIFEST_CLASSES);
}

enum execgate_reason eg_carrier_catalog(struct eg_evidence *ev,
					struct eg_verdict *verdict)
{
	enum execgate_reason reason;
	int err;

	if (!is_worth_a_hash(ev))
		return EXECGATE_REASON_UNSIGNED;
	reason = eg_carrier_settle(ev, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	err = eg_reader_hash(&ev->reader, ev->reader.size, verdict->digest);
	if (err)
		return eg_verify_reason_of_errno(err);
	verdict->has_digest = true;
	return eg_catalog_find(EG_DIGEST_CONTENT, verdict->digest,
			       ev->reader.size, ev->classes,
			       eg_carrier_loads(ev), &ev->found->paths,
			       verdict);
}
