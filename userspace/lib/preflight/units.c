// SPDX-License-Identifier: GPL-2.0
/* Where systemd looks for units, and whose home is meant in them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <systemd/sd-daemon.h>

#include "lib/preflight/manager.h"
#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

#define UNIT_FILES "{*.service,*.socket,*.mount,*.swap,*.d/*.conf}"
/* Of these the manager has only those instances that it was told of. */
#define TEMPLATES "*@*.{service,socket,mount,swap,*.d/*.conf}"
/* It may hang; the files do not. */
#define MANAGER_TIMEOUT 5000000
#define SYSTEM_UNITS                                               \
	"{{/etc,/run,/usr/local/lib,/usr/lib,/lib}/systemd/system" \
	",/run/systemd/{generator*,transient}}/"
#define USER_UNITS \
	"{/etc,/run,/usr/local/lib,/usr/lib,/usr/share}/systemd/user/"
#define OWN_UNITS "{.config/systemd/user{,.control},.local/share/systemd/user}/"

/**
 * struct unit_naming - what units name goes into the set
 * @to: first, as the readers hand it on
 * @home: of the one user whose units they are
 * @passwd: or the text of /etc/passwd, as everybody runs them; NULL besides = the system
 */
struct unit_naming {
	struct execgate_preflight_naming to;
	const char *home;
	const char *passwd;
};

static int name_at_home(const char *program, const char *home,
			struct unit_naming *unit)
{
	char path[PATH_MAX];

	if (!execgate_programs_expand(program, home, path, sizeof(path)))
		return 0;
	return execgate_preflight_name(path, &unit->to);
}

struct everybody {
	const char *program;
	struct unit_naming *unit;
};

static int name_for_one(const char *home, void *arg)
{
	struct everybody *all = arg;

	return name_at_home(all->program, home, all->unit);
}

static int name_of_unit(const char *program, void *arg)
{
	struct unit_naming *unit = arg;
	struct everybody all = { program, unit };

	if (!unit->passwd || !strchr(program, '%'))
		return name_at_home(program, unit->home, unit);
	return execgate_programs_of_homes(unit->passwd, name_for_one, &all);
}

static int read_unit(const char *text, execgate_program_fn fn, void *arg)
{
	(void)fn;
	return execgate_programs_of_unit(text, name_of_unit, arg);
}

static int add_own_units(const char *home, void *arg)
{
	struct unit_naming unit = { *(struct execgate_preflight_naming *)arg,
				    home, NULL };
	char pattern[PATH_MAX];

	if (execgate_preflight_in_home(pattern, home, OWN_UNITS UNIT_FILES))
		execgate_preflight_each(pattern, read_unit, &unit.to);
	return 0;
}

/* Has the manager said all that will start? A user's answers nobody but that user. */
static bool ask_manager(struct execgate_preflight_naming *naming)
{
	__attribute__((cleanup(sd_bus_close_unrefp))) sd_bus *bus = NULL;
	bool stale;

	return sd_booted() > 0 && sd_bus_open_system(&bus) >= 0 &&
	       sd_bus_set_method_call_timeout(bus, MANAGER_TIMEOUT) >= 0 &&
	       !execgate_manager_programs(bus, &stale, execgate_preflight_name,
					  naming) &&
	       !stale;
}

void execgate_preflight_units(struct execgate_preflight *set)
{
	struct unit_naming unit = { { set, EXECGATE_PREFLIGHT_SEARCH,
				      EXECGATE_PREFLIGHT_UNIT, NULL },
				    NULL,
				    NULL };
	char *passwd = execgate_preflight_text("/etc/passwd");

	execgate_preflight_each(ask_manager(&unit.to) ? SYSTEM_UNITS TEMPLATES :
							SYSTEM_UNITS UNIT_FILES,
				read_unit, &unit.to);
	unit.passwd = passwd ? passwd : "";
	execgate_preflight_each(USER_UNITS UNIT_FILES, read_unit, &unit.to);
	execgate_programs_of_homes(unit.passwd, add_own_units, &unit.to);
	free(passwd);
}
