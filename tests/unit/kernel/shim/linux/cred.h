/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_CRED_H
#define SHIM_LINUX_CRED_H

#include <linux/sched.h>

struct ns_common {
	unsigned int inum;
};

struct user_namespace {
	int level;
	struct user_namespace *parent;
	kuid_t owner;
	struct ns_common ns;
};

extern struct user_namespace init_user_ns;

#define from_kuid(namespace, uid) ((void)(namespace), (uid).val)

static inline const struct cred *current_real_cred(void)
{
	return current->cred;
}

/* What the kernel itself has, and whoever does something in its name. */
extern const struct cred shim_kernel_cred;

static inline const struct cred *kernel_cred(void)
{
	return &shim_kernel_cred;
}

static inline const struct cred *override_creds(const struct cred *cred)
{
	const struct cred *own = current->cred;

	current->cred = cred;
	return own;
}

static inline void revert_creds(const struct cred *own)
{
	current->cred = own;
}

static inline const struct cred *current_cred(void)
{
	return current->cred;
}

#endif /* SHIM_LINUX_CRED_H */
