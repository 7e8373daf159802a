// SPDX-License-Identifier: GPL-2.0
/* The one screen: what is wrong, what is in force, what the next boot will be. */
#include "cli/gate/status.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/policy_print.h"
#include "cli/common/policy_view.h"
#include "lib/base/escape.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/config/boots.h"
#include "lib/events/record.h"

#define NSEC_PER_SEC 1000000000ull

int status_exit(unsigned int state, unsigned int mode)
{
	if (state != EXECGATE_STATE_GATING)
		return EXECGATE_EXIT_NOT_GATING;
	if (mode != EXECGATE_MODE_ENFORCE)
		return EXECGATE_EXIT_AUDIT;
	return EXECGATE_EXIT_OK;
}

void status_print_next_boot(const struct execgate_intent *intent)
{
	char *file =
		output_escape(intent->mode_file, strlen(intent->mode_file));

	if (intent->unread)
		output_field("Next boot", "unknown: the configuration cannot "
					  "be read");
	else
		output_field("Next boot", "%s (%s%s)",
			     execgate_mode_name(
				     intent->mode < 0 ?
					     EXECGATE_MODE_AUDIT :
					     (unsigned int)intent->mode),
			     *file ? file : "no file says a mode",
			     intent->held ? ", which said so before" : "");
	free(file);
}

static void print_failed_boots(const struct execgate_intent *intent)
{
	struct execgate_boots boots;

	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	if (boots.fell_back)
		output_field("Failed boots",
			     "%s%u in a row, so this boot was not let into "
			     "enforce%s",
			     output_style(OUTPUT_BAD), boots.attempts,
			     output_style(OUTPUT_PLAIN));
	else if (boots.attempts)
		output_field("Failed boots",
			     "%u in a row did not come to a good end yet, this "
			     "one included; %u are allowed",
			     boots.attempts, intent->config.boot_attempts);
}

static void print_last(const struct status_facts *facts, bool enforcing)
{
	const struct execgate_event *event = &facts->last;
	char path[EXECGATE_ESCAPE_SIZE(EXECGATE_PATH_MAX)];
	char when[OUTPUT_TIME_SIZE], place[EXECGATE_PLACE_SIZE];

	if (!facts->has_last)
		return;
	execgate_escape(path, event->path, strlen(event->path));
	output_field(enforcing ? "Last denial" : "Last of them",
		     "%s, %s, by uid %u: %s",
		     output_time(when, event->time_nsec / NSEC_PER_SEC),
		     *path ? path : execgate_event_place(event, place),
		     event->uid, execgate_reason_name(event->reason));
}

/* Audit's are counted apart: a switch to enforce does not make denials of them. */
static void print_denied(const struct execgate_status *status,
			 const struct status_facts *facts)
{
	const struct execgate_counters *c = &status->counters;
	uint64_t all = 0;

	for (unsigned int i = 0; i < EXECGATE_REASON_COUNT; i++)
		all += c->denies[i];
	output_field("Denied", "%" PRIu64 " since the module was loaded",
		     c->denied);
	if (all > c->denied)
		output_field("Would deny",
			     "%" PRIu64 " that audit, or a rule, reported and "
			     "let run",
			     all - c->denied);
	print_last(facts, status->mode == EXECGATE_MODE_ENFORCE);
}

static void print_reasons(const struct execgate_counters *c)
{
	output_field("By reason", "%s", "denied, and reported");
	for (unsigned int i = 0; i < EXECGATE_REASON_COUNT; i++) {
		if (c->denies[i])
			printf("    %-16s %" PRIu64 "\n",
			       execgate_reason_name(i), c->denies[i]);
	}
}

static void print_keys(const struct execgate_counters *c,
		       const struct status_facts *facts)
{
	char when[OUTPUT_TIME_SIZE];

	if (facts->key_end)
		output_field("Keys", "%" PRIu64 " enrolled; the first ends %s",
			     c->keys, output_time(when, facts->key_end));
	else
		output_field("Keys", "%" PRIu64 " enrolled", c->keys);
}

