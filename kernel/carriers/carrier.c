// SPDX-License-Identifier: GPL-2.0
#include "carriers/carrier.h"

#include "format/cms.h"
#include "format/manifest.h"
#include "format/trailer.h"
#include "trust/floor.h"
#include "trust/keyring.h"
#include "trust/revocation.h"
#include "trust/verify.h"

static const struct {
	enum execgate_carrier id;
	enum execgate_reason (*judge)(struct eg_evidence *ev,
				      struct eg_verdict *verdict);
} carriers[] = {
	{ EXECGATE_CARRIER_VERITY, eg_carrier_verity },
	{ EXECGATE_CARRIER_TRAILER, eg_carrier_trailer },
	{ EXECGATE_CARRIER_ARMOR, eg_carrier_armor },
	{ EXECGATE_CARRIER_MODSIG, eg_carrier_modsig },
};

enum execgate_reason eg_carrier_find(struct eg_evidence *ev,
				     struct eg_verdict *verdict)
{
	if (!ev->found) {
		ev->found = kvmalloc(sizeof(*ev->found), GFP_KERNEL_ACCOUNT);
		if (!ev->found)
			return EXECGATE_REASON_NO_MEMORY;
		eg_draft_begin(&ev->found->draft);
		eg_paths_reset(&ev->found->paths);
	}
	if (ev->drafts)
		verdict->draft = &ev->found->draft;
	return EXECGATE_REASON_ALLOWED;
}

void eg_carrier_forget(struct eg_evidence *ev, struct eg_verdict *verdict)
{
	verdict->draft = NULL;
	kvfree(ev->found);
	ev->found = NULL;
}

enum execgate_reason eg_carrier_settle(struct eg_evidence *ev,
				       struct eg_verdict *verdict)
{
	enum execgate_reason reason = eg_carrier_find(ev, verdict);
	int err;

	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	/* Memory is its owner's, who is in a system call of his own. */
	if (ev->settled || eg_carrier_loads(ev))
		return EXECGATE_REASON_ALLOWED;
	err = eg_reader_renew(&ev->reader) ?:
					     eg_reader_compare(&ev->reader,
							       ev->reader.size - ev->tail.size,
							       ev->tail.data, ev->tail.size);
	ev->settled = !err;
	return eg_verify_reason_of_errno(err);
}

bool eg_carrier_loads(const struct eg_evidence *ev)
{
	return !ev->reader.inode;
}

struct eg_bytes eg_carrier_end(const struct eg_evidence *ev)
{
	struct eg_bytes end = ev->tail;

	if (end.size > EG_TRAILER_SIZE) {
		end.data += end.size - EG_TRAILER_SIZE;
		end.size = EG_TRAILER_SIZE;
	}
	return end;
}

static void judge_signature(struct eg_evidence *ev, struct eg_verdict *verdict)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(carriers); i++) {
		verdict->reason = carriers[i].judge(ev, verdict);
		if (verdict->reason == EXECGATE_REASON_UNSIGNED)
			continue;
		verdict->carrier = carriers[i].id;
		return;
	}
}

/* Not when the file could not be read: a second try would tell another story. */
static bool catalog_may_vouch(enum execgate_reason reason)
{
	return reason != EXECGATE_REASON_ALLOWED &&
	       reason != EXECGATE_REASON_WRITER_OPEN &&
	       reason != EXECGATE_REASON_IO_ERROR &&
	       reason != EXECGATE_REASON_NO_MEMORY &&
	       reason != EXECGATE_REASON_INTERRUPTED;
}

static void judge_catalog(struct eg_evidence *ev, struct eg_verdict *verdict)
{
	struct eg_verdict vouched = { .cacheable = verdict->cacheable };
	enum execgate_reason reason = eg_carrier_catalog(ev, &vouched);

	if (reason == EXECGATE_REASON_UNSIGNED) {
		/* Nothing to add, but for an unsigned file its digest helps. */
		if (verdict->reason == reason && vouched.has_digest) {
			memcpy(verdict->digest, vouched.digest,
			       sizeof(verdict->digest));
			verdict->has_digest = true;
		}
		return;
	}
	*verdict = vouched;
	verdict->reason = reason;
	verdict->carrier = EXECGATE_CARRIER_CATALOG;
}

/*
 * Return true for a digest that a signature or a catalog vouched for, or would have. A
 * content that is revoked is so whoever else vouches for it.
 */
