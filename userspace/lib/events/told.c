// SPDX-License-Identifier: GPL-2.0
#include "lib/events/told.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/escape.h"
#include "lib/base/names.h"
#include "lib/events/record.h"

#define PATH_SHOWN 160

/* Cut at its beginning, as the name of the file is at the end; at no half character. */
static const char *path_shown(const char *path, bool *cut)
{
	size_t size = strlen(path);

	*cut = size > PATH_SHOWN;
	if (!*cut)
		return path;
	path += size - PATH_SHOWN;
	while ((*path & 0xc0) == 0x80)
		path++;
	return path;
}

void execgate_told_text(const struct execgate_event *event,
			const struct execgate_config *config, uint64_t untold,
			char text[EXECGATE_TOLD_SIZE])
{
	char path[EXECGATE_ESCAPE_SIZE(PATH_SHOWN)];
	char contact[EXECGATE_ESCAPE_SIZE(EXECGATE_CONFIG_CONTACT_MAX)];
	char url[EXECGATE_ESCAPE_SIZE(EXECGATE_CONFIG_URL_MAX)];
	char place[EXECGATE_PLACE_SIZE], more[64] = "";
	const char *shown;
	bool cut;

	shown = path_shown(event->path, &cut);
	execgate_escape(path, shown, strlen(shown));
	execgate_escape_text(contact, config->contact, strlen(config->contact));
	execgate_escape_text(url, config->url, strlen(config->url));
	if (untold)
		snprintf(more, sizeof(more), " (and %" PRIu64 " more)", untold);
	snprintf(text, EXECGATE_TOLD_SIZE,
		 "%s%s: %s%s.%s%s%s%s%s \"execgate why\" tells more.",
		 cut || event->path_cut ? "..." : "",
		 *path ? path : execgate_event_place(event, place),
		 execgate_reason_text(event->reason), more,
		 *contact || *url ? " Ask " : "", contact,
		 *contact && *url ? ", " : "", url,
		 *contact || *url ? "." : "");
}
