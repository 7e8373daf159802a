/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The unit and the container that a denied process was in, from what the kernel said of
 * it. By the time anybody reads that, the process, its cgroup and often its container are
 * gone, so nothing here asks for them.
 *
 * Different owners name the parts of a cgroup's path. The host names the first ones, from
 * the root down; a container can make cgroups of any name below its own, and a user below
 * that of user@UID.service. So the outermost name counts.
 */
#ifndef EXECGATE_CONTAINER_H
#define EXECGATE_CONTAINER_H

#include "lib/base/escape.h"
#include "lib/netlink/event.h"

/* Fill in unit, user_unit, container and container_runtime, from cgroup_path. */
void execgate_container_find(struct execgate_event *event);

/*
 * The container for eyes: "web (nginx:latest)", its name or else the beginning of its
 * id, and the image if it is known. Escaped; "" of a process in none. Returns @out.
 */
#define EXECGATE_CONTAINER_WORDS_SIZE                   \
	(EXECGATE_ESCAPE_SIZE(EXECGATE_CONTAINER_MAX) + \
	 EXECGATE_ESCAPE_SIZE(EXECGATE_IMAGE_MAX) + 4)
char *execgate_container_words(const struct execgate_event *event, char *out);

#define EXECGATE_IMAGES_KNOWN 32

/**
 * struct execgate_images - containers that were found, as the same ones come again
 * @next: the one that makes room
 * @known: of each the id, the name, the image's name and its digest; "" is unused
 *
 * Zeroed = empty.
 */
struct execgate_images {
	unsigned int next;
	struct execgate_known_image {
		char container[EXECGATE_CONTAINER_MAX + 1];
		char name[EXECGATE_CONTAINER_MAX + 1];
		char image[EXECGATE_IMAGE_MAX + 1];
		char image_id[EXECGATE_IMAGE_ID_MAX + 1];
	} known[EXECGATE_IMAGES_KNOWN];
};

/* The same container as one before: true, and its fields are filled in. Cheap. */
bool execgate_images_recall(const struct execgate_images *images,
			    struct execgate_event *event);

/**
 * execgate_images_find() - fill in container_name, image and image_id
 * @root: the folder that stands for "/", "" for itself
 *
 * From the files in which podman, CRI-O (containers.json of containers/storage) and
 * docker (config.v2.json) keep their containers. They are root's. Those of a rootless
 * podman are the user's own, and what they say is not asked. Reads and parses some
 * megabytes at most; a container that was removed already is not found.
 */
void execgate_images_find(struct execgate_images *images, const char *root,
			  struct execgate_event *event);

/*
 * Does @wanted mean the event's container? Its name, its id, or the beginning of an id
 * of 64 hexadecimal digits, in which names are not searched.
 */
bool execgate_container_is(const struct execgate_event *event,
			   const char *wanted);

/*
 * Does @wanted mean one of the event's units? Without an ending a service is meant; "*",
 * "?" and "[...]" as in glob(7).
 */
bool execgate_unit_is(const struct execgate_event *event, const char *wanted);

#endif /* EXECGATE_CONTAINER_H */
