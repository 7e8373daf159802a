/* SPDX-License-Identifier: GPL-2.0 */
/*
 * execgated carries the kernel's decisions to the journal and what the
 * administrator configured to the kernel. It decides nothing: while it is dead
 * the gate stays as it is and the kernel keeps the events.
 */
#ifndef EXECGATED_DAEMON_H
#define EXECGATED_DAEMON_H

#include <stdbool.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "lib/config/intent.h"
#include "lib/config/gap.h"
#include "lib/events/resume.h"
#include "lib/netlink/netlink.h"

/**
 * struct daemon - all there is
 * @deadline_timer: of "mode enforce --for"; owned by @loop
 * @root: where the machine's own root is mounted, before the switch to it; NULL = it is "/"
 * @switchers: the programs that the switch starts; NULL behind the last
 * @measure_said: that nothing could be measured is in the journal, when
 * @control: for requests; NULL while the module is not there
 * @events: the subscription; NULL while @control is, or it could not be had
 * @deaf_said: that is in the journal, when
 * @events_source: owns nothing: disabled and unreferenced with @events
 * @status: what the kernel said last; valid while @control is set
 * @intent: what the configuration wants, when it was read last
 * @unread: the kernel could not be asked, so nothing of it was applied
 * @unsettled: part of it is not in force: the kernel did not take it, yet
 * @unsettled_said: that is in the journal, when
 * @gap: why this machine does not enforce, as the journal has it
 * @gap_said: when
 * @pending: profile and gates to be set together with the next mode
 * @instance: the load of the module that @control talks to
 * @was_loaded: the module was there since this daemon began
 * @load_tries: how often it was loaded in vain
 * @load_said: that is in the journal, when
 * @absent_said: the module's absence is in the journal, when (monotonic usec)
 * @not_gating_said: the same for "loaded but not gating"; 0 = it gates
 * @own_said: that a user's own denials are not kept is in the journal, when
 * @foreign: messages of strangers that earlier connections had ignored
 * @foreign_said: how many of all of them are in the journal
 */
struct daemon {
	const char *config_dir;
	const char *keys_dir;
	const char *catalogs_dir;
	const char *root;
	char *const *switchers;
	uint64_t measure_said;
	sd_event *loop;
	sd_event_source *events_source;
	sd_event_source *flush_timer;
	sd_event_source *deadline_timer;
	struct execgate_netlink *control;
	struct execgate_netlink *events;
	struct execgate_resume *resume;
	struct execgate_status status;
	struct execgate_intent intent;
	bool unread;
	bool unsettled;
	uint64_t unsettled_said;
	enum execgate_gap gap;
	uint64_t gap_said;
	struct execgate_policy_change pending;
	uint64_t instance;
	uint64_t deaf_said;
	bool was_loaded;
	unsigned int load_tries;
	uint64_t load_said;
	uint64_t absent_said;
	uint64_t not_gating_said;
	uint64_t own_said;
	uint64_t foreign;
	uint64_t foreign_said;
};

#endif /* EXECGATED_DAEMON_H */
