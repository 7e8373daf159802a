// SPDX-License-Identifier: GPL-2.0
#include "cli/rules/explain.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/output.h"
#include "cli/rules/here.h"
#include "cli/rules/statements.h"
#include "lib/catalog/file.h"
#include "lib/crypto/keystore.h"

/**
 * struct explaining - one file
 * @nl: or NULL
 * @rows: of who says something
 */
struct explaining {
	struct execgate_netlink *nl;
	struct rules_here here;
	json_t *rows;
};

static int take_floor(const struct execgate_revocation *item, void *arg)
{
	struct execgate_revocation *wanted = arg;

	if (item->kind == wanted->kind && !strcmp(item->name, wanted->name))
		*wanted = *item;
	return 0;
}

/* Below which version its name counts no longer. */
static bool find_floor(struct execgate_netlink *nl, struct eg_bytes name,
		       struct execgate_revocation *out)
{
	*out = (struct execgate_revocation){
		.kind = EXECGATE_REVOCATION_VERSION,
	};
	if (!nl || name.size >= sizeof(out->name))
		return false;
	memcpy(out->name, name.data, name.size);
	return !execgate_netlink_revoke_list(nl, take_floor, out, NULL) &&
	       (out->below || out->reported);
}

/* {"version", "holds", "text"} */
static json_t *floor_json(const struct execgate_revocation *floor,
			  uint64_t version)
{
	bool denied = version < floor->below;
	bool reported = !denied && version < floor->reported;
	uint64_t first = denied || floor->below >= floor->reported ?
				 floor->below :
				 floor->reported;

	return json_pack("{s:I, s:b, s:s}", "version", (json_int_t)first,
			 "holds", !denied && !reported, "text",
			 denied ?
				 "does not hold: it is older" :
			 reported ?
				 "does not hold, and is reported: it is older" :
				 "holds: it is not older");
}

static void add_statement(const struct statement *statement, void *arg)
{
	const struct eg_manifest_identity *identity = &statement->identity;
	struct explaining *explaining = arg;
	char *title = statement_title(statement);
	char *safe = output_escape(title, strlen(title));
	struct execgate_revocation floor;
	json_t *row;

	row = json_pack("{s:s, s:s}", "from", statement->kind, "name", safe);
	if (find_floor(explaining->nl, identity->name, &floor))
		json_object_set_new(row, "floor",
				    floor_json(&floor, identity->version));
	json_object_set_new(row, "rules",
			    rules_here_json(&explaining->here,
					    identity->rules));
	json_array_append_new(explaining->rows, row);
	free(safe);
	free(title);
}

static void add_statements(struct explaining *explaining, int fd,
			   const char *name, bool kernel_knows_signer)
{
	struct execgate_trust trust = { 0 };
	struct statement_search search = {
		.trust = &trust,
		.catalogs_dir = EXECGATE_CATALOG_DIR,
		.kernel_knows_signer = kernel_knows_signer,
	};
	struct execgate_error err;

	/* Own denials are explained to anybody. */
	if (execgate_trust_add_dir(&trust, EXECGATE_KEYSTORE_DIR, &err) &&
	    err.code != EXECGATE_EXIT_NO_PRIVILEGE)
		output_warning("%s", err.message);
	if (statements_each(&search, fd, name, add_statement, explaining, &err))
		output_warning("%s", err.message);
	execgate_trust_free(&trust);
}

static bool is_told(const json_t *rows, const char *rule, bool whole)
{
	const json_t *row, *said;
	const char *text;
	size_t i, j;

	json_array_foreach(rows, i, row)
		json_array_foreach(json_object_get(row, "rules"), j, said) {
			text = json_string_value(json_object_get(said, "rule"));
			if (whole ? !strcmp(text, rule) : !!strstr(text, rule))
				return true;
		}
	return false;
}

static void add_kernel_rule(json_t *rules, const char *rule, const char *text,
			    bool holds)
{
	json_t *row = json_pack("{s:s, s:s}", "rule", rule, "text", text);

	json_object_set_new(row, "holds", holds ? json_true() : json_null());
	json_array_append_new(rules, row);
}

/* Rules of its processes, a line each. */
static void add_kernel_lines(json_t *rules, const json_t *rows,
			     const char *lines)
{
	size_t size;
	char *text;

	for (; *lines; lines += size + (lines[size] == '\n')) {
		size = strcspn(lines, "\n");
		text = output_escape(lines, size);
		if (!is_told(rows, text, true))
			add_kernel_rule(rules, text,
					"asked of what its processes do",
					false);
		free(text);
	}
}

/* The rest is known to the kernel alone, as of a catalog that was not kept. */
static void add_kernel(json_t *rows, const struct execgate_event *event)
{
	json_t *rules = json_array();

	if (event->hardened && !is_told(rows, "hardened", true))
		add_kernel_rule(rules, "hardened",
				"variables that load code into it do nothing",
				true);
	if (event->placed && !is_told(rows, "path /", false))
		add_kernel_rule(rules, "path", "it is judged by where it is",
				event->reason == EXECGATE_REASON_ALLOWED);
	add_kernel_lines(rules, rows, event->rules);
	if (json_array_size(rules))
		json_array_append_new(rows, json_pack("{s:s, s:s, s:O}", "from",
						      "Kernel", "name",
						      "what is loaded", "rules",
						      rules));
	json_decref(rules);
}

static bool has_rules(const struct execgate_event *event)
{
	return event->placed || event->hardened || event->rules[0] ||
	       event->reported || event->reason == EXECGATE_REASON_WRONG_PATH ||
	       event->reason == EXECGATE_REASON_ROLLBACK;
}

/* It is the content that such a signature is in; a catalog's is elsewhere. */
static bool has_own_signature(const struct execgate_event *event)
{
	return event->has_signer &&
	       event->carrier != EXECGATE_CARRIER_CATALOG &&
	       event->carrier != EXECGATE_CARRIER_NONE;
}

json_t *rules_explain(struct execgate_netlink *nl, int fd, const char *name,
		      const struct execgate_event *event)
{
	struct explaining explaining = { .nl = nl, .rows = json_array() };

	if (!has_rules(event))
		return explaining.rows;
	rules_here_find(fd, &explaining.here);
	add_statements(&explaining, fd, name, has_own_signature(event));
	add_kernel(explaining.rows, event);
	return explaining.rows;
}

json_t *rules_explain_unasked(struct execgate_netlink *nl, int fd,
			      const char *name)
{
	struct explaining explaining = { .nl = nl, .rows = json_array() };

	rules_here_find(fd, &explaining.here);
	add_statements(&explaining, fd, name, false);
	return explaining.rows;
}

void rules_explain_print(const json_t *rows)
{
	const json_t *row, *floor;
	int64_t version;
	size_t i;

	json_array_foreach(rows, i, row) {
		output_field("Rules of", "%s: %s",
			     json_string_value(json_object_get(row, "from")),
			     json_string_value(json_object_get(row, "name")));
		floor = json_object_get(row, "floor");
		version = json_integer_value(json_object_get(floor, "version"));
		if (floor)
			output_field("Floor", "version %" PRId64 " (%s)",
				     version,
				     json_string_value(
					     json_object_get(floor, "text")));
		rules_here_print(json_object_get(row, "rules"));
	}
}
