// SPDX-License-Identifier: GPL-2.0
#include "daemon/rescue.h"

#include <string.h>
#include <sys/stat.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/config/boots.h"

/* Both the policy and the configuration may ask. */
static void say_fallback(const char *who, const struct execgate_boots *boots)
{
	static bool said;
	struct execgate_record *record;

	if (said)
		return;
	said = true;
	record = journal_begin(EXECGATE_MESSAGE_BOOT_FALLBACK, LOG_EMERG);
	execgate_record_format(record, "EXECGATE_COUNT", "%u", boots->attempts);
	execgate_record_format(record, "EXECGATE_MODE", "audit");
	journal_finish(record,
		       "NOT ENFORCING: %u boots in mode enforce failed in a "
		       "row, so the mode of %s is not set: everything runs. "
		       "Mend it (\"execgate preflight\"), then \"execgate "
		       "mode enforce\"",
		       boots->attempts, who);
}

bool rescue_may_enforce(const struct daemon *daemon, unsigned int limit,
			const char *who)
{
	struct execgate_boots boots, before;
	struct execgate_error err;
	char id[40];
	bool may;

	execgate_boots_id(id);
	if (daemon->status.mode == EXECGATE_MODE_ENFORCE || !id[0])
		return true;
	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	before = boots;
	may = execgate_boots_begin(&boots, id, limit);
	if (!may)
		say_fallback(who, &boots);
	if (!memcmp(&before, &boots, sizeof(boots)))
		return may;
	/* Under systemd it is there already (StateDirectory=). */
	if (!daemon->root)
		mkdir(EXECGATE_STATE_DIR, 0755);
	if (!execgate_boots_store(EXECGATE_BOOTS_FILE, &boots, &err))
		return may;
	journal_say(EXECGATE_MESSAGE_BOOTS_FAILED, LOG_ERR,
		    "this boot is not counted: %s", err.message);
	/* Before the root switch nobody would be there to mend it. */
	return may && (!daemon->root || !limit);
}
