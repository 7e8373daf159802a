// SPDX-License-Identifier: GPL-2.0
/*
 * By the interface of the desktop's notifications, which libnotify speaks, too. The text
 * is of the user's own denials, on the user's own desktop, but it names a file that
 * another user may have named: nothing in it is markup.
 */
#include "cli/denials/notify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>
#include <unistd.h>

#include "cli/common/output.h"
#include "lib/events/own.h"
#include "lib/events/own_watch.h"
#include "lib/events/record.h"
#include "lib/events/told.h"

#define SERVICE "org.freedesktop.Notifications"
#define OBJECT "/org/freedesktop/Notifications"
/* The longest that takes the place of a character is "&amp;". */
#define BODY_SIZE (5 * EXECGATE_TOLD_SIZE)
/* Later ones get a notification of their own. */
#define SAME_USEC 60000000u

/**
 * struct teller - what is to be told, and was
 * @event: the newest that was not told
 * @pending: how many were not told
 * @told: when the last was; 0: none yet
 * @id: of the notification that told it
 */
struct teller {
	struct execgate_event event;
	uint64_t pending;
	uint64_t told;
	uint32_t id;
};

static uint64_t now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000;
}

static void take_denied(const struct execgate_event *event, uint64_t count,
			bool repeated, void *arg)
{
	struct teller *teller = arg;

	(void)repeated;
	if (!execgate_event_denied(event))
		return;
	teller->event = *event;
	teller->pending += count;
}

static void without_markup(const char *text, char body[BODY_SIZE])
{
	char *out = body;

	for (; *text; text++) {
		if (*text == '&')
			out = stpcpy(out, "&amp;");
		else if (*text == '<')
			out = stpcpy(out, "&lt;");
		else if (*text == '>')
			out = stpcpy(out, "&gt;");
		else
			*out++ = *text;
	}
	*out = '\0';
}

/* Whether the desktop reads markup: one that does not would show the escapes. */
static int has_markup(sd_bus *bus, bool *markup, sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	const char *name;
	int ret;

	ret = sd_bus_call_method(bus, SERVICE, OBJECT, SERVICE,
				 "GetCapabilities", error, &reply, "");
	if (ret >= 0)
		ret = sd_bus_message_enter_container(reply, 'a', "s");
	while (ret >= 0 && (ret = sd_bus_message_read(reply, "s", &name)) > 0)
		*markup |= !strcmp(name, "body-markup");
	sd_bus_message_unref(reply);
	return ret;
}

static int show(sd_bus *bus, const char *text, uint32_t *id,
		sd_bus_error *error)
{
	sd_bus_message *reply = NULL;
	char body[BODY_SIZE];
	bool markup = false;
	int ret;

	ret = has_markup(bus, &markup, error);
	if (ret < 0)
		return ret;
	if (markup)
		without_markup(text, body);
	ret = sd_bus_call_method(bus, SERVICE, OBJECT, SERVICE, "Notify", error,
				 &reply, "susssasa{sv}i", "execgate", *id,
				 "security-high", "execgate denied a file",
				 markup ? body : text, 0, 1, "category", "s",
				 "device.error", -1);
	if (ret >= 0)
		ret = sd_bus_message_read(reply, "u", id);
	sd_bus_message_unref(reply);
	return ret;
}

/* Half a configuration says nothing: whom to ask is left out then. */
static bool is_wanted(struct execgate_config *config)
{
	struct execgate_error cause;

	if (execgate_config_load(EXECGATE_CONFIG_DIR, config, &cause))
		execgate_config_clear(config);
	if (config->no_desktop)
		output_message("\"desktop = no\" in " EXECGATE_CONFIG_DIR
			       " says that nothing is shown");
	return !config->no_desktop;
}

/* A desktop that shows none for now misses this one; "--mine" has it. */
static void tell(struct teller *teller, const struct execgate_config *config,
		 uint64_t now)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	char text[EXECGATE_TOLD_SIZE];
	sd_bus *bus = NULL;
	int ret;

	if (!teller->told || now - teller->told > SAME_USEC)
		teller->id = 0;
	execgate_told_text(&teller->event, config, teller->pending - 1, text);
	teller->pending = 0;
	teller->told = now;
	ret = sd_bus_open_user(&bus);
	if (ret >= 0)
		ret = show(bus, text, &teller->id, &error);
	if (ret < 0)
		output_warning("the desktop shows no notification: %s",
			       error.message ? error.message : strerror(-ret));
	sd_bus_error_free(&error);
	sd_bus_flush_close_unref(bus);
}

/* How long until the next may be told; -1: there is none. */
static int pause_left(const struct teller *teller, uint64_t now)
{
	uint64_t end = teller->told + EXECGATE_TOLD_PAUSE_USEC;

	if (!teller->pending)
		return -1;
	if (!teller->told || now >= end)
		return 0;
	return (int)((end - now) / 1000 + 1);
}

static int notify_on(struct execgate_own_watch *watch,
		     struct execgate_error *err)
{
	struct execgate_own_place place = { 0 };
	struct execgate_config config;
	static struct teller teller;
	int ret;

	/* Denials from before are not shown. */
	ret = execgate_own_read(watch->dir, watch->uid, &place, take_denied,
				&teller, err);
	teller.pending = 0;
	while (!ret) {
		ret = execgate_own_watch_wait(watch,
					      pause_left(&teller, now_usec()));
		if (ret)
			return execgate_error_errno(err, ret,
						    "cannot wait for denials");
		ret = execgate_own_read(watch->dir, watch->uid, &place,
					take_denied, &teller, err);
		if (ret || pause_left(&teller, now_usec()))
			continue;
		if (!is_wanted(&config))
			return 0;
		tell(&teller, &config, now_usec());
	}
	return ret;
}

int denials_notify(struct execgate_error *err)
{
	struct execgate_own_watch watch;
	struct execgate_config config;
	int ret;

	if (!is_wanted(&config))
		return 0;
	ret = execgate_own_watch_open(&watch, EXECGATE_OWN_DIR, getuid());
	if (ret)
		return execgate_error_errno(err, ret,
					    "cannot wait for denials");
	ret = notify_on(&watch, err);
	close(watch.fd);
	return ret;
}
