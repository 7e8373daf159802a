// SPDX-License-Identifier: GPL-2.0
#include "daemon/revocations.h"

#include "daemon/daemon.h"
#include "daemon/journal.h"

#define REVOKED_TRIES 3

/*
 * Every revocation that can be made is made, whatever else is wrong with the file: a
 * line that is
 * not understood must not bring back what the others withdraw.
 */
void revocations_load(struct daemon *daemon)
{
	struct execgate_revocations all;
	struct execgate_error err;
	int ret, tries = 0;

	do {
		if (tries)
			execgate_revocations_free(&all);
		ret = execgate_revocations_load(EXECGATE_REVOKED_FILE, &all,
						&err);
	} while (execgate_error_may_pass(ret) && ++tries < REVOKED_TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	tries = 0;
	do
		ret = execgate_netlink_revoke_add(daemon->control, all.items,
						  all.count, &err);
	while (execgate_error_may_pass(ret) && ++tries < REVOKED_TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	execgate_revocations_free(&all);
}
