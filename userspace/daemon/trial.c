// SPDX-License-Identifier: GPL-2.0
#include "daemon/trial.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/inotify.h>
#include <time.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/base/names.h"
#include "lib/config/deadline.h"

#define NSEC_PER_USEC 1000

/* Locked or signed since the trial began: nobody takes the mode back by hand. */
static bool is_bound(const struct execgate_status *status)
{
	return status->locked || (status->policy.version &&
				  status->policy.mode == EXECGATE_MODE_ENFORCE);
}

/*
 * The mark of a deadline that has passed stays until the mode is back: if that
 * fails, or we die, the next look does it.
 */
static void end_trial(struct daemon *daemon)
{
	struct execgate_status status;
	struct execgate_record *record;
	struct execgate_error err;

	if (!daemon->control ||
	    execgate_netlink_status(daemon->control, &status, &err))
		return;
	if (status.mode == EXECGATE_MODE_ENFORCE && is_bound(&status)) {
		/* Asked for all the same, it would be refused every few seconds. */
		journal_say(EXECGATE_MESSAGE_DEADLINE_PASSED, LOG_WARNING,
			    "nobody confirmed mode enforce in time, but it "
			    "stays: %s",
			    status.locked ? "the gate is locked" :
					    "a signed policy says enforce");
	} else if (status.mode == EXECGATE_MODE_ENFORCE) {
		if (execgate_netlink_mode_set(daemon->control,
					      EXECGATE_MODE_AUDIT, &err)) {
			journal_say(EXECGATE_MESSAGE_MODE_FAILED, LOG_CRIT,
				    "nobody confirmed mode enforce, but it "
				    "could not be taken back: %s",
				    err.message);
			return;
		}
		record = journal_begin(EXECGATE_MESSAGE_DEADLINE_PASSED,
				       LOG_WARNING);
		execgate_record_format(record, "EXECGATE_MODE", "%s",
				       execgate_mode_name(EXECGATE_MODE_AUDIT));
		journal_finish(record, "nobody confirmed mode enforce in time: "
				       "it is audit again");
	}
	execgate_deadline_remove(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_PASSED);
}

static int set_timer(struct daemon *daemon, uint64_t when)
{
	int ret = sd_event_source_set_time(daemon->deadline_timer,
					   when / NSEC_PER_USEC);

	if (ret >= 0)
		ret = sd_event_source_set_enabled(daemon->deadline_timer,
						  SD_EVENT_ONESHOT);
	return ret;
}

/* The timer is set before the command is told so. */
static void take_up(struct daemon *daemon)
{
	struct execgate_record *record;
	uint64_t when, now;
	int ret;

	ret = execgate_deadline_read(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_ASKED,
				     &when);
	if (ret == -EBADMSG)
		execgate_deadline_remove(EXECGATE_RUN_DIR,
					 EXECGATE_DEADLINE_ASKED);
	if (ret || set_timer(daemon, when) < 0 ||
	    execgate_deadline_move(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_ASKED,
				   EXECGATE_DEADLINE_HELD))
		return;
	now = execgate_deadline_now();
	record = journal_begin(EXECGATE_MESSAGE_DEADLINE_HELD, LOG_NOTICE);
	journal_finish(record,
		       "in %" PRIu64 " seconds mode enforce is audit again, "
		       "unless it is confirmed",
		       when > now ? (when - now) / 1000000000 : 0);
}

void trial_look(struct daemon *daemon)
{
	uint64_t when;
	int ret;

	take_up(daemon);
	ret = execgate_deadline_read(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_HELD,
				     &when);
	if (ret == -ENOENT) {
		sd_event_source_set_enabled(daemon->deadline_timer,
					    SD_EVENT_OFF);
	} else if (ret || when <= execgate_deadline_now()) {
		/* One that cannot be read has passed: audit harms nobody. */
		execgate_deadline_move(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_HELD,
				       EXECGATE_DEADLINE_PASSED);
	} else {
		set_timer(daemon, when);
	}
	if (execgate_deadline_read(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_PASSED,
				   &when) != -ENOENT)
		end_trial(daemon);
}

static int on_time(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)source;
	(void)usec;
	trial_look(arg);
	return 0;
}

static int on_change(sd_event_source *source, const struct inotify_event *event,
		     void *arg)
{
	(void)source;
	(void)event;
	trial_look(arg);
	return 0;
}

int trial_init(struct daemon *daemon)
{
	int ret;

	ret = sd_event_add_time(daemon->loop, &daemon->deadline_timer,
				CLOCK_BOOTTIME, UINT64_MAX, 1, on_time, daemon);
	if (ret >= 0)
		ret = sd_event_source_set_enabled(daemon->deadline_timer,
						  SD_EVENT_OFF);
	if (ret < 0)
		return ret;
	/* Without it the regular looks find the same, a few seconds later. */
	sd_event_add_inotify(daemon->loop, NULL, EXECGATE_RUN_DIR,
			     IN_CREATE | IN_DELETE | IN_MOVED_TO, on_change,
			     daemon);
	trial_look(daemon);
	return 0;
}
