// SPDX-License-Identifier: GPL-2.0
/*
 * A revocation stops nothing that runs: it is told which processes still do.
 * The kernel is asked about each file before and after, so that what is said
 * is its own answer, whatever was revoked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "cli/preflight/ask.h"
#include "cli/revoke/revoke.h"
#include "lib/base/names.h"
#include "lib/base/processes.h"
#include "lib/events/message.h"
#include "lib/events/record.h"

#define PIDS_MAX 32

static void add_running(const struct execgate_running *running, void *arg)
{
	execgate_preflight_add(arg, running->path, running->open,
			       running->is_program ? EXECGATE_PREFLIGHT_EXEC :
						     EXECGATE_PREFLIGHT_MMAP,
			       running->is_program ?
				       EXECGATE_PREFLIGHT_PROCESS :
				       EXECGATE_PREFLIGHT_MAPPING,
			       NULL);
}

int revoke_running_start(struct revoke_running *running,
			 struct execgate_error *err)
{
	struct preflight_result result;

	memset(running, 0, sizeof(*running));
	execgate_processes_walk(add_running, &running->before);
	return preflight_ask(&running->before, false, false,
			     "looking at what runs", &result, err);
}

static uint32_t reason_of(const struct execgate_preflight_item *item)
{
	for (int use = 0; use < EXECGATE_PREFLIGHT_USES; use++)
		if (item->use[use] &&
		    item->reason[use] != EXECGATE_REASON_ALLOWED)
			return item->reason[use];
	return EXECGATE_REASON_ALLOWED;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* Denied now, and revoked or allowed before: not what never was allowed. */
static bool is_hit(const struct execgate_preflight *before,
		   const struct execgate_preflight_item *item)
{
	uint32_t reason = reason_of(item);

	if (reason == EXECGATE_REASON_REVOKED)
		return true;
	for (size_t i = 0; i < before->count; i++)
		if (same_inode(&before->items[i].st, &item->st))
			return reason != EXECGATE_REASON_ALLOWED &&
			       reason_of(&before->items[i]) ==
				       EXECGATE_REASON_ALLOWED;
	return false;
}

/* The processes that execute from one file, each once. */
struct users {
	const struct stat *st;
	pid_t pids[PIDS_MAX];
	size_t count;
	pid_t last;
};

static void note_user(const struct execgate_running *running, void *arg)
{
	struct users *users = arg;

	if (users->last == running->pid || !same_inode(users->st, &running->st))
		return;
	users->last = running->pid;
	if (users->count < PIDS_MAX)
		users->pids[users->count] = running->pid;
	users->count++;
}

static void write_journal(const char *path, const struct users *users,
			  const char *pids)
{
	static struct execgate_record record;
	char id[EXECGATE_MESSAGE_ID_SIZE], text[EXECGATE_SENTENCE_SIZE];
	char *safe = output_escape(path, strlen(path));

	execgate_record_start(&record);
	execgate_record_format(
		&record, "MESSAGE_ID", "%s",
		execgate_message_id(EXECGATE_MESSAGE_REVOKED_RUNNING, id));
	execgate_record_format(&record, "PRIORITY", "%d", LOG_WARNING);
	execgate_record_format(&record, "SYSLOG_IDENTIFIER", "execgate");
	execgate_record_format(&record, "EXECGATE_EVENT", "%s",
			       execgate_message_name(
				       EXECGATE_MESSAGE_REVOKED_RUNNING));
	execgate_record_bytes(&record, "EXECGATE_FILE", path, strlen(path));
	execgate_record_format(&record, "EXECGATE_COUNT", "%zu", users->count);
	snprintf(text, sizeof(text),
		 "%s is revoked and still runs in %zu %s: %s", safe,
		 users->count, users->count == 1 ? "process" : "processes",
		 pids);
	execgate_record_bytes(&record, "MESSAGE", text, strlen(text));
	sd_journal_sendv(record.fields, (int)record.count);
	free(safe);
}

static void report_one(const struct execgate_preflight_item *item, json_t *rows)
{
	struct users users = { .st = &item->st };
	char pids[16 * PIDS_MAX] = "";
	json_t *row, *list;
	size_t used = 0;
	char *safe;

	execgate_processes_walk(note_user, &users);
	/* It ended while we looked. */
	if (!users.count)
		return;
	list = json_array();
	for (size_t i = 0; i < users.count && i < PIDS_MAX; i++) {
		used += (size_t)snprintf(pids + used, sizeof(pids) - used,
					 "%s%d", i ? " " : "",
					 (int)users.pids[i]);
		json_array_append_new(list, json_integer(users.pids[i]));
	}
	if (!output_is_json()) {
		safe = output_escape(item->path, strlen(item->path));
		printf("%sStill running%s: %s in %zu %s: %s\n",
		       output_style(OUTPUT_WARN), output_style(OUTPUT_PLAIN),
		       safe, users.count,
		       users.count == 1 ? "process" : "processes", pids);
		free(safe);
	}
	write_journal(item->path, &users, pids);
	row = json_pack("{s:s, s:I, s:o}", "reason",
			execgate_reason_name(reason_of(item)), "count",
			(json_int_t)users.count, "pids", list);
	output_json_set_bytes(row, "path", item->path, strlen(item->path));
	json_array_append_new(rows, row);
}

int revoke_running_report(struct revoke_running *running, json_t *rows,
			  struct execgate_error *err)
{
	struct execgate_preflight after = { 0 };
	struct preflight_result result;
	int ret;

	execgate_processes_walk(add_running, &after);
	ret = preflight_ask(&after, false, false, "looking at what runs",
			    &result, err);
	for (size_t i = 0; !ret && i < after.count; i++)
		if (is_hit(&running->before, &after.items[i]))
			report_one(&after.items[i], rows);
	execgate_preflight_free(&after);
	execgate_preflight_free(&running->before);
	return ret;
}
