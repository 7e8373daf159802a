// SPDX-License-Identifier: GPL-2.0
/* What netlink says of a catalog or a policy that is refused. */
#include "trust/refusal.h"

#include <linux/errno.h>
#include <linux/kernel.h>

#include "cases.h"

static const struct row {
	enum execgate_reason reason;
	int err;
	const char *text;
} rows[] = {
	{ EXECGATE_REASON_UNSIGNED, -EBADMSG,
	  "the policy is malformed, or it is something else" },
	{ EXECGATE_REASON_NOT_REGULAR, -EBADMSG,
	  "the policy is malformed, or it is something else" },
	{ EXECGATE_REASON_MALFORMED, -EBADMSG,
	  "the policy is malformed, or it is something else" },
	{ EXECGATE_REASON_UNKNOWN_SIGNER, -ENOKEY,
	  "the policy is signed by a key this machine does not trust" },
	{ EXECGATE_REASON_BAD_SIGNATURE, -EKEYREJECTED,
	  "the policy was changed after it was signed" },
	{ EXECGATE_REASON_WEAK_ALGORITHM, -ENOPKG,
	  "the policy is signed with an algorithm that is not allowed" },
	{ EXECGATE_REASON_EXPIRED, -EKEYEXPIRED,
	  "the policy was made after the end of the key that signed it" },
	{ EXECGATE_REASON_REVOKED, -EKEYREVOKED,
	  "the key that signed the policy was revoked" },
	{ EXECGATE_REASON_WRONG_PURPOSE, -EACCES,
	  "the key that signed the policy is trusted to sign something else" },
	{ EXECGATE_REASON_ROLLBACK, -ESTALE,
	  "the policy is older than one of its name that was loaded before" },
	{ EXECGATE_REASON_TOO_LARGE, -EFBIG, "the policy is too large" },
	{ EXECGATE_REASON_WRITER_OPEN, -EBUSY,
	  "somebody writes to the policy" },
	{ EXECGATE_REASON_NO_MEMORY, -ENOMEM,
	  "there is no memory for the policy" },
	{ EXECGATE_REASON_INTERRUPTED, -EINTR,
	  "a signal came while the policy was read" },
	{ EXECGATE_REASON_IO_ERROR, -EIO, "the policy could not be read" },
};

static u64 reason_of(const struct netlink_ext_ack *extack)
{
	u64 reason = 0;

	if (extack->cookie_len == sizeof(reason))
		memcpy(&reason, extack->cookie, sizeof(reason));
	return reason;
}

static void test_reasons(void **state)
{
	size_t i;

	assert_int_equal(eg_refusal_errno(EXECGATE_REASON_ALLOWED), 0);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct netlink_ext_ack extack = {};
		int err = eg_refusal_errno(rows[i].reason);

		expect_equal(err, rows[i].err, rows[i].text);
		eg_refusal_tell_signed(&extack, err, "policy");
		assert_string_equal(extack._msg, rows[i].text);
		/* Whatever is not the thing that was asked for is malformed. */
		expect_equal(reason_of(&extack),
			     err == -EBADMSG ? EXECGATE_REASON_MALFORMED :
					       rows[i].reason,
			     rows[i].text);
	}
}

/* What no reason becomes: limits, and what a file system answers. */
static void test_errnos(void **state)
{
	struct netlink_ext_ack extack = {};

	eg_refusal_tell_signed(&extack, -ECANCELED, "catalog");
	assert_string_equal(
		extack._msg,
		"the catalog was revoked, with all older ones of its name");
	assert_int_equal(reason_of(&extack), EXECGATE_REASON_REVOKED);
	eg_refusal_tell_signed(&extack, -ENOSPC, "catalog");
	assert_string_equal(
		extack._msg,
		"there is no more room for the catalog or its entries");
	assert_int_equal(reason_of(&extack), EXECGATE_REASON_TOO_LARGE);
	eg_refusal_tell_signed(&extack, -ENXIO, "catalog");
	assert_string_equal(extack._msg, "the catalog could not be read");
	assert_int_equal(reason_of(&extack), EXECGATE_REASON_IO_ERROR);
}

static void test_own_words(void **state)
{
	struct eg_refusal locked = { EXECGATE_REASON_LOCKED, "locked" };
	struct eg_refusal other = { EXECGATE_REASON_ALLOWED, "no hook" };
	struct netlink_ext_ack extack = {};

	eg_refusal_tell(&extack, &other);
	assert_string_equal(extack._msg, "no hook");
	assert_int_equal(extack.cookie_len, 0);
	eg_refusal_tell(&extack, &locked);
	assert_string_equal(extack._msg, "locked");
	assert_int_equal(reason_of(&extack), EXECGATE_REASON_LOCKED);
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_reasons),
		KERNEL_CASE(test_errnos),
		KERNEL_CASE(test_own_words),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
