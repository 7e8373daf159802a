// SPDX-License-Identifier: GPL-2.0
#include "lib/config/deadline.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/io.h"

#define SHORTEST 5
#define LONGEST (24 * 3600)

uint64_t execgate_deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

int execgate_deadline_parse(const char *text, uint64_t *seconds)
{
	static const struct {
		const char *name;
		unsigned int seconds;
	} units[] = { { "", 1 },   { "s", 1 },	  { "sec", 1 },
		      { "m", 60 }, { "min", 60 }, { "h", 3600 } };
	size_t digits = strspn(text, "0123456789");
	uint64_t value = strtoull(text, NULL, 10);

	if (!digits || digits > 6)
		return -EINVAL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(text + digits, units[i].name))
			continue;
		*seconds = value * units[i].seconds;
		return *seconds < SHORTEST || *seconds > LONGEST ? -EINVAL : 0;
	}
	return -EINVAL;
}

static bool name_of(const char *dir, enum execgate_deadline_state state,
		    char path[PATH_MAX])
{
	const char *name = NULL;

	switch (state) {
	case EXECGATE_DEADLINE_ASKED:
		name = "asked";
		break;
	case EXECGATE_DEADLINE_HELD:
		name = "held";
		break;
	case EXECGATE_DEADLINE_PASSED:
		name = "passed";
		break;
	}
	return snprintf(path, PATH_MAX, "%s/deadline.%s", dir, name) < PATH_MAX;
}

int execgate_deadline_ask(const char *dir, uint64_t when,
			  struct execgate_error *err)
{
	char path[PATH_MAX], text[32];

	if (!name_of(dir, EXECGATE_DEADLINE_ASKED, path))
		return execgate_error_errno(err, -ENAMETOOLONG, "%s", dir);
	snprintf(text, sizeof(text), "%" PRIu64 "\n", when);
	return execgate_io_create_file(path, 0600, true, text, strlen(text),
				       err);
}

int execgate_deadline_read(const char *dir, enum execgate_deadline_state state,
			   uint64_t *when)
{
	char path[PATH_MAX];
	uint8_t *data;
	size_t size;
	char *end;

	if (!name_of(dir, state, path))
		return -ENAMETOOLONG;
	if (access(path, F_OK))
		return -errno;
	if (execgate_io_read_file(path, 64, &data, &size, NULL))
		return -EBADMSG;
	errno = 0;
	*when = strtoull((char *)data, &end, 10);
	if (errno || end == (char *)data || *end != '\n' || data[0] == '-') {
		free(data);
		return -EBADMSG;
	}
	free(data);
	return 0;
}

int execgate_deadline_move(const char *dir, enum execgate_deadline_state from,
			   enum execgate_deadline_state to)
{
	char old[PATH_MAX], new[PATH_MAX];

	if (!name_of(dir, from, old) || !name_of(dir, to, new))
		return -ENAMETOOLONG;
	return rename(old, new) ? -errno : 0;
}

int execgate_deadline_remove(const char *dir,
			     enum execgate_deadline_state state)
{
	char path[PATH_MAX];

	if (!name_of(dir, state, path))
		return -ENAMETOOLONG;
	return unlink(path) ? -errno : 0;
}
