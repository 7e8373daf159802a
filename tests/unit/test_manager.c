// SPDX-License-Identifier: GPL-2.0
/* What systemd's manager says of its units: a manager of ours, at the other end of a socket. */
#include <pthread.h>
#include <sys/socket.h>

#include "lib_support.h"
#include "lib/preflight/manager.h"

#define ROOM "/org/freedesktop/systemd1"
#define UNIT ROOM "/unit/"
#define COMMAND "sasbttttuii"

static char found[1024];
static int stop_with;

static int take(const char *program, void *arg)
{
	(void)arg;
	strcat(found, program);
	strcat(found, "|");
	return stop_with;
}

/* The units; of those that are not loaded the file is all that there is. */
static const struct unit {
	const char *name, *path;
	bool loaded, file, stale;
	const char *property;
	const char *program;
	const char *words[4];
} units[] = {
	{ "a.service",
	  UNIT "a_2eservice",
	  true,
	  true,
	  false,
	  "ExecStart",
	  "/bin/a",
	  { "a" } },
	/* Of "ExecStart=" and "ExecStart=@/srv/%i/x y -c z" in a drop-in of an instance. */
	{ "t@i.service",
	  UNIT "t_40i_2eservice",
	  true,
	  false,
	  false,
	  "ExecStart",
	  "/srv/i/x",
	  { "y", "-c", "z" } },
	{ "sh.service",
	  UNIT "sh_2eservice",
	  false,
	  true,
	  false,
	  "ExecStop",
	  "/bin/sh",
	  { "sh", "-ec", "exec /opt/$x; /opt/y" } },
	{ "s.socket",
	  UNIT "s_2esocket",
	  false,
	  true,
	  false,
	  "ExecStopPre",
	  "/bin/s",
	  { "s" } },
	{ "m.mount",
	  UNIT "m_2emount",
	  true,
	  false,
	  false,
	  "ExecMount",
	  "/bin/mount",
	  { "/bin/mount", "/bin/none" } },
	{ "old.service",
	  UNIT "old_2eservice",
	  true,
	  true,
	  true,
	  "ExecStart",
	  "${X}",
	  { "x" } },
	/* Nobody asks about these. */
	{ "x.target",
	  UNIT "x_2etarget",
	  true,
	  true,
	  false,
	  "ExecStart",
	  "/bin/x",
	  { "x" } },
	{ "t@.service", NULL, false, true, false, NULL, NULL, { NULL } },
	{ "broken.service", NULL, false, true, false, NULL, NULL, { NULL } },
};

static unsigned int shown; /* of the units */

static const struct unit *unit_of(const char *path)
{
	for (size_t i = 0; i < shown; i++)
		if (units[i].path && !strcmp(units[i].path, path))
			return &units[i];
	return NULL;
}

static int list_units(sd_bus_message *call, void *data, sd_bus_error *error)
{
	sd_bus_message *reply;

	(void)data;
	(void)error;
	sd_bus_message_new_method_return(call, &reply);
	sd_bus_message_open_container(reply, 'a', "(ssssssouso)");
	for (size_t i = 0; i < shown; i++)
		if (units[i].loaded)
			sd_bus_message_append(reply, "(ssssssouso)",
					      units[i].name, "", "", "", "", "",
					      units[i].path, 0, "", "/");
	sd_bus_message_close_container(reply);
	sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return 1;
}

static int list_files(sd_bus_message *call, void *data, sd_bus_error *error)
{
	sd_bus_message *reply;
	char path[64];

	(void)data;
	(void)error;
	sd_bus_message_new_method_return(call, &reply);
	sd_bus_message_open_container(reply, 'a', "(ss)");
	for (size_t i = 0; i < shown; i++) {
		snprintf(path, sizeof(path), "/etc/systemd/system/%s",
			 units[i].name);
		if (units[i].file)
			sd_bus_message_append(reply, "(ss)", path, "enabled");
	}
	sd_bus_message_close_container(reply);
	sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return 1;
}

static int load_unit(sd_bus_message *call, void *data, sd_bus_error *error)
{
	const char *name;

	(void)data;
	sd_bus_message_read(call, "s", &name);
	for (size_t i = 0; i < shown; i++)
		if (!strcmp(units[i].name, name) && units[i].path)
			return sd_bus_reply_method_return(call, "o",
							  units[i].path);
	return sd_bus_error_set(error, SD_BUS_ERROR_INVALID_ARGS, "not a unit");
}

static int get_command(sd_bus *bus, const char *path, const char *interface,
		       const char *property, sd_bus_message *reply, void *data,
		       sd_bus_error *error)
{
	const struct unit *unit = unit_of(path);
	size_t count = 0;

	(void)bus;
	(void)interface;
	(void)data;
	(void)error;
	sd_bus_message_open_container(reply, 'a', "(" COMMAND ")");
	if (!strcmp(unit->property, property)) {
		sd_bus_message_open_container(reply, 'r', COMMAND);
		sd_bus_message_append(reply, "s", unit->program);
		sd_bus_message_open_container(reply, 'a', "s");
		while (count < 4 && unit->words[count])
			sd_bus_message_append(reply, "s", unit->words[count++]);
		sd_bus_message_close_container(reply);
		sd_bus_message_append(reply, "bttttuii", 0, 0ull, 0ull, 0ull,
				      0ull, 0u, 0, 0);
		sd_bus_message_close_container(reply);
	}
	return sd_bus_message_close_container(reply);
}

