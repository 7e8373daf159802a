// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/sync_message.h"

#include <errno.h>
#include <openssl/evp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "lib/base/digits.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/events/record.h"
#include "lib/fleet/export.h"

#define MODE_MONITOR "MONITOR"
#define MODE_LOCKDOWN "LOCKDOWN"
#define NSEC_PER_SEC 1e9

/* VERSION_ID of os-release(5), without its quotes. */
static void read_os_version(char *out, size_t size)
{
	static const char key[] = "VERSION_ID=";
	char line[256];
	FILE *file = fopen("/etc/os-release", "re");

	snprintf(out, size, "0");
	while (file && fgets(line, sizeof(line), file)) {
		char *value = line + sizeof(key) - 1;

		if (strncmp(line, key, sizeof(key) - 1) != 0)
			continue;
		value += *value == '"';
		value[strcspn(value, "\"\n")] = '\0';
		snprintf(out, size, "%s", value);
	}
	if (file)
		fclose(file);
}

json_t *execgate_sync_preflight(const struct execgate_sync_config *config,
				const struct execgate_facts *facts,
				const struct execgate_sync_state *state)
{
	char version[64], model[128] = "";
	struct utsname system;
	bool enforces = facts->loaded &&
			facts->status.state == EXECGATE_STATE_GATING &&
			facts->status.mode == EXECGATE_MODE_ENFORCE;

	uname(&system);
	read_os_version(version, sizeof(version));
	execgate_io_read_line("/sys/class/dmi/id/product_name", model,
			      sizeof(model));
	return json_pack(
		"{s:s, s:s, s:o, s:o, s:o, s:o, s:s, s:s, s:s, s:b, s:I, s:i, "
		"s:i, s:i, s:i}",
		"machine_id", config->machine_id, "serial_num",
		config->machine_id, "hostname",
		execgate_export_text(system.nodename), "os_version",
		execgate_export_text(version), "os_build",
		execgate_export_text(system.release), "model_identifier",
		execgate_export_text(model), "santa_version", EXECGATE_VERSION,
		"primary_user", "", "client_mode",
		enforces ? MODE_LOCKDOWN : MODE_MONITOR, "request_clean_sync",
		(int)state->is_new, "binary_rule_count",
		(json_int_t)state->count, "certificate_rule_count", 0,
		"compiler_rule_count", 0, "transitive_rule_count", 0,
		"teamid_rule_count", 0);
}

static int not_protocol(const char *what, struct execgate_error *err)
{
	return execgate_error_set(
		err, -EPROTO, EXECGATE_EXIT_ERROR,
		"the server's %s is not as Santa's sync protocol has it, so "
		"nothing of it is used; see the server's documentation",
		what);
}

int execgate_sync_settings_read(const json_t *answer,
				struct execgate_sync_settings *out,
				struct execgate_error *err)
{
	const json_t *batch = json_object_get(answer, "batch_size");
	const json_t *mode = json_object_get(answer, "client_mode");
	json_int_t count = json_integer_value(batch);

	if (batch && !json_is_integer(batch) && !json_is_null(batch))
		return not_protocol("batch_size", err);
	if (mode && !json_is_string(mode) && !json_is_null(mode))
		return not_protocol("client_mode", err);
	if (count <= 0)
		count = EXECGATE_SYNC_BATCH;
	if (count > EXECGATE_SYNC_BATCH_MAX)
		count = EXECGATE_SYNC_BATCH_MAX;
	out->batch = (unsigned int)count;
	out->lockdown = json_is_string(mode) &&
			!strcmp(json_string_value(mode), MODE_LOCKDOWN);
	return 0;
}

static json_t *user_name(uint32_t uid)
{
	const struct passwd *user = getpwuid((uid_t)uid);
	char number[16];

	if (user)
		return execgate_export_text(user->pw_name);
	snprintf(number, sizeof(number), "%u", uid);
	return json_string(number);
}

static json_t *digest_json(const struct execgate_event *event)
{
	char hex[EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)];

	if (!event->has_digest)
		return json_string("");
	return json_string(
		execgate_hex_write(hex, event->digest, sizeof(event->digest)));
}

