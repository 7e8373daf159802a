// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/command.h"
#include "lib/config/deadline.h"
#include "lib/netlink/netlink.h"

#define MODULES_DISABLED "/proc/sys/kernel/modules_disabled"
#define LOCKDOWN "/sys/kernel/security/lockdown"

static int write_word(const char *path, const char *word,
		      struct execgate_error *err)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret = 0;

	if (fd < 0 || write(fd, word, strlen(word)) < 0)
		ret = -errno;
	if (fd >= 0)
		close(fd);
	return ret ? execgate_error_errno(err, ret, "cannot write %s to %s",
					  word, path) :
		     0;
}

/* Locked now, the mode could not be taken back when nobody confirms it. */
static int refuse_on_trial(struct execgate_error *err)
{
	uint64_t when;

	if (execgate_deadline_read(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_HELD,
				   &when) == -ENOENT)
		return 0;
	return execgate_error_set(err, -EBUSY, EXECGATE_EXIT_ERROR,
				  "mode enforce is on trial: \"execgate mode "
				  "confirm\" first");
}

static int lock_gate(bool modules, bool lockdown, struct execgate_error *err)
{
	struct execgate_netlink *nl;
	int ret = refuse_on_trial(err);

	if (!ret)
		ret = execgate_netlink_open(&nl, err);
	if (ret)
		return ret;
	ret = execgate_netlink_lock(nl, err);
	execgate_netlink_close(nl);
	/* After the gate: if it cannot be locked, nothing else is closed. */
	if (!ret && lockdown)
		ret = write_word(LOCKDOWN, "integrity", err);
	if (!ret && modules)
		ret = write_word(MODULES_DISABLED, "1", err);
	return ret;
}

static int run_lock(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "modules", no_argument, NULL, 'm' },
		{ "lockdown", no_argument, NULL, 'l' },
		{ 0 },
	};
	bool modules = false, lockdown = false;
	struct execgate_error err;
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == 'm')
			modules = true;
		else if (answer == 'l')
			lockdown = true;
		else
			return cmd_option_error(self, answer, argv);
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	if (lock_gate(modules, lockdown, &err))
		return output_error(&err);
	if (output_is_json())
		output_json(json_pack("{s:b, s:b, s:b}", "locked", 1,
				      "modules_disabled", modules, "lockdown",
				      lockdown));
	else
		printf("Locked until the next boot%s%s. \"execgate doctor\" "
		       "tells which ways root still has.\n",
		       modules ? ", no more modules" : "",
		       lockdown ? ", kernel lockdown integrity" : "");
	return EXECGATE_EXIT_OK;
}

const struct command cmd_lock = {
	.name = "lock",
	.arguments = "[--modules] [--lockdown]",
	.summary = "let nobody loosen the gate until the next boot",
	.options =
		"  --modules   load and unload no more kernel modules\n"
		"              (kernel.modules_disabled=1)\n"
		"  --lockdown  close the kernel's own doors for root: /dev/mem, MSRs,\n"
		"              port and PCI access (kernel lockdown, integrity)\n"
		"\n"
		"Only in mode enforce. Nothing but a boot undoes any of it.\n",
	.run = run_lock,
};
