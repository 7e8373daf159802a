// SPDX-License-Identifier: GPL-2.0
#include "cli/common/mode_deadline.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/config/boots.h"
#include "lib/config/deadline.h"
#include "lib/events/resume.h"

#define NSEC_PER_SEC 1000000000ull
#define WAIT_USEC 100000
#define WAITS 100

/* The daemon has it when it has moved it on, with the time that we gave. */
static bool is_held(uint64_t when)
{
	uint64_t held;

	return !execgate_deadline_read(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_HELD,
				       &held) &&
	       held == when;
}

int mode_deadline_hold(uint64_t seconds, struct execgate_error *err)
{
	uint64_t when = execgate_deadline_now() + seconds * NSEC_PER_SEC;
	int ret;

	if (execgate_resume_owner(EXECGATE_RESUME_FILE) == 0)
		return execgate_error_set(
			err, -ESRCH, EXECGATE_EXIT_NOT_LOADED,
			"execgated does not run, so nobody would return the "
			"mode to audit: \"systemctl start execgated\" first. "
			"The mode stays as it is");
	ret = execgate_deadline_ask(EXECGATE_RUN_DIR, when, err);
	if (ret)
		return ret;
	for (unsigned int i = 0; i < WAITS; i++) {
		if (is_held(when))
			return 0;
		usleep(WAIT_USEC);
	}
	execgate_deadline_remove(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_ASKED);
	/* It may have come just now: then it returns what is audit already. */
	return execgate_error_set(err, -ETIMEDOUT, EXECGATE_EXIT_NOT_LOADED,
				  "execgated does not answer, so nobody would "
				  "return the mode to audit: see \"systemctl "
				  "status execgated\". The mode stays as it "
				  "is");
}

int mode_deadline_confirm(struct execgate_error *err)
{
	int ret = execgate_deadline_remove(EXECGATE_RUN_DIR,
					   EXECGATE_DEADLINE_HELD);

	if (ret == -ENOENT)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_NOT_FOUND,
			"nothing waits to be confirmed: the time is up, or "
			"the mode was set without --for; see \"execgate "
			"mode\"");
	if (ret)
		return execgate_error_errno(err, ret, "cannot confirm");
	return 0;
}

void mode_deadline_cancel(void)
{
	execgate_deadline_remove(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_ASKED);
	execgate_deadline_remove(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_HELD);
	execgate_deadline_remove(EXECGATE_RUN_DIR, EXECGATE_DEADLINE_PASSED);
}

void mode_boots_reset(void)
{
	struct execgate_boots boots;
	struct execgate_error err;
	char id[40];

	if (access(EXECGATE_BOOTS_FILE, F_OK))
		return;
	execgate_boots_id(id);
	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	execgate_boots_reset(&boots, id);
	if (execgate_boots_store(EXECGATE_BOOTS_FILE, &boots, &err))
		output_warning("failed boots are still counted: %s",
			       err.message);
}

int mode_boots_healthy(void)
{
	struct execgate_boots boots;
	struct execgate_error err;
	char id[40];

	execgate_boots_id(id);
	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	if (!execgate_boots_healthy(&boots, id))
		return EXECGATE_EXIT_OK;
	if (execgate_boots_store(EXECGATE_BOOTS_FILE, &boots, &err))
		return output_error(&err);
	return EXECGATE_EXIT_OK;
}
