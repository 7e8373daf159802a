// SPDX-License-Identifier: GPL-2.0
#include "lib/events/container.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/digits.h"
#include "lib/config/constrained.h"

#define ID_DIGITS 64 /* of podman, docker, CRI-O, containerd */

enum naming {
	BY_ID,	 /* ID_DIGITS hexadecimal digits */
	BY_NAME, /* any other word */
	BY_UNIT, /* a name in which systemd has escaped characters */
};

/*
 * How container managers name the cgroup of a container: with systemd as the manager of
 * cgroups, and without ("" behind the id). The monitors that run beside a container
 * (conmon's libpod-conmon-ID.scope, lxc.monitor.NAME) are not in it.
 */
static const struct pattern {
	const char *prefix;
	const char *suffix;
	enum naming naming;
	const char *runtime;
} patterns[] = {
	{ "libpod-", ".scope", BY_ID, "podman" },
	{ "libpod-payload-", "", BY_ID, "podman" },
	{ "libpod-", "", BY_ID, "podman" },
	{ "docker-", ".scope", BY_ID, "docker" },
	{ "crio-", ".scope", BY_ID, "cri-o" },
	{ "crio-", "", BY_ID, "cri-o" },
	{ "cri-containerd-", ".scope", BY_ID, "containerd" },
	{ "nerdctl-", ".scope", BY_ID, "containerd" },
	{ "lxc.payload.", "", BY_NAME, "lxc" },
	{ "systemd-nspawn@", ".service", BY_UNIT, "systemd-nspawn" },
	{ "machine-", ".scope", BY_UNIT, "machined" },
};

/* One name of the path, and the one above it. */
struct part {
	char name[EXECGATE_UNIT_MAX + 1];
	char above[EXECGATE_UNIT_MAX + 1];
};

/*
 * The next name of the path. The last one of a path that fills its field may be cut and
 * is left out. False at the end, and where a name is longer than any unit's.
 */
static bool next_part(const char **path, const char *end, struct part *part)
{
	const char *from = *path, *to;
	size_t size;

	while (*from == '/')
		from++;
	to = strchrnul(from, '/');
	size = (size_t)(to - from);
	if (!size || size > EXECGATE_UNIT_MAX || to == end)
		return false;
	strcpy(part->above, part->name);
	memcpy(part->name, from, size);
	part->name[size] = '\0';
	*path = to;
	return true;
}

/* Where a path stops that may be cut; NULL: it is whole. */
static const char *cut_end(const struct execgate_event *event)
{
	size_t size = strlen(event->cgroup_path);

	return size == EXECGATE_CGROUP_MAX ? event->cgroup_path + size : NULL;
}

static bool ends_with(const char *text, size_t size, const char *end)
{
	size_t end_size = strlen(end);

	return size >= end_size &&
	       !memcmp(text + size - end_size, end, end_size);
}

/* A unit whose name the kernel might take for one of its files has "_" in front. */
static const char *unit_name(const char *part)
{
	return part[0] == '_' ? part + 1 : part;
}

static bool is_slice(const char *part)
{
	return ends_with(part, strlen(part), ".slice");
}

static bool is_users_manager(const char *unit)
{
	return !strncmp(unit, "user@", 5) &&
	       ends_with(unit, strlen(unit), ".service");
}

/* As systemd has it: the first that is not a slice. */
static bool next_unit(const char **path, const char *end, char *out)
{
	struct part part = { .name = "" };
	const char *name;

	do {
		if (!next_part(path, end, &part))
			return false;
	} while (is_slice(part.name));
	name = unit_name(part.name);
	if (!execgate_constrained_is_unit(name))
		return false;
	strcpy(out, name);
	return true;
}

static bool is_id(const char *text, size_t size)
{
	return size == ID_DIGITS &&
	       strspn(text, "0123456789abcdef") >= ID_DIGITS;
}

