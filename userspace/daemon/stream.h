/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events from the kernel into the journal: live from the subscription, from the
 * kernel's ring where the subscription missed some, each once and in order.
 */
#ifndef EXECGATED_STREAM_H
#define EXECGATED_STREAM_H

struct daemon;

/* Once, before the first start: the timer of the counts. 0 or -errno. */
int stream_init(struct daemon *daemon);

/* With a fresh daemon->events; goes on where daemon->resume says. */
int stream_start(struct daemon *daemon);
void stream_stop(struct daemon *daemon);

/* Read the ring from the cursor to its end; what it lost is reported. */
void stream_catch_up(struct daemon *daemon);

/* Show the counts that wait for their window. */
void stream_flush(struct daemon *daemon);

#endif /* EXECGATED_STREAM_H */
