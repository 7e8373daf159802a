// SPDX-License-Identifier: GPL-2.0
#include "daemon/watch.h"

#include <inttypes.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include "daemon/alarm.h"
#include "daemon/clock.h"
#include "daemon/configure.h"
#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/boot/measure.h"
#include "daemon/module.h"
#include "daemon/stream.h"
#include "daemon/trial.h"
#include "lib/base/names.h"
#include "lib/events/terminal.h"

#define LOAD_TRIES 4
#define LOOK_USEC (5 * CLOCK_USEC_PER_SEC)

static void drop_connection(struct daemon *daemon)
{
	stream_stop(daemon);
	if (daemon->events)
		daemon->foreign += execgate_netlink_foreign(daemon->events);
	if (daemon->control)
		daemon->foreign += execgate_netlink_foreign(daemon->control);
	execgate_netlink_close(daemon->events);
	execgate_netlink_close(daemon->control);
	daemon->events = NULL;
	daemon->control = NULL;
	daemon->not_gating_said = 0;
}

/* An earlier load of the module numbered other events and had other keys. */
static void adopt_instance(struct daemon *daemon)
{
	struct execgate_resume *resume = daemon->resume;
	uint64_t kernel_next = daemon->status.counters.event_next;

	if (resume->instance == daemon->instance &&
	    resume->cursor.next <= kernel_next)
		return;
	stream_flush(daemon);
	execgate_resume_reset(resume, daemon->instance);
}

static void say_started(const struct daemon *daemon)
{
	const struct execgate_status *status = &daemon->status;
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_STARTED, LOG_INFO);
	execgate_record_format(record, "EXECGATE_MODE", "%s",
			       execgate_mode_name(status->mode));
	execgate_record_format(record, "EXECGATE_STATE", "%s",
			       execgate_state_name(status->state));
	execgate_record_format(record, "EXECGATE_VERSION", "%s",
			       status->version);
	journal_finish(record,
		       "execgated runs: module %s is %s, mode %s, %" PRIu64
		       " %s enrolled",
		       status->version, execgate_state_name(status->state),
		       execgate_mode_name(status->mode), status->counters.keys,
		       status->counters.keys == 1 ? "key" : "keys");
}

/* Only what the configuration needs: it does not wait for the events. */
static int connect_control(struct daemon *daemon, struct execgate_error *err)
{
	int ret;

	daemon->instance = execgate_resume_instance();
	ret = execgate_netlink_open(&daemon->control, err);
	if (!ret)
		ret = execgate_netlink_status(daemon->control, &daemon->status,
					      err);
	if (ret) {
		drop_connection(daemon);
		return ret;
	}
	daemon->absent_said = 0;
	daemon->was_loaded = true;
	adopt_instance(daemon);
	configure_gate(daemon, false);
	say_started(daemon);
	return 0;
}

static int connect_events(struct daemon *daemon, struct execgate_error *err)
{
	int ret = execgate_netlink_subscribe(&daemon->events, err);

	if (ret)
		return ret;
	ret = stream_start(daemon);
	if (!ret)
		return 0;
	execgate_netlink_close(daemon->events);
	daemon->events = NULL;
	return execgate_error_errno(err, ret, "cannot wait for events");
}

static void say_absent(struct daemon *daemon, const struct execgate_error *err)
{
	if (!clock_is_due(&daemon->absent_said))
		return;
	journal_say(EXECGATE_MESSAGE_MODULE_GONE, LOG_CRIT,
		    "nothing is gated: %s", err->message);
}

static void say_gating(struct daemon *daemon, uint32_t state)
{
	if (state == EXECGATE_STATE_NOT_GATING) {
		if (clock_is_due(&daemon->not_gating_said))
			journal_say(EXECGATE_MESSAGE_NOT_GATING, LOG_CRIT,
				    "the module execgate is loaded but does "
				    "NOT gate: every program runs. \"execgate "
				    "doctor\" tells why");
		return;
	}
	if (daemon->not_gating_said)
		journal_say(EXECGATE_MESSAGE_GATING, LOG_NOTICE,
			    "the module execgate no longer fails to gate: it "
			    "is %s",
			    execgate_state_name(state));
	daemon->not_gating_said = 0;
}

/* Only root can send to our port: worth an entry, not one for each. */
static void say_forged(struct daemon *daemon)
{
	uint64_t foreign =
		daemon->foreign + execgate_netlink_foreign(daemon->control) +
		(daemon->events ? execgate_netlink_foreign(daemon->events) : 0);
	struct execgate_record *record;

	if (foreign == daemon->foreign_said)
		return;
	record = journal_begin(EXECGATE_MESSAGE_FORGED, LOG_WARNING);
	execgate_record_format(record, "EXECGATE_COUNT", "%" PRIu64,
			       foreign - daemon->foreign_said);
	journal_finish(record,
		       "%" PRIu64 " netlink messages were ignored: they did "
		       "not come from the kernel",
		       foreign - daemon->foreign_said);
	daemon->foreign_said = foreign;
}