/* "\x2d" is a dash. */
static void unescape_unit(const char *from, size_t size, char *out)
{
	const char *end = from + size;
	uint8_t byte;

	while (from < end) {
		if (end - from >= 4 && from[0] == '\\' && from[1] == 'x') {
			const char digits[] = { from[2], from[3], '\0' };

			if (execgate_hex_read(digits, &byte, 1) && byte) {
				*out++ = (char)byte;
				from += 4;
				continue;
			}
		}
		*out++ = *from++;
	}
	*out = '\0';
}

static bool matches(const struct pattern *pattern, const char *name,
		    struct execgate_event *event)
{
	size_t prefix = strlen(pattern->prefix), size = strlen(name);

	if (strncmp(name, pattern->prefix, prefix) != 0 ||
	    !ends_with(name + prefix, size - prefix, pattern->suffix))
		return false;
	name += prefix;
	size -= prefix + strlen(pattern->suffix);
	if (!size || size > EXECGATE_CONTAINER_MAX ||
	    (pattern->naming == BY_ID && !is_id(name, size)))
		return false;
	if (pattern->naming == BY_UNIT)
		unescape_unit(name, size, event->container);
	else
		snprintf(event->container, sizeof(event->container), "%.*s",
			 (int)size, name);
	strcpy(event->container_runtime, pattern->runtime);
	return true;
}

static bool name_container(const struct part *part,
			   struct execgate_event *event)
{
	const char *name = unit_name(part->name);

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (matches(&patterns[i], name, event))
			return true;
	/* Without systemd docker makes a folder of its own, and the id is the name. */
	if (strcmp(part->above, "docker") != 0 || !is_id(name, strlen(name)))
		return false;
	strcpy(event->container, name);
	strcpy(event->container_runtime, "docker");
	return true;
}

void execgate_container_find(struct execgate_event *event)
{
	const char *path = event->cgroup_path, *end = cut_end(event);
	struct part part = { .name = "" };

	event->unit[0] = '\0';
	event->user_unit[0] = '\0';
	event->container[0] = '\0';
	event->container_runtime[0] = '\0';
	if (next_unit(&path, end, event->unit) && is_users_manager(event->unit))
		next_unit(&path, end, event->user_unit);
	path = event->cgroup_path;
	while (next_part(&path, end, &part))
		if (name_container(&part, event))
			break;
}

#define ID_SHOWN 12 /* as podman and docker do */

char *execgate_container_words(const struct execgate_event *event, char *out)
{
	const char *name = event->container_name[0] ? event->container_name :
						      event->container;
	char image[EXECGATE_ESCAPE_SIZE(EXECGATE_IMAGE_MAX)];
	size_t size = strlen(name);

	if (is_id(name, size))
		size = ID_SHOWN;
	size = execgate_escape(out, name, size);
	execgate_escape(image, event->image, strlen(event->image));
	if (size && *image)
		snprintf(out + size, EXECGATE_CONTAINER_WORDS_SIZE - size,
			 " (%s)", image);
	return out;
}

bool execgate_container_is(const struct execgate_event *event,
			   const char *wanted)
{
	size_t size = strlen(wanted);

	if (!size || !event->container[0])
		return false;
	return !strcmp(event->container, wanted) ||
	       !strcmp(event->container_name, wanted) ||
	       (is_id(event->container, strlen(event->container)) &&
		!strncmp(event->container, wanted, size));
}

bool execgate_unit_is(const struct execgate_event *event, const char *wanted)
{
	char name[EXECGATE_UNIT_MAX + sizeof(".service")];

	if (snprintf(name, sizeof(name), "%s%s", wanted,
		     execgate_constrained_is_unit(wanted) ||
				     strpbrk(wanted, "*?[") ?
			     "" :
			     ".service") >= (int)sizeof(name))
		return false;
	return (event->unit[0] && !fnmatch(name, event->unit, FNM_NOESCAPE)) ||
	       (event->user_unit[0] &&
		!fnmatch(name, event->user_unit, FNM_NOESCAPE));
}
