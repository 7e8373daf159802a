// SPDX-License-Identifier: GPL-2.0
#include "lib/config/gap.h"

#include <errno.h>
#include <string.h>

#include "lib/config/boots.h"

static bool fell_back(void)
{
	struct execgate_boots boots;
	char id[40];

	execgate_boots_id(id);
	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	return boots.fell_back && !strcmp(boots.boot, id);
}

/* For a module that gates, but in another mode. */
static enum execgate_gap why_not(const struct execgate_status *status,
				 int configured)
{
	if (execgate_boots_parameter() != -ENOENT)
		return EXECGATE_GAP_BOOT_PARAMETER;
	if (fell_back())
		return EXECGATE_GAP_FAILED_BOOTS;
	if (!status->counters.keys)
		return EXECGATE_GAP_NO_KEYS;
	if (configured == -EACCES)
		return EXECGATE_GAP_OTHER;
	return configured == EXECGATE_MODE_ENFORCE ? EXECGATE_GAP_BY_HAND :
						     EXECGATE_GAP_NOT_SET;
}

enum execgate_gap execgate_gap_find(const struct execgate_intent *intent,
				    const struct execgate_status *status,
				    int configured)
{
	bool wanted = intent->mode == EXECGATE_MODE_ENFORCE;
	bool enforces = status && status->mode == EXECGATE_MODE_ENFORCE &&
			status->state == EXECGATE_STATE_GATING;

	if (enforces)
		return EXECGATE_GAP_NONE;
	if (!wanted)
		return intent->unread ? EXECGATE_GAP_UNREAD : EXECGATE_GAP_NONE;
	if (!status)
		return EXECGATE_GAP_ABSENT;
	if (status->state == EXECGATE_STATE_NOT_GATING)
		return EXECGATE_GAP_NOT_GATING;
	return why_not(status, configured);
}

const char *execgate_gap_name(enum execgate_gap gap)
{
	switch (gap) {
	case EXECGATE_GAP_NONE:
		return "";
#define X(id, name, text, next) \
	case EXECGATE_GAP_##id: \
		return name;
		EXECGATE_GAPS(X)
#undef X
	}
	return "";
}

const char *execgate_gap_text(enum execgate_gap gap)
{
	switch (gap) {
	case EXECGATE_GAP_NONE:
		return "";
#define X(id, name, text, next) \
	case EXECGATE_GAP_##id: \
		return text;
		EXECGATE_GAPS(X)
#undef X
	}
	return "";
}

const char *execgate_gap_next(enum execgate_gap gap)
{
	switch (gap) {
	case EXECGATE_GAP_NONE:
		return "";
#define X(id, name, text, next) \
	case EXECGATE_GAP_##id: \
		return next;
		EXECGATE_GAPS(X)
#undef X
	}
	return "";
}
