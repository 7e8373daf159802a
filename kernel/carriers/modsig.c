// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's scripts/sign-file appends this: a detached message over all that
 * stands before it. The message does not say what it is over: "openssl dgst -sign"
 * over a file, a signature of IMA's or one over CMS attributes is the same bytes. So
 * it is worth what the key says: only a key that was enrolled for kernel modules
 * counts, only for a module, and only over bytes that begin as a module does, which
 * neither a manifest nor a policy nor signed attributes do.
 */
#include "carriers/carrier.h"
#include "trust/verify.h"

#include "format/cms.h"
#include "format/trailer.h"
#include "trust/keyring.h"

/*
 * The kernel verifies a detached message by hashing all of it once more, in one
 * go: the bound is what a machine without SHA instructions hashes in a tenth of a
 * second.
 */
#define MODSIG_PAYLOAD_MAX (32 * 1024 * 1024)

/* An ELF file, or one compressed as kmod(8) knows to unpack it. */
static bool is_module(const u8 *data, u64 size)
{
	static const struct {
		const char *magic;
		size_t size;
	} beginnings[] = {
		{ "\177ELF", 4 },
		{ "\xfd\x37zXZ", 6 }, /* and its 0 */
		{ "\x1f\x8b\x08", 3 },
		{ "\x28\xb5\x2f\xfd", 4 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (size > beginnings[i].size &&
		    !memcmp(data, beginnings[i].magic, beginnings[i].size))
			return true;
	return false;
}

static enum execgate_reason judge_payload(struct eg_evidence *ev,
					  const struct eg_trailer *trailer,
					  struct eg_verdict *verdict)
{
	struct eg_bytes message = { ev->found->cms, trailer->cms_size };
	struct eg_bytes payload = { ev->reader.memory, trailer->payload_size };
	enum execgate_reason reason;
	enum eg_format result;
	struct eg_cms cms;
	int err;

	result = eg_cms_parse_detached(message, &cms);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result);
	/* It cannot tell altered content from a bad signature. */
	reason = eg_verify_message(message, &cms, payload,
				   EXECGATE_PURPOSE_MODULES, verdict);
	if (reason == EXECGATE_REASON_UNKNOWN_SIGNER ||
	    reason == EXECGATE_REASON_WRONG_PURPOSE)
		return reason;
	err = eg_reader_hash(&ev->reader, payload.size, verdict->digest);
	verdict->has_digest = !err;
	return err ? eg_verify_reason_of_errno(err) : reason;
}

enum execgate_reason eg_carrier_modsig(struct eg_evidence *ev,
				       struct eg_verdict *verdict)
{
	enum execgate_reason reason;
	struct eg_trailer trailer;
	enum eg_format result;
	int err;

	if (!eg_carrier_loads(ev) || !(ev->classes & EXECGATE_CLASS_MODULE))
		return EXECGATE_REASON_UNSIGNED;
	result = eg_trailer_parse_modsig(eg_carrier_end(ev), ev->reader.size,
					 &trailer);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result);
	if (!is_module(ev->reader.memory, trailer.payload_size))
		return EXECGATE_REASON_UNSIGNED;
	if (trailer.payload_size > MODSIG_PAYLOAD_MAX)
		return EXECGATE_REASON_TOO_LARGE;
	reason = eg_carrier_find(ev, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	err = eg_reader_copy(&ev->reader, trailer.payload_size, ev->found->cms,
			     trailer.cms_size);
	if (err)
		return eg_verify_reason_of_errno(err);
	verdict->classes = EXECGATE_CLASS_MODULE;
	return judge_payload(ev, &trailer, verdict);
}
