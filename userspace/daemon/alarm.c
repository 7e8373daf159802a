// SPDX-License-Identifier: GPL-2.0
#include "daemon/alarm.h"

#include "daemon/clock.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"

static void say_gap(const struct daemon *daemon, enum execgate_gap gap)
{
	bool by_hand = gap == EXECGATE_GAP_BY_HAND;
	struct execgate_record *record;
	const char *who = daemon->intent.mode_file[0] ?
				  daemon->intent.mode_file :
				  daemon->config_dir;

	record = journal_begin(EXECGATE_MESSAGE_NOT_ENFORCING,
			       by_hand ? LOG_ALERT : LOG_EMERG);
	execgate_record_format(record, "EXECGATE_CAUSE", "%s",
			       execgate_gap_name(gap));
	journal_finish(record,
		       "NOT ENFORCING: this machine is configured to (%s), but "
		       "%s. Unsigned code runs. Next: %s",
		       who, execgate_gap_text(gap), execgate_gap_next(gap));
}

void alarm_look(struct daemon *daemon)
{
	enum execgate_gap gap;

	/* If the module is not there, nobody has read it. */
	if (!daemon->control)
		execgate_intent_read(daemon->config_dir, EXECGATE_ENFORCED_FILE,
				     &daemon->intent);
	gap = execgate_gap_find(&daemon->intent,
				daemon->control ? &daemon->status : NULL,
				daemon->resume->configured_mode);
	if (gap != daemon->gap)
		daemon->gap_said = 0;
	daemon->gap = gap;
	if (gap && clock_is_due(&daemon->gap_said))
		say_gap(daemon, gap);
}
