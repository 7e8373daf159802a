/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The entries of the daemon that ran in the initramfs, where there is no journal: a line
 * each, in a file of /run, which goes along to the machine's own root. The daemon there
 * gives them to the journal, and "doctor" reads them.
 */
#ifndef EXECGATE_EARLY_H
#define EXECGATE_EARLY_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/config/deadline.h"

#define EXECGATE_EARLY_FILE EXECGATE_RUN_DIR "/early"
/* The same file, once the journal has what it says. */
#define EXECGATE_EARLY_TOLD_FILE EXECGATE_RUN_DIR "/early.told"

/* @number: of the message, as lib/events/message.h has it; @priority: of syslog(3) */
typedef void (*execgate_early_fn)(int priority, unsigned int number,
				  const char *text, void *arg);

void execgate_early_write(FILE *file, int priority, unsigned int number,
			  const char *text);

/* False: there is no such file of root's. A line that is not one of ours is left out. */
bool execgate_early_read(const char *path, execgate_early_fn fn, void *arg);

typedef void (*execgate_early_file_fn)(const char *path, void *arg);

/*
 * The files of the configuration in @dir that go into an initramfs: settings, certificates,
 * the signed policy and what is revoked. A file with a private key in it is left out, and so is
 * what keys/ has besides certificates.
 */
void execgate_early_files(const char *dir, execgate_early_file_fn fn,
			  void *arg);

#endif /* EXECGATE_EARLY_H */
