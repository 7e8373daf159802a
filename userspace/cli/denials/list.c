// SPDX-License-Identifier: GPL-2.0
#include "cli/denials/list.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/denials/denials.h"
#include "lib/base/array.h"

static bool has_journal(void)
{
	return !access("/run/systemd/journal/socket", F_OK);
}

static struct denial *find_denial(struct denial_list *list,
				  const struct execgate_event *event)
{
	/* The newest is last while reading, and repetitions come in a row. */
	for (size_t i = list->count; i-- > 0;) {
		struct denial *denial = &list->items[i];

		if (denial->event.reason == event->reason &&
		    !strcmp(denial->event.path, event->path))
			return denial;
	}
	return NULL;
}

static void take_denial(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	struct denial_list *list = arg;
	struct denial *denial = find_denial(list, event);

	(void)repeated;
	if (!denial) {
		denial = execgate_array_add(list->items, list->count);
		if (!denial) {
			list->no_memory = true;
			return;
		}
		list->count++;
		denial->count = 0;
	}
	denial->event = *event;
	denial->count += count;
}

static int by_time(const void *a, const void *b)
{
	const struct denial *left = a, *right = b;

	return (left->event.time_nsec < right->event.time_nsec) -
	       (left->event.time_nsec > right->event.time_nsec);
}

int denial_list_read(struct denial_list *list, bool kernel,
		     struct execgate_error *err)
{
	struct denials_query query = { .lines = DENIALS_ALL,
				       .until = UINT64_MAX,
				       .take = take_denial,
				       .arg = list };
	uint64_t shown = 0;
	int ret;

	if (kernel || !has_journal())
		ret = denials_from_kernel(&query, &shown, err);
	else
		ret = denials_from_journal(&query, &shown, err);
	if (!ret && list->no_memory)
		ret = execgate_error_errno(err, -ENOMEM, "denials");
	if (!ret && list->count)
		qsort(list->items, list->count, sizeof(*list->items), by_time);
	return ret;
}

void denial_list_free(struct denial_list *list)
{
	free(list->items);
	memset(list, 0, sizeof(*list));
}

struct finding {
	uint64_t sequence;
	struct execgate_event *out;
	bool found;
};

struct newest {
	const char *path;
	struct execgate_event *out;
	bool found;
};

static void take_newest(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	struct newest *newest = arg;

	(void)count;
	(void)repeated;
	if (newest->path && strcmp(newest->path, event->path) != 0)
		return;
	*newest->out = *event;
	newest->found = true;
}

int denial_list_newest(const char *path, struct execgate_event *out,
		       struct execgate_error *err)
{
	struct newest newest = { .path = path, .out = out };
	struct denials_query query = { .lines = DENIALS_ALL,
				       .until = UINT64_MAX,
				       .take = take_newest,
				       .arg = &newest };
	uint64_t shown = 0;
	int ret = denials_from_own(&query, &shown, err);

	if (ret || newest.found)
		return ret;
	return execgate_error_set(
		err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
		path ? "no denial of that file to you is kept, and the kernel "
		       "tells root alone what it would decide" :
		       "no denial of yours is kept; name a file, or the "
		       "number of a denial");
}

/* The last one: numbers begin anew with each load of the module. */
static void take_number(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	struct finding *finding = arg;

	(void)count;
	(void)repeated;
	if (event->sequence != finding->sequence)
		return;
	*finding->out = *event;
	finding->found = true;
}

int denial_list_find(uint64_t sequence, struct execgate_event *out,
		     struct execgate_error *err)
{
	struct finding finding = { .sequence = sequence, .out = out };
	struct denials_query query = { .lines = DENIALS_ALL,
				       .until = UINT64_MAX,
				       .take = take_number,
				       .arg = &finding };
	uint64_t shown = 0;
	int ret = denials_from_kernel(&query, &shown, err);

	if (!finding.found && has_journal())
		ret = denials_from_journal(&query, &shown, err);
	if (!finding.found && geteuid())
		ret = denials_from_own(&query, &shown, err);
	if (finding.found)
		return 0;
	if (ret)
		return ret;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "neither the kernel nor the journal has a "
				  "denial with the number %" PRIu64
				  "; \"execgate denials --json\" shows them "
				  "with their numbers",
				  sequence);
}
