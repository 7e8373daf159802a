// SPDX-License-Identifier: GPL-2.0
#include "lib/preflight/manager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/preflight/programs.h"

#define SYSTEMD "org.freedesktop.systemd1"
#define ROOM "/org/freedesktop/systemd1"
#define COMMAND "sasbttttuii"

#define _message_ __attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message
#define _error_ __attribute__((cleanup(sd_bus_error_free))) sd_bus_error

static const char *const of_mounts[] = { "ExecMount", "ExecUnmount",
					 "ExecRemount", NULL };
static const char *const of_swaps[] = { "ExecActivate", "ExecDeactivate",
					NULL };

/* The units that start programs, and what tells them. */
static const struct kind {
	const char *ending;
	const char *interface;
	const char *const *properties;
} kinds[] = {
	{ ".service", SYSTEMD ".Service", execgate_programs_unit_settings },
	{ ".socket", SYSTEMD ".Socket", execgate_programs_unit_settings },
	{ ".mount", SYSTEMD ".Mount", of_mounts },
	{ ".swap", SYSTEMD ".Swap", of_swaps },
};

/**
 * struct asked - while the manager is asked
 * @seen: paths of units, each of them once
 */
struct asked {
	sd_bus *bus;
	bool *stale;
	execgate_program_fn fn;
	void *arg;
	char **seen;
	size_t seen_count;
};

static const struct kind *kind_of(const char *name)
{
	const char *ending = strrchr(name, '.');

	for (size_t i = 0; ending && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(ending, kinds[i].ending))
			return &kinds[i];
	return NULL;
}

static int tell_commands(struct asked *asked, sd_bus_message *reply)
{
	int ret = sd_bus_message_enter_container(reply, 'a', "(" COMMAND ")");

	while (ret >= 0 &&
	       (ret = sd_bus_message_enter_container(reply, 'r', COMMAND)) >
		       0) {
		const char *path;
		char **words = NULL;

		ret = sd_bus_message_read(reply, "s", &path);
		if (ret >= 0)
			ret = sd_bus_message_read_strv(reply, &words);
		if (ret >= 0)
			ret = execgate_programs_of_words(path, words, asked->fn,
							 asked->arg);
		for (char **word = words; word && *word; word++)
			free(*word);
		free(words);
		if (ret)
			return ret;
		ret = sd_bus_message_skip(reply, "bttttuii");
		if (ret >= 0)
			ret = sd_bus_message_exit_container(reply);
	}
	return ret;
}

static int ask_property(struct asked *asked, const char *unit,
			const struct kind *kind, const char *property)
{
	_message_ *reply = NULL;
	_error_ error = SD_BUS_ERROR_NULL;
	int ret = sd_bus_get_property(asked->bus, SYSTEMD, unit,
				      kind->interface, property, &error, &reply,
				      "a(" COMMAND ")");

	/* Sockets do not have all that services have, nor has each version. */
	if (ret < 0 &&
	    sd_bus_error_has_name(&error, SD_BUS_ERROR_UNKNOWN_PROPERTY))
		return 0;
	return ret < 0 ? ret : tell_commands(asked, reply);
}

/* Return: 1: not asked yet; 0; -ENOMEM. A system has some hundreds. */
static int note_unit(struct asked *asked, const char *unit)
{
	char **place;

	for (size_t i = 0; i < asked->seen_count; i++)
		if (!strcmp(asked->seen[i], unit))
			return 0;
	place = execgate_array_add(asked->seen, asked->seen_count);
	if (!place)
		return -ENOMEM;
	*place = strdup(unit);
	if (!*place)
		return -ENOMEM;
	asked->seen_count++;
	return 1;
}

static int ask_unit(struct asked *asked, const char *unit,
		    const struct kind *kind)
{
	int changed, ret = note_unit(asked, unit);

	if (ret <= 0)
		return ret;
	ret = sd_bus_get_property_trivial(asked->bus, SYSTEMD, unit,
					  SYSTEMD ".Unit", "NeedDaemonReload",
					  NULL, 'b', &changed);
	if (ret < 0)
		return ret;
	*asked->stale = *asked->stale || changed;
	for (size_t i = 0; kind->properties[i]; i++) {
		ret = ask_property(asked, unit, kind, kind->properties[i]);
		if (ret)
			return ret;
	}
	return 0;
}

static int ask_loaded(struct asked *asked)
{
	const char *name, *unit;
	_message_ *reply = NULL;
	int ret = sd_bus_call_method(asked->bus, SYSTEMD, ROOM,
				     SYSTEMD ".Manager", "ListUnits", NULL,
				     &reply, NULL);

	if (ret >= 0)
		ret = sd_bus_message_enter_container(reply, 'a',
						     "(ssssssouso)");
	while (ret >= 0 &&
	       (ret = sd_bus_message_read(reply, "(ssssssouso)", &name, NULL,
					  NULL, NULL, NULL, NULL, &unit, NULL,
					  NULL, NULL)) > 0) {
		if (!kind_of(name))
			continue;
		ret = ask_unit(asked, unit, kind_of(name));
		if (ret)
			break;
	}
	return ret;
}

static int load_and_ask(struct asked *asked, const char *name)
{
	_message_ *reply = NULL;
	const char *unit;
	int ret = sd_bus_call_method(asked->bus, SYSTEMD, ROOM,
				     SYSTEMD ".Manager", "LoadUnit", NULL,
				     &reply, "s", name);

	if (ret >= 0)
		ret = sd_bus_message_read(reply, "o", &unit);
	return ret < 0 ? ret : ask_unit(asked, unit, kind_of(name));
}

static int ask_files(struct asked *asked)
{
	_message_ *reply = NULL;
	const char *path, *name;
	int ret = sd_bus_call_method(asked->bus, SYSTEMD, ROOM,
				     SYSTEMD ".Manager", "ListUnitFiles", NULL,
				     &reply, NULL);

	if (ret >= 0)
		ret = sd_bus_message_enter_container(reply, 'a', "(ss)");
	while (ret >= 0 &&
	       (ret = sd_bus_message_read(reply, "(ss)", &path, NULL)) > 0) {
		name = strrchr(path, '/');
		name = name ? name + 1 : path;
		if (!kind_of(name) || strstr(name, "@."))
			continue;
		ret = load_and_ask(asked, name);
		if (ret)
			break;
	}
	return ret;
}

int execgate_manager_programs(sd_bus *bus, bool *stale, execgate_program_fn fn,
			      void *arg)
{
	struct asked asked = { bus, stale, fn, arg, NULL, 0 };
	int ret;

	*stale = false;
	ret = ask_loaded(&asked);
	if (!ret)
		ret = ask_files(&asked);
	while (asked.seen_count)
		free(asked.seen[--asked.seen_count]);
	free(asked.seen);
	return ret;
}
