/* SPDX-License-Identifier: GPL-2.0 */
/* The screen of "execgate status". */
#ifndef EXECGATE_CLI_STATUS_H
#define EXECGATE_CLI_STATUS_H

#include <limits.h>
#include <sys/types.h>

#include "lib/config/intent.h"
#include "lib/netlink/netlink.h"

/* The longest list of alarms that any state can give. */
#define ALARMS_MAX 10

/* @wanted: what stands between the machine and @intent */
struct alarms {
	const char *texts[ALARMS_MAX];
	size_t count;
	struct execgate_intent intent;
	char wanted[PATH_MAX + 512];
};

/**
 * struct status_facts - what else is asked for the one screen
 * @daemon: pid, 0 = it does not run, negative = only root can tell
 * @key_end: when the first of the enrolled keys ends; 0 = none does
 * @last: see execgate_last_denial()
 */
struct status_facts {
	pid_t daemon;
	uint64_t key_end;
	struct execgate_event last;
	bool has_last;
};

void status_print(const struct execgate_status *status,
		  const struct status_facts *facts, const struct alarms *alarms,
		  bool verbose);

/* The mode that the next boot begins in, and who says so. */
void status_print_next_boot(const struct execgate_intent *intent);

/* 0 it enforces, 10 audit, 11 it does not gate. */
int status_exit(unsigned int state, unsigned int mode);

/*
 * State and mode as everybody may read them, who may not ask the kernel for more; the
 * exit code. @one_line: no more than whether it enforces.
 */
int status_public(bool one_line);

#endif /* EXECGATE_CLI_STATUS_H */
