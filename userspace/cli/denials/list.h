/* SPDX-License-Identifier: GPL-2.0 */
/* Distinct denials with their counts, for who decides about them. */
#ifndef EXECGATE_CLI_DENIAL_LIST_H
#define EXECGATE_CLI_DENIAL_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/error.h"
#include "lib/netlink/event.h"

/**
 * struct denial - what was denied for one reason under one path
 * @event: the newest of them
 * @count: how often
 */
struct denial {
	struct execgate_event event;
	uint64_t count;
};

/* Zeroed = empty; newest first. */
struct denial_list {
	struct denial *items;
	size_t count;
	bool no_memory;
};

/*
 * From the journal, or from the kernel's ring if @kernel or if there is no
 * journal. None is not a failure.
 */
int denial_list_read(struct denial_list *list, bool kernel,
		     struct execgate_error *err);
void denial_list_free(struct denial_list *list);

/*
 * The one event of this number, from the kernel and else from the journal.
 * -ENOENT: neither has it.
 */
int denial_list_find(uint64_t sequence, struct execgate_event *out,
		     struct execgate_error *err);

/* The caller's own newest one, of @path or (NULL) of any file. -ENOENT: there is none. */
int denial_list_newest(const char *path, struct execgate_event *out,
		       struct execgate_error *err);

#endif /* EXECGATE_CLI_DENIAL_LIST_H */
