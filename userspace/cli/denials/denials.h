/* SPDX-License-Identifier: GPL-2.0 */
/* "execgate denials": where denials come from, and which are wanted. */
#ifndef EXECGATE_CLI_DENIALS_H
#define EXECGATE_CLI_DENIALS_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/fleet/export.h"
#include "lib/netlink/event.h"

#define DENIALS_ALL UINT64_MAX

/**
 * struct denials_entry - one entry of the journal
 * @count: how many denials it stands for; @repeated: an earlier one showed it
 * @lost: it says that @count denials were not kept
 * @cursor: where it is, as sd_journal_get_cursor() says it
 */
struct denials_entry {
	const struct execgate_event *event;
	uint64_t count;
	bool repeated;
	bool lost;
	const char *cursor;
};

/**
 * struct denials_query - the command line
 * @lines: the last so many, or DENIALS_ALL
 * @since: seconds since 1970
 * @until: the same, exclusive; UINT64_MAX = no end
 * @reasons: bit set of enum execgate_reason; 0 = any
 * @container: as execgate_container_is() has it; NULL = any, or none
 * @unit: as execgate_unit_is() has it; the same
 * @directory: of the journal's files, which other machines may have written; NULL: this
 *	       machine's
 * @exported: shown in the words of @schema, not in ours
 * @take: gets each denial instead of denials_show(); or NULL
 * @after: begin behind the entry with this cursor, or where it was; NULL: see @lines
 * @each: gets each entry of the journal instead of all these; not 0 ends it, and what is
 *	  negative is returned. Or NULL
 */
struct denials_query {
	bool follow;
	uint64_t lines;
	uint64_t since;
	uint64_t until;
	uint64_t reasons;
	const char *container;
	const char *unit;
	const char *directory;
	bool exported;
	enum execgate_schema schema;
	void (*take)(const struct execgate_event *event, uint64_t count,
		     bool repeated, void *arg);
	const char *after;
	int (*each)(const struct denials_entry *entry, void *arg);
	void *arg;
};

bool denials_wanted(const struct denials_query *query, unsigned int reason);
/* By its reason, container and unit. */
bool denials_wants(const struct denials_query *query,
		   const struct execgate_event *event);

/*
 * @repeated: an earlier entry showed it, @count more came. @host: the machine; NULL: this
 * one
 */
void denials_show(const struct denials_query *query,
		  const struct execgate_event *event, uint64_t count,
		  bool repeated, const char *host);
/* The same in the words of @query->schema. */
void denials_export(const struct denials_query *query,
		    const struct execgate_event *event, uint64_t count,
		    bool repeated, const char *host);
/* @lost denials from number @first on have been decided but not kept. */
void denials_show_lost(const struct denials_query *query, uint64_t lost,
		       uint64_t first);

/*
 * Show them from the journal, or from the kernel's ring. @shown gets how many;
 * with @follow they return only when they fail.
 */
int denials_from_journal(const struct denials_query *query, uint64_t *shown,
			 struct execgate_error *err);
/* Those of the user who asks; needs no privilege. */
int denials_from_own(const struct denials_query *query, uint64_t *shown,
		     struct execgate_error *err);
int denials_from_kernel(const struct denials_query *query, uint64_t *shown,
			struct execgate_error *err);

#endif /* EXECGATE_CLI_DENIALS_H */