static int get_stale(sd_bus *bus, const char *path, const char *interface,
		     const char *property, sd_bus_message *reply, void *data,
		     sd_bus_error *error)
{
	(void)bus;
	(void)interface;
	(void)property;
	(void)data;
	(void)error;
	return sd_bus_message_append(reply, "b", unit_of(path)->stale);
}

static const sd_bus_vtable manager[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("ListUnits", "", "a(ssssssouso)", list_units,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("ListUnitFiles", "", "a(ss)", list_files,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("LoadUnit", "s", "o", load_unit,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END,
};
static const sd_bus_vtable any_unit[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("NeedDaemonReload", "b", get_stale, 0, 0),
	SD_BUS_VTABLE_END,
};
/* No version has all settings. */
static const sd_bus_vtable services[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("ExecStart", "a(" COMMAND ")", get_command, 0, 0),
	SD_BUS_PROPERTY("ExecStop", "a(" COMMAND ")", get_command, 0, 0),
	SD_BUS_VTABLE_END,
};
static const sd_bus_vtable sockets[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("ExecStopPre", "a(" COMMAND ")", get_command, 0, 0),
	SD_BUS_VTABLE_END,
};
static const sd_bus_vtable mounts[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_PROPERTY("ExecMount", "a(" COMMAND ")", get_command, 0, 0),
	SD_BUS_VTABLE_END,
};

static int is_unit(sd_bus *bus, const char *path, const char *interface,
		   void *data, void **object, sd_bus_error *error)
{
	(void)bus;
	(void)interface;
	(void)data;
	(void)error;
	*object = (void *)unit_of(path);
	return *object != NULL;
}

static void *serve(void *arg)
{
	sd_bus *bus = arg;
	int ret = 0;

	while (ret >= 0) {
		ret = sd_bus_process(bus, NULL);
		if (!ret)
			ret = sd_bus_wait(bus, UINT64_MAX);
	}
	sd_bus_close_unref(bus);
	return NULL;
}

static sd_bus *start_manager(int fd)
{
	static const struct {
		const char *interface;
		const sd_bus_vtable *vtable;
	} tables[] = {
		{ "Unit", any_unit },
		{ "Service", services },
		{ "Socket", sockets },
		{ "Mount", mounts },
	};
	char name[64];
	sd_id128_t id;
	sd_bus *bus;

	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_fd(bus, fd, fd) >= 0);
	assert_true(sd_id128_randomize(&id) >= 0);
	assert_true(sd_bus_set_server(bus, 1, id) >= 0);
	assert_true(sd_bus_add_object_vtable(bus, NULL, ROOM,
					     "org.freedesktop.systemd1.Manager",
					     manager, NULL) >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		snprintf(name, sizeof(name), "org.freedesktop.systemd1.%s",
			 tables[i].interface);
		assert_true(sd_bus_add_fallback_vtable(bus, NULL, ROOM "/unit",
						       name, tables[i].vtable,
						       is_unit, NULL) >= 0);
	}
	assert_true(sd_bus_start(bus) >= 0);
	return bus;
}

/* A manager that has the first @count units, and what it says. */
static int ask(unsigned int count, bool *stale)
{
	pthread_t thread;
	sd_bus *bus;
	int ends[2], ret;

	shown = count;
	found[0] = '\0';
	assert_int_equal(socketpair(AF_UNIX,
				    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				    0, ends),
			 0);
	assert_int_equal(pthread_create(&thread, NULL, serve,
					start_manager(ends[0])),
			 0);
	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_fd(bus, ends[1], ends[1]) >= 0);
	assert_true(sd_bus_start(bus) >= 0);
	ret = execgate_manager_programs(bus, stale, take, NULL);
	sd_bus_close_unref(bus);
	pthread_join(thread, NULL);
	return ret;
}

static void test_all(void **state)
{
	bool stale = true;

	(void)state;
	assert_int_equal(ask(5, &stale), 0);
	assert_string_equal(
		found,
		"/bin/a|/srv/i/x|/bin/mount|/bin/sh|exec|/opt/y|/bin/s|");
	assert_false(stale);
}

/* Neither a variable nor a unit that starts nothing, nor a template. */
static void test_stale(void **state)
{
	bool stale = false;

	(void)state;
	assert_int_equal(ask(8, &stale), 0);
	assert_null(strstr(found, "$"));
	assert_null(strstr(found, "/bin/x"));
	assert_true(stale);
}

static void test_errors(void **state)
{
	bool stale;

	(void)state;
	assert_true(ask(9, &stale) < 0);
	stop_with = 7;
	assert_int_equal(ask(5, &stale), 7);
	assert_string_equal(found, "/bin/a|");
	stop_with = 0;
}

static void test_nobody(void **state)
{
	bool stale;
	sd_bus *bus;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX,
				    SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
				    0, ends),
			 0);
	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_fd(bus, ends[1], ends[1]) >= 0);
	close(ends[0]);
	if (sd_bus_start(bus) >= 0)
		assert_true(execgate_manager_programs(bus, &stale, take, NULL) <
			    0);
	sd_bus_close_unref(bus);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all),
		cmocka_unit_test(test_stale),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_nobody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
