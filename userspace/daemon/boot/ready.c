// SPDX-License-Identifier: GPL-2.0
#include "daemon/boot/ready.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/rescue.h"
#include "lib/base/names.h"
#include "lib/base/processes.h"
#include "lib/preflight/preflight.h"

/* A machine of which nothing is listed has more than anybody wants to read. */
#define NAMED_MAX 5

void ready_follow(struct daemon *daemon)
{
	struct execgate_intent *intent = &daemon->intent;
	struct execgate_config now;
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.4000s%s", daemon->root,
		 daemon->config_dir);
	if (intent->config.lock || execgate_config_load(dir, &now, NULL) ||
	    now.mode == EXECGATE_CONFIG_NO_MODE ||
	    now.mode >= intent->config.mode)
		return;
	if (intent->mode == intent->config.mode)
		intent->mode = now.mode;
	intent->config.mode = now.mode;
}

bool ready_is_wanted(const struct daemon *daemon, int boot)
{
	int mode = boot == -ENOENT ? daemon->intent.mode : boot;

	return mode == EXECGATE_MODE_ENFORCE;
}

static void say_refused(const char *path, const char *why)
{
	journal_say(EXECGATE_MESSAGE_EARLY_FAILED, LOG_ERR,
		    "the boot needs %s, and the gate would refuse it: %s", path,
		    why);
}

/* NULL: it would run. */
static const char *why_not(struct execgate_netlink *nl,
			   const struct execgate_preflight_item *item)
{
	struct execgate_event event;
	static struct execgate_error err;
	const char *why = NULL;
	int fd = open(item->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return strerror(errno);
	for (int use = 0; use < EXECGATE_PREFLIGHT_USES && !why; use++) {
		if (!item->use[use])
			continue;
		if (execgate_netlink_check(nl, fd, execgate_preflight_hook(use),
					   &event, &err))
			why = err.message;
		else if (event.reason != EXECGATE_REASON_ALLOWED)
			why = execgate_reason_name(event.reason);
	}
	close(fd);
	return why;
}

/* Return: how many of them would not run. */
static size_t count_refused(const struct execgate_preflight *set)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	size_t refused = 0;
	const char *why;

	if (execgate_netlink_open(&nl, &err)) {
		say_refused("the kernel's answer", err.message);
		return 1;
	}
	for (size_t i = 0; i < set->count; i++) {
		why = why_not(nl, &set->items[i]);
		if (why && ++refused <= NAMED_MAX)
			say_refused(set->items[i].path, why);
	}
	execgate_netlink_close(nl);
	return refused;
}

static bool runs(void (*fill)(struct execgate_preflight *set,
			      const struct daemon *daemon),
		 const struct daemon *daemon)
{
	struct execgate_preflight set = { 0 };
	bool good;

	execgate_preflight_libraries(&set);
	fill(&set, daemon);
	good = !set.no_memory && !count_refused(&set);
	execgate_preflight_free(&set);
	return good;
}

static void add_switchers(struct execgate_preflight *set,
			  const struct daemon *daemon)
{
	for (char *const *name = daemon->switchers; *name; name++)
		execgate_preflight_add_program(set, *name,
					       EXECGATE_PREFLIGHT_SEARCH,
					       EXECGATE_PREFLIGHT_BOOT,
					       "switch");
	execgate_preflight_needs(set);
}

static void add_boot(struct execgate_preflight *set,
		     const struct daemon *daemon)
{
	(void)daemon;
	execgate_preflight_boot(set);
}

/* In the machine's own root, as those who will be started there see it: a process of its own. */
static bool root_runs(const struct daemon *daemon)
{
	pid_t child = fork();

	if (child < 0) {
		say_refused(daemon->root, strerror(errno));
		return false;
	}
	if (!child) {
		if (chroot(daemon->root) || chdir("/")) {
			say_refused(daemon->root, strerror(errno));
			_exit(1);
		}
		_exit(!runs(add_boot, daemon));
	}
	return !execgate_process_wait(child);
}

bool ready_to_enforce(struct daemon *daemon)
{
	const struct execgate_intent *intent = &daemon->intent;

	return runs(add_switchers, daemon) && root_runs(daemon) &&
	       rescue_may_enforce(daemon, intent->config.boot_attempts,
				  intent->mode_file);
}
