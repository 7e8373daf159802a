// SPDX-License-Identifier: GPL-2.0
#include "trust/refusal.h"

#include <linux/errno.h>
#include <linux/kernel.h>

/*
 * An errno stands in one row. A reason may stand in two: its first row is what a
 * verdict with it becomes.
 */
static const struct {
	enum execgate_reason reason;
	int err;
	const char *before; /* "the catalog" or "the policy" */
	const char *after;
} refusals[] = {
	{ EXECGATE_REASON_ALLOWED, 0, "", " is loaded" },
	{ EXECGATE_REASON_MALFORMED, -EBADMSG, "",
	  " is malformed, or it is something else" },
	{ EXECGATE_REASON_UNKNOWN_SIGNER, -ENOKEY, "",
	  " is signed by a key this machine does not trust" },
	{ EXECGATE_REASON_BAD_SIGNATURE, -EKEYREJECTED, "",
	  " was changed after it was signed" },
	{ EXECGATE_REASON_WEAK_ALGORITHM, -ENOPKG, "",
	  " is signed with an algorithm that is not allowed" },
	{ EXECGATE_REASON_EXPIRED, -EKEYEXPIRED, "",
	  " was made after the end of the key that signed it" },
	{ EXECGATE_REASON_REVOKED, -EKEYREVOKED, "the key that signed ",
	  " was revoked" },
	{ EXECGATE_REASON_REVOKED, -ECANCELED, "",
	  " was revoked, with all older ones of its name" },
	{ EXECGATE_REASON_WRONG_PURPOSE, -EACCES, "the key that signed ",
	  " is trusted to sign something else" },
	{ EXECGATE_REASON_ROLLBACK, -ESTALE, "",
	  " is older than one of its name that was loaded before" },
	{ EXECGATE_REASON_TOO_LARGE, -EFBIG, "", " is too large" },
	{ EXECGATE_REASON_TOO_LARGE, -ENOSPC, "there is no more room for ",
	  " or its entries" },
	{ EXECGATE_REASON_WRITER_OPEN, -EBUSY, "somebody writes to ", "" },
	{ EXECGATE_REASON_NO_MEMORY, -ENOMEM, "there is no memory for ", "" },
	{ EXECGATE_REASON_INTERRUPTED, -EINTR, "a signal came while ",
	  " was read" },
	{ EXECGATE_REASON_IO_ERROR, -EIO, "", " could not be read" },
};

int eg_refusal_errno(enum execgate_reason reason)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].reason == reason)
			return refusals[i].err;
	/* UNSIGNED and NOT_REGULAR: it is not what it should be. */
	return -EBADMSG;
}

/* The last row: what is left is what a file system answered. */
static size_t row_of(int err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].err == err)
			return i;
	return ARRAY_SIZE(refusals) - 1;
}

enum execgate_reason eg_refusal_reason(int err)
{
	return refusals[row_of(err)].reason;
}

static void set_reason(struct netlink_ext_ack *extack,
		       enum execgate_reason reason)
{
	if (extack && reason != EXECGATE_REASON_ALLOWED)
		nl_set_extack_cookie_u64(extack, reason);
}

void eg_refusal_tell_signed(struct netlink_ext_ack *extack, int err,
			    const char *what)
{
	size_t i = row_of(err);

	set_reason(extack, refusals[i].reason);
	NL_SET_ERR_MSG_FMT(extack, "%sthe %s%s", refusals[i].before, what,
			   refusals[i].after);
}

void eg_refusal_tell(struct netlink_ext_ack *extack,
		     const struct eg_refusal *refusal)
{
	set_reason(extack, refusal->reason);
	NL_SET_ERR_MSG_FMT(extack, "%s", refusal->text);
}
