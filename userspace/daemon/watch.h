/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is the gate there, and does it gate? Looked at every few seconds, because a
 * module that is unloaded or stops gating tells nobody.
 */
#ifndef EXECGATED_WATCH_H
#define EXECGATED_WATCH_H

struct daemon;

/*
 * Connect and put the configuration in force: before all else that can fail, and without
 * the loop. Whatever ends the daemon later leaves the gate as it should be.
 */
void watch_begin(struct daemon *daemon);
/* That alone, without a word about a machine that does not enforce yet. */
void watch_find(struct daemon *daemon);
/* Look once, and go on looking. 0 or -errno. */
int watch_start(struct daemon *daemon);
void watch_stop(struct daemon *daemon);

/* Look now: the state may just have been changed. */
void watch_look(struct daemon *daemon);

#endif /* EXECGATED_WATCH_H */
