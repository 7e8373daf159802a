/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The messages of Santa's sync protocol as this client writes and reads them. Their fields
 * are those of santa.sync.v1 (sync/v1.proto of northpolesec/protos) and of
 * docs/development/sync-protocol.md of google/santa.
 */
#ifndef EXECGATE_SYNC_MESSAGE_H
#define EXECGATE_SYNC_MESSAGE_H

#include <jansson.h>

#include "lib/fleet/facts.h"
#include "lib/fleet/sync_config.h"
#include "lib/fleet/sync_state.h"

#define EXECGATE_SYNC_BATCH 50
#define EXECGATE_SYNC_BATCH_MAX 500
#define EXECGATE_SYNC_RULES_MAX 10000 /* of one sync */
#define EXECGATE_SYNC_PAGES_MAX 200
#define EXECGATE_SYNC_PAGE_CURSOR_MAX 4096

/**
 * struct execgate_sync_settings - what a server says at preflight, as far as it counts
 * @batch: events in a request, within our own bounds
 * @lockdown: its client mode is LOCKDOWN
 */
struct execgate_sync_settings {
	unsigned int batch;
	bool lockdown;
};

/*
 * X(CONSTANT, why a rule has no effect): the first is of those that may have one. A server's
 * word allows nothing, and it denies nothing, or it could stop the machine.
 */
#define EXECGATE_SYNC_RULES(X)                                              \
	X(FILE, "a file to be fetched, whose signature decides")            \
	X(KEY, "a certificate to be fetched, whose CA decides")             \
	X(MALFORMED, "it is not a rule as the protocol has it")             \
	X(UNSIGNED_DENIAL,                                                  \
	  "a denial that nobody signed could stop the machine; \"execgate " \
	  "revoke\" and the floors of a signed policy deny")                \
	X(UNSIGNED, "a digest that nobody signed allows nothing; name a "   \
		    "signed catalog in custom_url")                         \
	X(FOREIGN, "its file is not below what files of sync.conf says")    \
	X(OLD, "its file is older than what this machine had, and changes " \
	       "nothing")                                                   \
	X(OTHER, "there is nothing of its rule_type or policy here")

enum execgate_sync_rule_kind {
#define X(id, text) EXECGATE_SYNC_RULE_##id,
	EXECGATE_SYNC_RULES(X)
#undef X
		EXECGATE_SYNC_RULE_COUNT
};

/**
 * struct execgate_sync_rule - one rule
 * @file: that it names; the digest alone if it is not of a kind that has a file
 * @has_digest: its identifier is a SHA-256
 */
struct execgate_sync_rule {
	enum execgate_sync_rule_kind kind;
	struct execgate_sync_file file;
	bool has_digest;
};

/* The request of preflight; a new reference. A new state asks for all rules once more. */
json_t *execgate_sync_preflight(const struct execgate_sync_config *config,
				const struct execgate_facts *facts,
				const struct execgate_sync_state *state);
/* -EPROTO: a field that counts is not what the protocol says. */
int execgate_sync_settings_read(const json_t *answer,
				struct execgate_sync_settings *out,
				struct execgate_error *err);

/* One event of eventupload; a new reference. It is the same whenever it is made. */
json_t *execgate_sync_event(const struct execgate_event *event, uint64_t count);

/* @rule may be anything. */
void execgate_sync_rule_read(const json_t *rule,
			     const struct execgate_sync_config *config,
			     struct execgate_sync_rule *out);
const char *execgate_sync_rule_text(enum execgate_sync_rule_kind kind);

/* Are these bytes the file that a rule names? */
bool execgate_sync_is_file(const void *bytes, size_t size,
			   const uint8_t digest[EG_SHA256_SIZE]);

/**
 * execgate_sync_page_read() - one answer of ruledownload
 * @rules: a list; both point into @answer
 * @cursor: of the next page, or NULL: this was the last
 */
int execgate_sync_page_read(const json_t *answer, const json_t **rules,
			    const char **cursor, struct execgate_error *err);

#endif /* EXECGATE_SYNC_MESSAGE_H */
