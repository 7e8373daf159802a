// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel's scripts/sign-file appends: a detached message over all that
 * stands before it. It has no manifest, so it says neither what the file is for
 * nor who it is: any use as code is allowed. The kernel verifies a detached
 * message over bytes in memory only, hence the bound.
 */
#include "carrier.h"

#include <linux/mm.h>

#include "digest.h"
#include "format/cms.h"
#include "format/trailer.h"
#include "keyring.h"

#define MODSIG_PAYLOAD_MAX (32 * 1024 * 1024)

static enum execgate_reason judge_payload(struct eg_evidence *ev,
					  const struct eg_trailer *trailer,
					  struct eg_verdict *verdict)
{
	struct eg_bytes message = { ev->cms_buffer, trailer->cms_size };
	enum execgate_reason reason;
	enum eg_format result;
	struct eg_cms cms;
	u8 *payload;
	int err;

	result = eg_cms_parse_detached(message, &cms);
	if (result != EG_FORMAT_OK)
		return eg_carrier_reason(result);
	/* Before 32 MiB are read for it: is it a key of ours at all? */
	if (!eg_keyring_names_signer(&cms))
		return EXECGATE_REASON_UNKNOWN_SIGNER;
	payload = kvmalloc(trailer->payload_size,
			   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!payload)
		return EXECGATE_REASON_NO_MEMORY;
	err = eg_reader_copy(&ev->reader, 0, payload, trailer->payload_size);
	if (!err)
		err = eg_digest_bytes(payload, trailer->payload_size,
				      verdict->digest);
	verdict->has_digest = !err;
	reason = err ? eg_carrier_reason_of_errno(err) :
		       eg_carrier_verify(message, &cms,
					 (struct eg_bytes){
						 payload,
						 trailer->payload_size },
					 verdict);
	kvfree(payload);
	return reason;
}

enum execgate_reason eg_carrier_modsig(struct eg_evidence *ev,
				       struct eg_verdict *verdict)
{
	enum execgate_reason reason;
	struct eg_trailer trailer;
	enum eg_format result;
	int err;

	result = eg_trailer_parse_modsig(eg_carrier_end(ev), ev->reader.size,
					 &trailer);
	if (result != EG_FORMAT_OK)
		return eg_carrier_reason(result);
	if (trailer.payload_size > MODSIG_PAYLOAD_MAX)
		return EXECGATE_REASON_TOO_LARGE;
	reason = eg_carrier_settle(ev);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	err = eg_reader_copy(&ev->reader, trailer.payload_size, ev->cms_buffer,
			     trailer.cms_size);
	if (err)
		return eg_carrier_reason_of_errno(err);

	reason = judge_payload(ev, &trailer, verdict);
	verdict->classes = EXECGATE_CLASS_PROGRAM | EXECGATE_CLASS_LIBRARY |
			   EXECGATE_CLASS_INTERPRETER | EXECGATE_CLASS_SCRIPT |
			   EXECGATE_CLASS_MODULE;
	/* A detached message cannot tell altered content from a bad signature. */
	return reason;
}
