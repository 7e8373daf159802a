/* SPDX-License-Identifier: GPL-2.0 */
/* Waits for more of a user's own denials (own.h), without privilege. */
#ifndef EXECGATE_OWN_WATCH_H
#define EXECGATE_OWN_WATCH_H

#include <stdint.h>

/**
 * struct execgate_own_watch - one user's folder, which may come and go
 * @fd: of inotify
 * @id: of the folder in it, or -1 while there is none
 */
struct execgate_own_watch {
	const char *dir;
	uint32_t uid;
	int fd;
	int id;
};

/* 0 or -errno. */
int execgate_own_watch_open(struct execgate_own_watch *watch, const char *dir,
			    uint32_t uid);
/*
 * Return 0 when there may be more, also if there is not, or after @msec milliseconds;
 * -1: however long it takes. A watch that is waited for again has missed nothing.
 */
int execgate_own_watch_wait(struct execgate_own_watch *watch, int msec);

#endif /* EXECGATE_OWN_WATCH_H */
