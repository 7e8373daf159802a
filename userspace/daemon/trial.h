/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "mode enforce --for": enforce is on trial until a deadline, which lies in
 * /run/execgate (deadline.h): a daemon that was restarted still honours it.
 */
#ifndef EXECGATED_TRIAL_H
#define EXECGATED_TRIAL_H

struct daemon;

/* Once: watch for deadlines, and take up the one that is there. 0 or -errno. */
int trial_init(struct daemon *daemon);

/* Look now; also when a change of the folder may have been missed. */
void trial_look(struct daemon *daemon);

#endif /* EXECGATED_TRIAL_H */
