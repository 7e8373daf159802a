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
 */
struct eg_signed_policy {
	u64 version;
	u64 created;
	struct eg_policy says;
	u8 signer[EXECGATE_FINGERPRINT_SIZE];
	char name[EXECGATE_POLICY_NAME_MAX + 1];
};

/* The object itself, to tell another of the same version by; its floors and users are in it. */
struct eg_policy_content {
	u16 size;
	u16 floors_at;
	u16 users_at;
	u8 bytes[EG_POLICY_OBJECT_MAX];
};

static inline struct eg_bytes
eg_policy_content_floors(const struct eg_policy_content *content)
{
	return (struct eg_bytes){ content->bytes + content->floors_at,
				  content->users_at - content->floors_at };
}

static inline struct eg_bytes
eg_policy_content_users(const struct eg_policy_content *content)
{
	return (struct eg_bytes){ content->bytes + content->users_at,
				  content->size - content->users_at };
}

/* Below which version of @name it says that nothing counts; 0: it says nothing. */
u64 eg_policy_content_floor(const struct eg_policy_content *content,
			    struct eg_bytes name);
/* Does it constrain this user? */
bool eg_policy_content_has_user(const struct eg_policy_content *content,
				u64 uid);

/**
 * eg_signed_policy_read() - read and verify
 * @verdict: filled as for a file that would run: why not, and whose it is
 * @out, @content: filled when the reason is ALLOWED
 *
 * Nothing that is not verified is looked into. Sleeps.
 */
void eg_signed_policy_read(struct file *file, struct eg_verdict *verdict,
			   struct eg_signed_policy *out,
			   struct eg_policy_content *content);

#endif /* EG_SIGNED_POLICY_H */
