// SPDX-License-Identifier: GPL-2.0
#include "lib/base/when.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A million weeks: no product below overflows. */
#define AMOUNT_MAX 1000000

static int unit_seconds(const char *unit, size_t size)
{
	static const struct {
		const char *name;
		int seconds;
	} units[] = {
		{ "s", 1 },	    { "sec", 1 },	 { "second", 1 },
		{ "seconds", 1 },   { "m", 60 },	 { "min", 60 },
		{ "minute", 60 },   { "minutes", 60 },	 { "h", 3600 },
		{ "hour", 3600 },   { "hours", 3600 },	 { "d", 86400 },
		{ "day", 86400 },   { "days", 86400 },	 { "w", 604800 },
		{ "week", 604800 }, { "weeks", 604800 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].name) == size &&
		    !strncmp(units[i].name, unit, size))
			return units[i].seconds;
	}
	return 0;
}

/* "-5min", "5min ago", "5 min ago". */
static int parse_relative(const char *text, time_t now, uint64_t *out)
{
	bool minus = *text == '-';
	size_t size;
	char *unit;
	long amount;
	int seconds;

	text += minus;
	if (!isdigit((unsigned char)*text))
		return -EINVAL;
	errno = 0;
	amount = strtol(text, &unit, 10);
	if (errno || amount > AMOUNT_MAX)
		return -EINVAL;
	unit += strspn(unit, " ");
	size = strspn(unit, "abcdefghijklmnopqrstuvwxyz");
	seconds = unit_seconds(unit, size);
	if (!seconds || strcmp(unit + size, minus ? "" : " ago"))
		return -EINVAL;
	if (now < amount * seconds)
		return -EINVAL;
	*out = (uint64_t)(now - amount * seconds);
	return 0;
}

/* The whole of @text has the form of @format; see strptime(3). */
static bool parse_form(const char *text, const char *format, struct tm *tm)
{
	const char *end = strptime(text, format, tm);

	return end && !*end;
}

static int parse_absolute(const char *text, time_t now, uint64_t *out)
{
	static const char *const dates[] = {
		"%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M",
		"%Y-%m-%dT%H:%M",    "%Y-%m-%d",
	};
	static const char *const times[] = { "%H:%M:%S", "%H:%M" };
	struct tm today, tm = { 0 };
	bool found = false;
	time_t result;

	if (!localtime_r(&now, &today))
		return -EINVAL;
	today.tm_hour = today.tm_min = today.tm_sec = 0;
	today.tm_isdst = -1;
	for (size_t i = 0; i < 5 && !found; i++) {
		memset(&tm, 0, sizeof(tm));
		tm.tm_isdst = -1;
		found = parse_form(text, dates[i], &tm);
	}
	for (size_t i = 0; i < 2 && !found; i++) {
		tm = today;
		found = parse_form(text, times[i], &tm);
	}
	if (!found) {
		tm = today;
		if (!strcmp(text, "yesterday"))
			tm.tm_mday--;
		else if (strcmp(text, "today"))
			return -EINVAL;
	}
	result = mktime(&tm);
	if (result < 0)
		return -EINVAL;
	*out = (uint64_t)result;
	return 0;
}

int execgate_when_parse(const char *text, time_t now, uint64_t *out)
{
	unsigned long long seconds;
	char *end;

	if (!strcmp(text, "now")) {
		*out = (uint64_t)now;
		return 0;
	}
	if (*text == '@') {
		if (!isdigit((unsigned char)text[1]))
			return -EINVAL;
		errno = 0;
		seconds = strtoull(text + 1, &end, 10);
		if (errno || *end || seconds > UINT64_MAX / 1000000000)
			return -EINVAL;
		*out = seconds;
		return 0;
	}
	if (!parse_relative(text, now, out))
		return 0;
	return parse_absolute(text, now, out);
}