static void print_counters(const struct execgate_counters *c)
{
	output_field("Judged",
		     "%" PRIu64 " from the cache, %" PRIu64 " anew; %" PRIu64
		     " verdicts are cached",
		     c->cache_hits, c->cache_misses, c->cache_entries);
	output_field("Verified",
		     "%" PRIu64 " signatures, %" PRIu64 " bytes hashed",
		     c->verifies, c->bytes_hashed);
	output_field("Events",
		     "%" PRIu64 " emitted, %" PRIu64 " suppressed, %" PRIu64
		     " dropped; the kernel holds %" PRIu64,
		     c->events_emitted, c->events_suppressed, c->events_dropped,
		     c->events_held);
	if (c->anon_exec)
		output_field("Memory",
			     "%" PRIu64 " executable mappings without a file "
			     "were let through",
			     c->anon_exec);
	if (c->inject)
		output_field("Inject",
			     "%" PRIu64 " ways into the memory of processes "
			     "were let through",
			     c->inject);
	if (c->inline_code)
		output_field("Inline",
			     "%" PRIu64 " programs with code on their command "
			     "line or in a pipe were let through",
			     c->inline_code);
	output_field("Catalog memory", "%" PRIu64 " bytes", c->catalog_bytes);
	output_field("Hook calls", "%s", "");
	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT; i++)
		printf("    %-16s %-12" PRIu64 " %s\n", execgate_hook_name(i),
		       c->hook_calls[i], execgate_hook_text(i));
}

/* As the daemon noted it: only root may ask the TPM, and "doctor" does. */
static void print_record(const struct execgate_status *status)
{
	uint64_t bound =
		execgate_policy_known_bound(EXECGATE_POLICY_VERSION_FILE);

	if (status->policy.version && bound)
		output_field("TPM", "keeps version %" PRIu64 " of the policy%s",
			     bound,
			     bound < status->policy.version ?
				     ", not the one in force" :
				     "");
}

void status_print(const struct execgate_status *status,
		  const struct status_facts *facts, const struct alarms *alarms,
		  bool verbose)
{
	bool enforcing = status_exit(status->state, status->mode) ==
			 EXECGATE_EXIT_OK;
	const struct execgate_counters *c = &status->counters;
	char policy[EXECGATE_PROFILE_TEXT], text[POLICY_VIEW_TEXT], hex[17];
	char floors[EXECGATE_POLICY_FLOORS_TEXT];

	for (size_t i = 0; i < alarms->count; i++)
		printf("%s! %s%s\n", output_style(OUTPUT_BAD), alarms->texts[i],
		       output_style(OUTPUT_PLAIN));
	printf("%sexecgate is %s%s\n",
	       output_style(enforcing ? OUTPUT_GOOD : OUTPUT_WARN),
	       enforcing ? "enforcing" : "NOT enforcing",
	       output_style(OUTPUT_PLAIN));
	output_field("Mode", "%s (%s)", execgate_mode_name(status->mode),
		     execgate_mode_text(status->mode));
	status_print_next_boot(&alarms->intent);
	print_failed_boots(&alarms->intent);
	output_field("Profile", "%s", policy_text(status, policy));
	if (status->policy.version)
		output_field("Policy",
			     "%s, version %" PRIu64 ", signed by %s: %s%s",
			     status->policy.name, status->policy.version,
			     execgate_hex_write(hex, status->policy.signer, 8),
			     policy_view_text(status->policy.mode,
					      status->policy.profile,
					      status->policy.gates.on, text),
			     execgate_policy_floors_text(
				     (struct eg_bytes){
					     status->policy.floors,
					     status->policy.floors_size },
				     floors));
	print_record(status);
	if (status->locked)
		output_field("Locked", "until the next boot nothing is "
				       "loosened");
	output_field("Module", "%s, %s", status->version,
		     execgate_state_name(status->state));
	if (facts->daemon > 0)
		output_field("Daemon", "running, pid %d", (int)facts->daemon);
	else
		output_field("Daemon", "%s",
			     facts->daemon ? "unknown (this needs root)" :
					     "not running");
	print_keys(c, facts);
	output_field("Catalogs", "%" PRIu64 " loaded, with %" PRIu64 " digests",
		     c->catalogs, c->catalog_digests);
	if (c->revocations)
		output_field("Revoked", "%" PRIu64 " keys and digests",
			     c->revocations);
	print_denied(status, facts);
	if (!verbose)
		return;
	print_reasons(c);
	print_counters(c);
}
