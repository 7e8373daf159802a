// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/metrics.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/netlink/counter.h"

#define PREFIX "execgate_"
#define TOTAL "_total"
#define NSEC_PER_SEC 1000000000ull

#define X(id, name, text) +1
#define STATE_COUNT (0 EXECGATE_STATES(X))

static bool only_grows(const char *name)
{
	size_t size = strlen(name), end = strlen(TOTAL);

	return size > end && !strcmp(name + size - end, TOTAL);
}

/* A new metric; its samples, which are @metrics'. */
static json_t *add_metric(json_t *metrics, const char *name, const char *help)
{
	json_t *samples = json_array();
	char full[96];

	snprintf(full, sizeof(full), PREFIX "%s", name);
	json_array_append_new(metrics,
			      json_pack("{s:s, s:s, s:s, s:o}", "name", full,
					"type",
					only_grows(name) ? "counter" : "gauge",
					"help", help, "samples", samples));
	return samples;
}

/* @labels is taken over. */
static void add_sample(json_t *samples, json_t *labels, uint64_t value)
{
	json_array_append_new(samples, json_pack("{s:o, s:I}", "labels", labels,
						 "value", (json_int_t)value));
}

static void add_one(json_t *metrics, const char *name, const char *help,
		    uint64_t value)
{
	add_sample(add_metric(metrics, name, help), json_object(), value);
}

/* A name from outside is escaped as on the screen: it may hold any bytes. */
static void set_label(json_t *labels, const char *key, const char *value)
{
	char *safe = malloc(EXECGATE_ESCAPE_SIZE(strlen(value)));

	if (!safe)
		return;
	execgate_escape_text(safe, value, strlen(value));
	json_object_set_new(labels, key, json_string(safe));
	free(safe);
}

static json_t *label(const char *key, const char *value)
{
	json_t *labels = json_object();

	set_label(labels, key, value);
	return labels;
}

static json_t *fingerprint_label(const char *key, const uint8_t *fingerprint)
{
	char hex[EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)];

	execgate_hex_write(hex, fingerprint, EXECGATE_FINGERPRINT_SIZE);
	return label(key, hex);
}

/* One sample for each of @count names, of which number @now is 1. */
static void add_choice(json_t *metrics, const char *name, const char *help,
		       const char *key, const char *(*name_of)(unsigned int),
		       unsigned int count, unsigned int now)
{
	json_t *samples = add_metric(metrics, name, help);

	for (unsigned int i = 0; i < count; i++)
		add_sample(samples, label(key, name_of(i)), i == now);
}

static void add_posture(json_t *metrics, const struct execgate_status *status)
{
	json_t *gates;

	add_one(metrics, "enforcing",
		"Whether the hooks gate and the mode is enforce",
		status->state == EXECGATE_STATE_GATING &&
			status->mode == EXECGATE_MODE_ENFORCE);
	add_choice(metrics, "mode", "The mode in force", "mode",
		   execgate_mode_name, EXECGATE_MODE_COUNT, status->mode);
	add_choice(metrics, "state", "Whether the hooks of the module fire",
		   "state", execgate_state_name, STATE_COUNT, status->state);
	add_choice(metrics, "profile", "The profile in force", "profile",
		   execgate_profile_name, EXECGATE_PROFILE_COUNT,
		   status->profile);
	gates = add_metric(metrics, "gate", "Whether the gate is on");
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++)
		if (status->gates.known & 1u << i)
			add_sample(gates, label("gate", execgate_gate_name(i)),
				   !!(status->gates.on & 1u << i));
	add_one(metrics, "locked",
		"Whether nothing can be loosened until the next boot",
		status->locked);
}

static void add_policy(json_t *metrics,
		       const struct execgate_loaded_policy *policy)
{
	if (!policy->version)
		return;
	add_sample(add_metric(metrics, "policy_version",
			      "Version of the signed policy in force"),
		   label("name", policy->name), policy->version);
	add_one(metrics, "policy_created_timestamp_seconds",
		"When the signed policy in force was made", policy->created_at);
}

static void add_counters(json_t *metrics, const struct execgate_counters *c)
{
	json_t *denials, *calls;

	denials = add_metric(metrics, "denials_total",
			     "Denials in force, and those that audit or a rule "
			     "only reported, by reason");
	for (unsigned int i = 1; i < EXECGATE_REASON_COUNT; i++)
		add_sample(denials, label("reason", execgate_reason_name(i)),
			   c->denies[i]);
	calls = add_metric(metrics, "hook_calls_total",
			   "Calls of the module's hooks");
	for (unsigned int i = 0; i < EXECGATE_HOOK_COUNT; i++)
		add_sample(calls, label("hook", execgate_hook_name(i)),
			   c->hook_calls[i]);
	for (size_t i = 0; i < EXECGATE_COUNTERS_MAX; i++) {
		const struct execgate_counter *counter =
			&execgate_counter_table[i];

		add_one(metrics, counter->metric, counter->text,
			execgate_counter_value(c, counter));
	}
	add_one(metrics, "keys", "Keys that are enrolled", c->keys);
}