static bool digest_revoked(struct eg_verdict *verdict)
{
	if (!verdict->has_digest ||
	    !eg_revocation_has(EXECGATE_REVOCATION_DIGEST, verdict->digest))
		return false;
	verdict->reason = EXECGATE_REASON_REVOKED;
	return true;
}

void eg_carrier_judge(struct eg_evidence *ev, struct eg_verdict *verdict)
{
	size_t n = min_t(u64, ev->reader.size, sizeof(ev->end));
	int err;

	err = eg_reader_copy(&ev->reader, ev->reader.size - n, ev->end, n);
	if (err) {
		verdict->reason = eg_verify_reason_of_errno(err);
		return;
	}
	ev->tail = (struct eg_bytes){ ev->end, n };

	judge_signature(ev, verdict);
	if (digest_revoked(verdict))
		return;
	if (catalog_may_vouch(verdict->reason))
		judge_catalog(ev, verdict);
	if (verdict->reason == EXECGATE_REASON_ALLOWED &&
	    !digest_revoked(verdict))
		eg_paths_keep(&ev->found->paths, verdict);
}

/*
 * The manifest can rule a file out before it is read: an
 * entry of this size must be in it, and one for this use. A file's own manifest
 * is small.
 */
static enum execgate_reason match_size(const struct eg_evidence *ev,
				       const struct eg_manifest *manifest,
				       u64 payload_size)
{
	enum execgate_reason reason = EXECGATE_REASON_DIGEST_MISMATCH;
	struct eg_manifest_entry entry;
	u32 i;

	for (i = 0; i < manifest->entry_count; i++) {
		eg_manifest_entry_at(manifest, i, &entry);
		if (entry.kind != EG_DIGEST_CONTENT ||
		    entry.size != payload_size)
			continue;
		if (entry.classes & ev->classes)
			return EXECGATE_REASON_ALLOWED;
		reason = EXECGATE_REASON_WRONG_CLASS;
	}
	return reason;
}

static enum execgate_reason match_content(struct eg_evidence *ev,
					  const struct eg_manifest *manifest,
					  u64 payload_size,
					  struct eg_verdict *verdict)
{
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	enum execgate_reason reason;
	int err;

	reason = match_size(ev, manifest, payload_size);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	err = eg_reader_hash(&ev->reader, payload_size, verdict->digest);
	if (err)
		return eg_verify_reason_of_errno(err);
	verdict->has_digest = true;

	if (!eg_manifest_find(manifest, EG_DIGEST_CONTENT, verdict->digest,
			      &entry) ||
	    entry.size != payload_size)
		return EXECGATE_REASON_DIGEST_MISMATCH;

	eg_manifest_identity_at(manifest, entry.identity, &identity);
	verdict->classes = entry.classes;
	eg_verdict_name(verdict, identity.name, identity.version);
	verdict->hardened = eg_rules_have(identity.rules, EG_RULE_HARDENED);
	switch (eg_floor_judge(identity.name, identity.version)) {
	case EG_FLOOR_BELOW:
		return EXECGATE_REASON_ROLLBACK;
	case EG_FLOOR_REPORTED:
		verdict->reported = EXECGATE_REASON_ROLLBACK;
		break;
	case EG_FLOOR_GOOD:
		break;
	}
	eg_paths_say(&ev->found->paths, identity.rules);
	eg_verify_note(verdict->signer, &identity, verdict);
	return EXECGATE_REASON_ALLOWED;
}

/* Cheap before dear, and nothing unverified is acted on: profile, signature, hash. */
enum execgate_reason eg_carrier_judge_message(struct eg_evidence *ev,
					      struct eg_bytes message,
					      u64 payload_size,
					      struct eg_verdict *verdict)
{
	struct eg_manifest manifest;
	enum execgate_reason reason;
	enum eg_format result;
	struct eg_cms cms;

	result = eg_cms_parse(message, &cms);
	if (result == EG_FORMAT_OK)
		result = eg_manifest_parse(cms.content, &manifest);
	if (result != EG_FORMAT_OK)
		return eg_verify_reason(result == EG_FORMAT_ABSENT ?
						EG_FORMAT_MALFORMED :
						result);

	reason = eg_verify_message(message, &cms, (struct eg_bytes){},
				   eg_carrier_loads(ev) ?
					   EXECGATE_PURPOSE_KERNEL :
					   EXECGATE_PURPOSE_FILES,
				   verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	if (!eg_keyring_in_time(verdict->not_after, manifest.created_at))
		return EXECGATE_REASON_EXPIRED;
	return match_content(ev, &manifest, payload_size, verdict);
}
