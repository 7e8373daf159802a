// SPDX-License-Identifier: GPL-2.0
/*
 * The formats are those of containers/storage (containers.json: a list of objects with
 * id, names, image, and in "metadata" a document of its own) and of docker
 * (config.v2.json: an object with ID, Name, Image and Config.Image).
 */
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"
#include "lib/events/container.h"

#define STATE_MAX (4u << 20) /* bytes of a file; some thousand containers */

static json_t *load_state(const char *root, const char *path)
{
	char full[PATH_MAX];
	struct execgate_error err;
	uint8_t *data;
	json_t *json;
	size_t size;

	if (snprintf(full, sizeof(full), "%s%s", root, path) >=
		    (int)sizeof(full) ||
	    execgate_io_read_file(full, STATE_MAX, &data, &size, &err))
		return NULL;
	json = json_loadb((const char *)data, size, 0, NULL);
	free(data);
	return json;
}

/* A value that is not a text, or does not fit, is not known. */
static void take_text(char *out, size_t size, const json_t *value)
{
	const char *text = json_string_value(value);

	if (text && strlen(text) < size)
		strcpy(out, text);
}

static void take_stored(const json_t *entry, struct execgate_known_image *out)
{
	const char *text =
		json_string_value(json_object_get(entry, "metadata"));
	json_t *metadata = text ? json_loads(text, 0, NULL) : NULL;

	take_text(out->name, sizeof(out->name),
		  json_array_get(json_object_get(entry, "names"), 0));
	take_text(out->image, sizeof(out->image),
		  json_object_get(metadata, "image-name"));
	take_text(out->image_id, sizeof(out->image_id),
		  json_object_get(entry, "image"));
	json_decref(metadata);
}

static void find_stored(const char *root, struct execgate_known_image *out)
{
	static const char *const paths[] = {
		"/var/lib/containers/storage/overlay-containers/containers.json",
		/* With --rm. */
		"/var/lib/containers/storage/overlay-containers/volatile-containers.json",
		"/run/containers/storage/overlay-containers/volatile-containers.json",
		"/var/lib/containers/storage/vfs-containers/containers.json",
		"/var/lib/containers/storage/vfs-containers/volatile-containers.json",
	};
	bool found = false;

	for (size_t i = 0; !found && i < sizeof(paths) / sizeof(paths[0]);
	     i++) {
		json_t *list = load_state(root, paths[i]), *entry;
		const char *id;
		size_t at;

		json_array_foreach(list, at, entry) {
			id = json_string_value(json_object_get(entry, "id"));
			if (!id || strcmp(id, out->container) != 0)
				continue;
			take_stored(entry, out);
			found = true;
			break;
		}
		json_decref(list);
	}
}

static void find_dockers(const char *root, struct execgate_known_image *out)
{
	char path[PATH_MAX];
	json_t *state;

	snprintf(path, sizeof(path),
		 "/var/lib/docker/containers/%s/config.v2.json",
		 out->container);
	state = load_state(root, path);
	take_text(out->name, sizeof(out->name), json_object_get(state, "Name"));
	/* "/web" */
	if (out->name[0] == '/')
		memmove(out->name, out->name + 1, strlen(out->name));
	take_text(out->image, sizeof(out->image),
		  json_object_get(json_object_get(state, "Config"), "Image"));
	take_text(out->image_id, sizeof(out->image_id),
		  json_object_get(state, "Image"));
	json_decref(state);
}

/* The function that knows where the containers of a runtime are kept. */
static const struct {
	const char *runtime;
	void (*find)(const char *root, struct execgate_known_image *out);
} keepers[] = {
	{ "podman", find_stored },
	{ "cri-o", find_stored },
	{ "docker", find_dockers },
};

static void fill(struct execgate_event *event,
		 const struct execgate_known_image *known)
{
	strcpy(event->container_name, known->name);
	strcpy(event->image, known->image);
	strcpy(event->image_id, known->image_id);
}

bool execgate_images_recall(const struct execgate_images *images,
			    struct execgate_event *event)
{
	for (size_t i = 0; event->container[0] && i < EXECGATE_IMAGES_KNOWN;
	     i++) {
		if (strcmp(images->known[i].container, event->container) != 0)
			continue;
		fill(event, &images->known[i]);
		return true;
	}
	return false;
}

void execgate_images_find(struct execgate_images *images, const char *root,
			  struct execgate_event *event)
{
	struct execgate_known_image found = { .name = "" };

	if (!event->container[0] || execgate_images_recall(images, event))
		return;
	strcpy(found.container, event->container);
	for (size_t i = 0; i < sizeof(keepers) / sizeof(keepers[0]); i++)
		if (!strcmp(keepers[i].runtime, event->container_runtime))
			keepers[i].find(root, &found);
	fill(event, &found);
	/* Also one that is not found: it is kept before it starts, and then not again. */
	images->known[images->next] = found;
	images->next = (images->next + 1) % EXECGATE_IMAGES_KNOWN;
}
