// SPDX-License-Identifier: GPL-2.0
#include "trust/verify.h"

#include <linux/errno.h>
#include <linux/string.h>

#include "trust/keyring.h"

enum execgate_reason eg_verify_reason(enum eg_format result)
{
	switch (result) {
#define X(id, reason)        \
	case EG_FORMAT_##id: \
		return EXECGATE_REASON_##reason;
		EG_FORMATS(X)
#undef X
	}
	return EXECGATE_REASON_MALFORMED;
}

enum execgate_reason eg_verify_reason_of_errno(int err)
{
	switch (err) {
	case 0:
		return EXECGATE_REASON_ALLOWED;
	case -ENOMEM:
		return EXECGATE_REASON_NO_MEMORY;
	case -EINTR:
		return EXECGATE_REASON_INTERRUPTED;
	case -EBUSY:
		return EXECGATE_REASON_WRITER_OPEN;
	}
	return EXECGATE_REASON_IO_ERROR;
}

enum execgate_reason eg_verify_message(struct eg_bytes message,
				       const struct eg_cms *cms,
				       struct eg_bytes detached,
				       enum execgate_purpose purpose,
				       struct eg_verdict *verdict)
{
	struct eg_signer signer = {};
	enum execgate_reason reason;

	reason = eg_keyring_verify(message, cms, detached, purpose, &signer);
	verdict->has_signer =
		memchr_inv(signer.fingerprint, 0, sizeof(signer.fingerprint));
	memcpy(verdict->signer, signer.fingerprint, sizeof(verdict->signer));
	verdict->not_after = signer.not_after;
	return reason;
}

void eg_verify_note(const u8 signer[EXECGATE_FINGERPRINT_SIZE],
		    const struct eg_manifest_identity *identity,
		    struct eg_verdict *verdict)
{
	const struct eg_statement statement = {
		.platform = eg_keyring_has(signer, EXECGATE_PURPOSE_PLATFORM),
		.signer = signer,
		.version = identity->version,
		.name = identity->name,
		.rules = identity->rules,
	};

	if (verdict->draft)
		eg_draft_add(verdict->draft, &statement);
}
