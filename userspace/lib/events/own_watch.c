// SPDX-License-Identifier: GPL-2.0
/*
 * A user may watch the own folder, but not the one above it, as who reads that would see
 * who else was denied something. So until there is a folder, it is looked for.
 */
#include "lib/events/own_watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define LOOK_MSEC 2000

int execgate_own_watch_open(struct execgate_own_watch *watch, const char *dir,
			    uint32_t uid)
{
	watch->dir = dir;
	watch->uid = uid;
	watch->id = -1;
	watch->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	return watch->fd < 0 ? -errno : 0;
}

static void add_folder(struct execgate_own_watch *watch)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%u", watch->dir, watch->uid) <
	    (int)sizeof(path))
		watch->id =
			inotify_add_watch(watch->fd, path,
					  IN_MODIFY | IN_CREATE | IN_MOVED_TO);
}

static void take_events(struct execgate_own_watch *watch)
{
	char buffer[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event *event;
	ssize_t size;

	while ((size = read(watch->fd, buffer, sizeof(buffer))) > 0)
		for (char *at = buffer; at < buffer + size;
		     at += sizeof(*event) + event->len) {
			event = (const struct inotify_event *)at;
			/* The folder is gone, and its watch with it. */
			if (event->mask & IN_IGNORED && event->wd == watch->id)
				watch->id = -1;
		}
}

int execgate_own_watch_wait(struct execgate_own_watch *watch, int msec)
{
	struct pollfd poll_fd = { .fd = watch->fd, .events = POLLIN };
	int ret;

	if (watch->id < 0) {
		add_folder(watch);
		/* Something may have come before it was watched. */
		if (watch->id >= 0)
			return 0;
		if (msec < 0 || msec > LOOK_MSEC)
			msec = LOOK_MSEC;
	}
	ret = poll(&poll_fd, 1, msec);
	if (ret < 0 && errno != EINTR)
		return -errno;
	if (ret > 0)
		take_events(watch);
	return 0;
}
