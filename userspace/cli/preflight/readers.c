// SPDX-License-Identifier: GPL-2.0
/* Files that interpreters read, where the kernel has rules of that. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/preflight/ask.h"
#include "lib/netlink/netlink.h"

/* The rules that the kernel has of a program, a line each. */
static bool has_rule(struct execgate_netlink *nl, const char *path)
{
	struct execgate_event event;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool has;

	if (fd < 0)
		return false;
	has = !execgate_netlink_check(nl, fd, EXECGATE_HOOK_BPRM_CHECK, &event,
				      NULL) &&
	      strstr(event.rules, "reads ");
	close(fd);
	return has;
}

/* Most identities have none, and to ask about a program is to hash it. */
static bool reads(const struct execgate_identity *identity)
{
	struct eg_bytes rest = execgate_rules_bytes(&identity->rules);
	struct eg_rule rule;

	while (eg_rules_next(&rest, &rule))
		if (rule.kind == EG_RULE_READS)
			return true;
	return false;
}

static bool is_in_force(struct execgate_netlink *nl,
			const struct execgate_identity *identity)
{
	bool found = false;
	glob_t paths;

	for (size_t i = 0; !found && i < identity->path_count; i++) {
		if (glob(identity->paths[i], 0, NULL, &paths))
			continue;
		for (size_t j = 0; !found && j < paths.gl_pathc; j++)
			found = has_rule(nl, paths.gl_pathv[j]);
		globfree(&paths);
	}
	return found;
}

/* Rules that no loaded catalog has yet refuse nothing. */
static bool any_in_force(const struct execgate_identities *readers)
{
	struct execgate_netlink *nl;
	bool found = false;

	if (execgate_netlink_open(&nl, NULL))
		return false;
	for (size_t i = 0; !found && i < readers->count; i++)
		found = reads(&readers->list[i]) &&
			is_in_force(nl, &readers->list[i]);
	execgate_netlink_close(nl);
	return found;
}

int preflight_add_read(struct execgate_preflight *set, bool critical,
		       struct execgate_error *err)
{
	struct execgate_identities readers;
	int ret = execgate_identities_load(EXECGATE_IDENTITIES_SHIPPED,
					   EXECGATE_IDENTITIES_OWN, &readers,
					   err);

	if (ret)
		return ret;
	if (any_in_force(&readers))
		execgate_preflight_readers(set, &readers, critical);
	execgate_identities_free(&readers);
	return 0;
}
