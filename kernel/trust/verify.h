/* SPDX-License-Identifier: GPL-2.0 */
/* Is a message good, and which reason is it if not: of a format, of an errno. */
#ifndef EG_VERIFY_H
#define EG_VERIFY_H

#include <linux/execgate.h>

#include "core/verdict.h"
#include "format/cms.h"

enum execgate_reason eg_verify_reason(enum eg_format result);
enum execgate_reason eg_verify_reason_of_errno(int err);

/**
 * eg_verify_message() - eg_keyring_verify(), and who signed into the verdict
 * @detached: what the message is over, or nothing when it carries its content
 * @purpose: what its key must be trusted to sign
 */
enum execgate_reason eg_verify_message(struct eg_bytes message,
				       const struct eg_cms *cms,
				       struct eg_bytes detached,
				       enum execgate_purpose purpose,
				       struct eg_verdict *verdict);

/*
 * A statement counts: it is put to those that vouch for the file, if anybody wants to
 * know (draft in struct eg_verdict).
 */
void eg_verify_note(const u8 signer[EXECGATE_FINGERPRINT_SIZE],
		    const struct eg_manifest_identity *identity,
		    struct eg_verdict *verdict);

#endif /* EG_VERIFY_H */
