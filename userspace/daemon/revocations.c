// SPDX-License-Identifier: GPL-2.0
#include "daemon/revocations.h"

#include <errno.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "lib/config/constrained.h"

#define TRIES 3

/*
 * Every revocation that can be made is made, whatever else is wrong with the file: a
 * line that is
 * not understood must not bring back what the others withdraw.
 */
void revocations_load(struct daemon *daemon)
{
	struct execgate_revocations all;
	struct execgate_error err;
	int ret, tries = 0;

	do {
		if (tries)
			execgate_revocations_free(&all);
		ret = execgate_revocations_load(EXECGATE_REVOKED_FILE, &all,
						&err);
	} while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	tries = 0;
	do
		ret = execgate_netlink_revoke_add(daemon->control, all.items,
						  all.count, &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret)
		journal_say(EXECGATE_MESSAGE_REVOCATIONS_FAILED, LOG_ALERT,
			    "NOT all that was revoked is: %s", err.message);
	execgate_revocations_free(&all);
}

static void say_free(const struct execgate_error *err)
{
	journal_say(EXECGATE_MESSAGE_CONSTRAIN_FAILED, LOG_ALERT,
		    "NOT all that was constrained is: %s", err->message);
}

static void constrain_one(struct daemon *daemon,
			  const struct execgate_constrained *item)
{
	struct execgate_constraint_item wanted = { .kind = item->kind };
	struct execgate_error err;
	int ret, tries = 0;

	if (execgate_constrained_id(EXECGATE_CGROUP_DIR, item, &wanted.id,
				    &err))
		return;
	do
		ret = execgate_netlink_constrain(daemon->control, &wanted,
						 &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	/* A unit that ends meanwhile is not a failure. */
	if (ret && !(ret == -ENOENT && item->kind == EXECGATE_CONSTRAINT_UNIT))
		say_free(&err);
}

/* Whatever else is wrong with the file, what is understood of it is done. */
void constrained_load(struct daemon *daemon)
{
	struct execgate_constrained_list list;
	struct execgate_error err;
	int ret, tries = 0;

	do {
		if (tries)
			execgate_constrained_free(&list);
		ret = execgate_constrained_load(EXECGATE_CONSTRAINED_FILE,
						&list, &err);
	} while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret)
		say_free(&err);
	for (size_t i = 0; i < list.count; i++)
		constrain_one(daemon, &list.items[i]);
	execgate_constrained_free(&list);
}
