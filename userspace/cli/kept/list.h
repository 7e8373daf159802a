/* SPDX-License-Identifier: GPL-2.0 */
/* Lists of what the kernel holds and a file keeps for the next boot. */
#ifndef EXECGATE_CLI_KEPT_LIST_H
#define EXECGATE_CLI_KEPT_LIST_H

#include "cli/common/command.h"
#include "cli/common/output.h"
#include "lib/netlink/netlink.h"

#define KEPT_LIST_TEXT 1100

struct kept_list;

/**
 * struct kept_list_kind - of what
 * @item_size: of one item, in bytes
 * @option, @path: which names another file than this one
 * @name: of the list, in JSON
 * @unasked, @none: what is said when the kernel cannot be asked, and of an empty list
 * @ask: what the kernel holds, by kept_list_loaded()
 * @load: what @path keeps, by kept_list_kept()
 * @same: are both about the same thing?
 * @text: for a terminal, at most KEPT_LIST_TEXT bytes into @out
 * @json: an object; a new reference
 */
struct kept_list_kind {
	size_t item_size;
	const char *option;
	const char *path;
	const char *name;
	const char *unasked;
	const char *none;
	int (*ask)(struct execgate_netlink *nl, struct kept_list *list,
		   struct execgate_error *err);
	int (*load)(const char *path, struct kept_list *list,
		    struct execgate_error *err);
	bool (*same)(const void *a, const void *b);
	char *(*text)(char *out, const void *item);
	json_t *(*json)(const void *item);
};

/* Copied. */
void kept_list_loaded(struct kept_list *list, const void *item);
void kept_list_kept(struct kept_list *list, const void *item);

/*
 * Ask the kernel, by @ask with @arg. Where it cannot be asked, @unasked is said, with why.
 * Returns what to exit with.
 */
int kept_list_ask(const char *unasked,
		  int (*ask)(struct execgate_netlink *nl, void *arg,
			     struct execgate_error *err),
		  void *arg);

/* The whole command. Returns what to exit with. */
int kept_list_run(const struct kept_list_kind *kind, const struct command *self,
		  int argc, char **argv);

#endif /* EXECGATE_CLI_KEPT_LIST_H */
