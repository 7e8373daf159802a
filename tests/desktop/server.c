// SPDX-License-Identifier: GPL-2.0
/*
 * server FILE [CAPABILITY...]: a desktop's notifications that shows them to nobody. Each is
 * a line of FILE: its number, the number that it takes the place of, the program, the
 * summary and the body, with tabs between them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

struct server {
	FILE *file;
	char **capabilities;
	uint32_t last;
};

static int get_capabilities(sd_bus_message *call, void *arg,
			    sd_bus_error *error)
{
	struct server *server = arg;
	sd_bus_message *reply = NULL;
	int ret;

	(void)error;
	ret = sd_bus_message_new_method_return(call, &reply);
	if (ret >= 0)
		ret = sd_bus_message_append_strv(reply, server->capabilities);
	if (ret >= 0)
		ret = sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	return ret;
}

static int notify(sd_bus_message *call, void *arg, sd_bus_error *error)
{
	const char *program, *icon, *summary, *body;
	struct server *server = arg;
	uint32_t replaced;
	int ret;

	(void)error;
	ret = sd_bus_message_read(call, "susss", &program, &replaced, &icon,
				  &summary, &body);
	if (ret < 0)
		return ret;
	fprintf(server->file, "%u\t%u\t%s\t%s\t%s\n", ++server->last, replaced,
		program, summary, body);
	fflush(server->file);
	return sd_bus_reply_method_return(call, "u", server->last);
}

static const sd_bus_vtable methods[] = {
	SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("GetCapabilities", "", "as", get_capabilities,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Notify", "susssasa{sv}i", "u", notify,
		      SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END
};

int main(int argc, char **argv)
{
	struct server server = { .capabilities = argv + 2 };
	sd_bus *bus = NULL;
	int ret = -EINVAL;

	if (argc < 2)
		return 2;
	server.file = fopen(argv[1], "ae");
	if (server.file)
		ret = sd_bus_open_user(&bus);
	if (ret >= 0)
		ret = sd_bus_add_object_vtable(bus, NULL, PATH, NAME, methods,
					       &server);
	if (ret >= 0)
		ret = sd_bus_request_name(bus, NAME, 0);
	while (ret >= 0) {
		ret = sd_bus_process(bus, NULL);
		if (!ret)
			ret = sd_bus_wait(bus, UINT64_MAX);
	}
	fprintf(stderr, "server: %s\n", strerror(-ret));
	return 1;
}
