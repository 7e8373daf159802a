/* SPDX-License-Identifier: GPL-2.0 */
/* Why a request over netlink is refused: a reason, its errno, a sentence. */
#ifndef EG_REFUSAL_H
#define EG_REFUSAL_H

#include <linux/execgate.h>
#include <linux/netlink.h>

/**
 * struct eg_refusal - filled by who refuses
 * @reason: for programs; ALLOWED = only the errno says it
 * @text: for people; a literal
 */
struct eg_refusal {
	enum execgate_reason reason;
	const char *text;
};

/* The one errno of what signed objects are refused for; 0 for ALLOWED. */
int eg_refusal_errno(enum execgate_reason reason);
/* And back: what an errno of theirs was. */
enum execgate_reason eg_refusal_reason(int err);

/**
 * eg_refusal_tell_signed() - a catalog or a policy was refused with @err
 * @what: "catalog" or "policy"
 */
void eg_refusal_tell_signed(struct netlink_ext_ack *extack, int err,
			    const char *what);

/*
 * The sentence goes into the acknowledgement's message, the reason into its cookie
 * (NLMSGERR_ATTR_COOKIE, a u64), which the kernel sends with errors too.
 */
void eg_refusal_tell(struct netlink_ext_ack *extack,
		     const struct eg_refusal *refusal);

#endif /* EG_REFUSAL_H */