/* Memory has no path, and a file whose path the kernel left out has a place. */
static const char *path_of(const struct execgate_event *event,
			   char place[EXECGATE_PLACE_SIZE])
{
	return event->path[0] ? event->path :
				execgate_event_place(event, place);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

json_t *execgate_sync_event(const struct execgate_event *event, uint64_t count)
{
	char place[EXECGATE_PLACE_SIZE];
	const char *path = path_of(event, place);

	return json_pack(
		"{s:o, s:o, s:o, s:o, s:f, s:s, s:I, s:i, s:o, s:[], s:[], "
		"s:o, s:o, s:s, s:s, s:I}",
		"file_sha256", digest_json(event), "file_path",
		execgate_export_text(path), "file_name",
		execgate_export_text(name_of(path)), "executing_user",
		user_name(event->uid), "execution_time",
		(double)event->time_nsec / NSEC_PER_SEC, "decision",
		execgate_event_denied(event) ? "BLOCK_UNKNOWN" :
					       "ALLOW_UNKNOWN",
		"pid", (json_int_t)event->pid, "ppid", 0, "parent_name",
		execgate_export_text(event->comm), "logged_in_users",
		"current_sessions", "signing_id",
		execgate_export_text(event->identity), "execgate_id",
		execgate_export_id(event), "execgate_reason",
		execgate_reason_name(event->reason), "execgate_hook",
		execgate_hook_name(event->hook), "execgate_count",
		(json_int_t)count);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* Rudolph has no custom_url: there the address is the message. */
static const char *address_of(const json_t *rule)
{
	const char *url = text_of(rule, "custom_url");

	if (!url[0])
		url = text_of(rule, "custom_msg");
	return strncmp(url, "https://", 8) ? "" : url;
}

static enum execgate_sync_rule_kind
kind_of(const json_t *rule, const struct execgate_sync_config *config,
	struct execgate_sync_rule *out)
{
	const char *policy = text_of(rule, "policy");
	const char *type = text_of(rule, "rule_type");
	const char *identifier = text_of(rule, "identifier");
	const char *url = address_of(rule);

	if (!policy[0] || !type[0] || !identifier[0])
		return EXECGATE_SYNC_RULE_MALFORMED;
	out->has_digest =
		strlen(identifier) == 2 * (size_t)EG_SHA256_SIZE &&
		execgate_hex_read(identifier, out->file.digest, EG_SHA256_SIZE);
	if (!strcmp(policy, "BLOCKLIST") ||
	    !strcmp(policy, "SILENT_BLOCKLIST") || !strcmp(policy, "REMOVE"))
		return EXECGATE_SYNC_RULE_UNSIGNED_DENIAL;
	if (strcmp(policy, "ALLOWLIST") != 0 ||
	    (strcmp(type, "BINARY") != 0 && strcmp(type, "CERTIFICATE") != 0))
		return EXECGATE_SYNC_RULE_OTHER;
	if (!out->has_digest)
		return EXECGATE_SYNC_RULE_MALFORMED;
	if (!url[0])
		return EXECGATE_SYNC_RULE_UNSIGNED;
	if (!execgate_sync_config_reaches(config, url))
		return EXECGATE_SYNC_RULE_FOREIGN;
	/* Not longer than any URL, or it would not reach. */
	strcpy(out->file.url, url);
	out->file.is_key = type[0] == 'C';
	return out->file.is_key ? EXECGATE_SYNC_RULE_KEY :
				  EXECGATE_SYNC_RULE_FILE;
}

void execgate_sync_rule_read(const json_t *rule,
			     const struct execgate_sync_config *config,
			     struct execgate_sync_rule *out)
{
	*out = (struct execgate_sync_rule){ 0 };
	out->kind = kind_of(rule, config, out);
}

const char *execgate_sync_rule_text(enum execgate_sync_rule_kind kind)
{
	static const char *const texts[EXECGATE_SYNC_RULE_COUNT] = {
#define X(id, text) [EXECGATE_SYNC_RULE_##id] = text,
		EXECGATE_SYNC_RULES(X)
#undef X
	};

	return texts[kind];
}

bool execgate_sync_is_file(const void *bytes, size_t size,
			   const uint8_t digest[EG_SHA256_SIZE])
{
	uint8_t got[EG_SHA256_SIZE];

	return EVP_Digest(bytes, size, got, NULL, EVP_sha256(), NULL) == 1 &&
	       !memcmp(got, digest, sizeof(got));
}

int execgate_sync_page_read(const json_t *answer, const json_t **rules,
			    const char **cursor, struct execgate_error *err)
{
	const json_t *list = json_object_get(answer, "rules");
	const json_t *next = json_object_get(answer, "cursor");

	/* Go writes an empty list as null. */
	if (list && !json_is_array(list) && !json_is_null(list))
		return not_protocol("list of rules", err);
	if (next && !json_is_string(next) && !json_is_null(next))
		return not_protocol("cursor", err);
	if (json_string_length(next) > EXECGATE_SYNC_PAGE_CURSOR_MAX)
		return not_protocol("cursor", err);
	*rules = list;
	*cursor = json_string_length(next) ? json_string_value(next) : NULL;
	return 0;
}