static void add_keys(json_t *metrics, const struct execgate_facts *facts)
{
	json_t *info, *ends, *revoked, *labels;
	char purposes[EXECGATE_PURPOSES_TEXT];

	info = add_metric(metrics, "key_info",
			  "1 for each key that is enrolled, with its subject "
			  "and what it is trusted to sign");
	ends = add_metric(metrics, "key_expiry_timestamp_seconds",
			  "When the key ends; a key without an end is not "
			  "there");
	revoked = add_metric(metrics, "key_revoked",
			     "Whether the key is revoked");
	for (size_t i = 0; i < facts->key_count; i++) {
		const struct execgate_key *key = &facts->keys[i];

		labels = fingerprint_label("fingerprint", key->fingerprint);
		add_sample(revoked, json_copy(labels), key->revoked);
		if (key->not_after)
			add_sample(ends, json_copy(labels), key->not_after);
		set_label(labels, "subject", key->description);
		set_label(labels, "purposes",
			  execgate_purposes_text(key->purposes, ",", purposes));
		add_sample(info, labels, 1);
	}
}

/*
 * A catalog has no end of its own: its signer's label is the fingerprint of the key,
 * whose end is told above.
 */
static void add_catalogs(json_t *metrics, const struct execgate_facts *facts)
{
	json_t *info, *made, *sequences, *entries, *labels;

	info = add_metric(metrics, "catalog_info",
			  "1 for each catalog that is loaded, with the "
			  "fingerprint of the key that signed it");
	made = add_metric(metrics, "catalog_created_timestamp_seconds",
			  "When the catalog was made");
	sequences = add_metric(metrics, "catalog_sequence",
			       "Sequence of the catalog");
	entries = add_metric(metrics, "catalog_entries",
			     "Digests in the catalog");
	for (size_t i = 0; i < facts->catalog_count; i++) {
		const struct execgate_loaded_catalog *catalog =
			&facts->catalogs[i];

		labels = label("catalog", catalog->name);
		add_sample(made, json_copy(labels), catalog->created_at);
		add_sample(sequences, json_copy(labels), catalog->sequence);
		add_sample(entries, json_copy(labels), catalog->entries);
		json_object_update_new(labels,
				       fingerprint_label("fingerprint",
							 catalog->signer));
		add_sample(info, labels, 1);
	}
}

static void add_module(json_t *metrics, const struct execgate_facts *facts)
{
	const struct execgate_status *status = &facts->status;

	add_sample(add_metric(metrics, "module_info",
			      "1, with the version of the module"),
		   label("version", status->version), 1);
	add_posture(metrics, status);
	add_policy(metrics, &status->policy);
	add_keys(metrics, facts);
	add_catalogs(metrics, facts);
	add_counters(metrics, &status->counters);
	if (facts->has_last)
		add_sample(add_metric(metrics, "last_denial_timestamp_seconds",
				      "When the last denial was, of those that "
				      "the mode of now makes"),
			   label("reason",
				 execgate_reason_name(facts->last.reason)),
			   facts->last.time_nsec / NSEC_PER_SEC);
}

json_t *execgate_metrics(const struct execgate_facts *facts)
{
	json_t *metrics = json_array();
	int wanted = facts->intent.mode;

	if (!metrics)
		return NULL;
	add_one(metrics, "module_loaded", "Whether the kernel has the module",
		facts->loaded);
	add_sample(add_metric(metrics, "build_info",
			      "1, with the version of the command"),
		   label("version", EXECGATE_VERSION), 1);
	if (!facts->intent.unread)
		add_choice(metrics, "configured_mode",
			   "The mode that the next boot begins in", "mode",
			   execgate_mode_name, EXECGATE_MODE_COUNT,
			   wanted < 0 ? EXECGATE_MODE_AUDIT :
					(unsigned int)wanted);
	if (facts->daemon >= 0)
		add_one(metrics, "daemon_running", "Whether execgated runs",
			facts->daemon > 0);
	add_one(metrics, "failed_boots",
		"Boots in mode enforce in a row that did not come to a good "
		"end yet",
		facts->boots.attempts);
	add_one(metrics, "boot_fell_back",
		"Whether this boot was not let into enforce, as too many "
		"failed",
		facts->boots.fell_back);
	if (facts->loaded)
		add_module(metrics, facts);
	return metrics;
}

static void write_quoted(FILE *to, const char *text)
{
	putc('"', to);
	for (; *text; text++) {
		if (*text == '\\' || *text == '"')
			putc('\\', to);
		if (*text == '\n')
			fputs("\\n", to);
		else
			putc(*text, to);
	}
	putc('"', to);
}

static void write_sample(FILE *to, const char *name, json_t *sample)
{
	json_t *labels = json_object_get(sample, "labels"), *value;
	const char *key, *between = "{";

	fputs(name, to);
	json_object_foreach(labels, key, value) {
		fprintf(to, "%s%s=", between, key);
		write_quoted(to, json_string_value(value));
		between = ",";
	}
	fprintf(to, "%s %" PRId64 "\n", *between == ',' ? "}" : "",
		(int64_t)json_integer_value(json_object_get(sample, "value")));
}

char *execgate_metrics_text(const json_t *metrics)
{
	json_t *metric, *samples, *sample;
	const char *name, *type, *help;
	char *text = NULL;
	size_t size, i, j;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	json_array_foreach(metrics, i, metric) {
		json_unpack(metric, "{s:s, s:s, s:s, s:o}", "name", &name,
			    "type", &type, "help", &help, "samples", &samples);
		fprintf(to, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name,
			type);
		json_array_foreach(samples, j, sample)
			write_sample(to, name, sample);
	}
	if (fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}
