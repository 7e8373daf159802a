/* SPDX-License-Identifier: GPL-2.0 */
/* A policy that a trusted key has signed: from a file to what it says. */
#ifndef EG_SIGNED_POLICY_H
#define EG_SIGNED_POLICY_H

#include <linux/fs.h>

#include "core/policy.h"
#include "core/verdict.h"
#include "format/policy.h"

/**
 * struct eg_signed_policy - zeroed = none
 * @version: never 0
 * @says: mode, profile and gates, all of them
 * @content: the object itself, to tell another of the same version by
 */
struct eg_signed_policy {
	u64 version;
	u64 created;
	struct eg_policy says;
	u8 signer[EXECGATE_FINGERPRINT_SIZE];
	char name[EXECGATE_POLICY_NAME_MAX + 1];
	size_t content_size;
	u8 content[EG_POLICY_OBJECT_MAX];
};

/**
 * eg_signed_policy_read() - read and verify
 * @verdict: filled as for a file that would run: why not, and whose it is
 * @out: filled when the reason is ALLOWED
 *
 * Nothing that is not verified is looked into. Sleeps.
 */
void eg_signed_policy_read(struct file *file, struct eg_verdict *verdict,
			   struct eg_signed_policy *out);

#endif /* EG_SIGNED_POLICY_H */