static void tell_manager(const struct daemon *daemon)
{
	const struct execgate_status *status = &daemon->status;
	uint64_t denies = 0;

	if (!daemon->control) {
		sd_notify(0, "STATUS=NOTHING IS GATED: the module execgate is "
			     "not loaded");
		return;
	}
	if (status->state == EXECGATE_STATE_NOT_GATING) {
		sd_notify(0, "STATUS=NOT GATING: run \"execgate doctor\"");
		return;
	}
	for (unsigned int i = 0; i < EXECGATE_REASON_COUNT; i++)
		denies += status->counters.denies[i];
	sd_notifyf(0,
		   "STATUS=Mode %s, %" PRIu64 " %s enrolled, %" PRIu64
		   " %s since the "
		   "module was loaded",
		   execgate_mode_name(status->mode), status->counters.keys,
		   status->counters.keys == 1 ? "key" : "keys", denies,
		   status->mode == EXECGATE_MODE_AUDIT ? "would-be denials" :
							 "denials");
}

/* False: the connection is no more. */
static bool look_at_status(struct daemon *daemon)
{
	struct execgate_status now;
	struct execgate_error err;

	if (execgate_resume_instance() != daemon->instance)
		return false;
	if (execgate_netlink_status(daemon->control, &now, &err)) {
		if (err.code == EXECGATE_EXIT_NOT_LOADED)
			return false;
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR, "%s",
			    err.message);
		return true;
	}
	journal_mode(daemon->status.mode, now.mode);
	daemon->status = now;
	say_gating(daemon, daemon->status.state);
	say_forged(daemon);
	if (daemon->events &&
	    daemon->status.counters.event_next > daemon->resume->cursor.next)
		stream_catch_up(daemon);
	return true;
}

/*
 * Until it was there once: what is unloaded later was unloaded by somebody. The kernel
 * may have had no memory for it, or it may be built yet; but a module that refuses fills
 * the kernel's log, so after some tries that is done once an hour.
 */
static void load_module(struct daemon *daemon)
{
	struct execgate_error err;
	bool say;

	if (daemon->was_loaded)
		return;
	say = clock_is_due(&daemon->load_said);
	if (!say && daemon->load_tries >= LOAD_TRIES)
		return;
	daemon->load_tries++;
	if (module_load(&err) && say)
		journal_say(EXECGATE_MESSAGE_MODULE_FAILED, LOG_CRIT,
			    "nothing is gated: %s", err.message);
}

/* A daemon without the module stays, to say so and to wait for it. */
void watch_find(struct daemon *daemon)
{
	struct execgate_error err;

	load_module(daemon);
	if (connect_control(daemon, &err))
		say_absent(daemon, &err);
	else
		say_gating(daemon, daemon->status.state);
}

void watch_begin(struct daemon *daemon)
{
	watch_find(daemon);
	alarm_look(daemon);
}

/* The kernel keeps them, and the next look tries again. */
static void say_deaf(struct daemon *daemon, const struct execgate_error *err)
{
	if (clock_is_due(&daemon->deaf_said))
		journal_say(EXECGATE_MESSAGE_CONNECTION, LOG_ERR,
			    "denials do not reach the journal yet: %s",
			    err->message);
}

void watch_look(struct daemon *daemon)
{
	struct execgate_error err;

	if (daemon->control && !look_at_status(daemon))
		drop_connection(daemon);
	if (daemon->control)
		configure_retry(daemon);
	else
		watch_find(daemon);
	if (daemon->control && !daemon->events && connect_events(daemon, &err))
		say_deaf(daemon, &err);
	alarm_look(daemon);
	measure_look(daemon);
	trial_look(daemon);
	execgate_terminal_reap();
	tell_manager(daemon);
}

static int on_look(sd_event_source *source, uint64_t usec, void *arg)
{
	(void)usec;
	watch_look(arg);
	sd_event_source_set_time(source, clock_now_usec() + LOOK_USEC);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

int watch_start(struct daemon *daemon)
{
	int ret;

	watch_look(daemon);
	/* Floating: the loop owns it. */
	ret = sd_event_add_time(daemon->loop, NULL, CLOCK_MONOTONIC,
				clock_now_usec() + LOOK_USEC, 0, on_look,
				daemon);
	return ret < 0 ? ret : 0;
}

void watch_stop(struct daemon *daemon)
{
	drop_connection(daemon);
}
