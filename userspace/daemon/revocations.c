// SPDX-License-Identifier: GPL-2.0
#include "revocations.h"

#include "daemon.h"
#include "journal.h"

/*
 * What can be revoked is, whatever else is wrong with the file: a line that is
 * not understood must not bring back what the others withdraw.
 */
void revocations_load(struct daemon *daemon)
{
	struct execgate_revocations all;
	struct execgate_error err;

	if (execgate_revocations_load(EXECGATE_REVOKED_FILE, &all, &err))
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	if (execgate_netlink_revoke_add(daemon->control, all.items, all.count,
					&err))
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	execgate_revocations_free(&all);
}
