/* SPDX-License-Identifier: GPL-2.0 */
/* The rules that speak about a file, beside what the kernel said of it. */
#ifndef EXECGATE_CLI_RULES_EXPLAIN_H
#define EXECGATE_CLI_RULES_EXPLAIN_H

#include <jansson.h>

#include "lib/netlink/netlink.h"

/**
 * rules_explain() - who says which rules of it, and whether they hold there
 * @nl: asked for floors; NULL: nobody is
 * @event: what the kernel answered about this file. Without rules in it nothing is
 *	   looked for; with rules that nobody on this machine says, as of a catalog
 *	   that was not kept, those are told as the kernel has them
 *
 * Return: [{"from", "name", "floor", "rules"}], safe for a terminal; a new reference.
 */
json_t *rules_explain(struct execgate_netlink *nl, int fd, const char *name,
		      const struct execgate_event *event);

/* The same of a file that the kernel was not asked about just now. */
json_t *rules_explain_unasked(struct execgate_netlink *nl, int fd,
			      const char *name);

/* On lines of output_field(). */
void rules_explain_print(const json_t *rows);

#endif /* EXECGATE_CLI_RULES_EXPLAIN_H */
