// SPDX-License-Identifier: GPL-2.0
#include "daemon/key_ends.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "daemon/clock.h"
#include "daemon/journal.h"
#include "lib/crypto/key_end.h"
#include "lib/events/message.h"

/* Often enough that a day is not missed, whenever the clock is set right. */
#define LOOK_USEC (6ull * 3600 * 1000000)

/*
 * The warnings told, by fingerprint; and up to which stage. The kernel holds no more
 * keys than these at once; the place of one that was told long ago is taken.
 */
static struct told {
	uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE];
	unsigned int stage;
} told[EXECGATE_KEYS_MAX];
static unsigned int told_next;

static struct told *find_key(const uint8_t *fingerprint)
{
	for (size_t i = 0; i < EXECGATE_KEYS_MAX; i++)
		if (told[i].stage && !memcmp(told[i].fingerprint, fingerprint,
					     EXECGATE_FINGERPRINT_SIZE))
			return &told[i];
	return NULL;
}

static void note_key(const uint8_t *fingerprint, unsigned int stage)
{
	struct told *place = find_key(fingerprint);

	if (!place)
		place = &told[told_next++ % EXECGATE_KEYS_MAX];
	memcpy(place->fingerprint, fingerprint, EXECGATE_FINGERPRINT_SIZE);
	place->stage = stage;
}

static int look_at(const struct execgate_key *key, void *arg)
{
	uint64_t now = *(const uint64_t *)arg;
	unsigned int stage = execgate_key_end_stage(key, now);
	const struct told *before = find_key(key->fingerprint);
	char text[EXECGATE_KEY_END_TEXT];

	if (before && before->stage >= stage)
		return 0;
	if (!stage || key->revoked)
		return 0;
	note_key(key->fingerprint, stage);
	journal_say(EXECGATE_MESSAGE_KEY_ENDS,
		    stage > 2 ? LOG_ERR : LOG_WARNING, "%s",
		    execgate_key_end_text(key, now, text));
	return 0;
}

void key_ends_look(struct daemon *daemon)
{
	uint64_t now = (uint64_t)time(NULL);
	struct execgate_error err;

	/* No module, no keys: who loads it says that. */
	if (daemon->control)
		execgate_netlink_key_list(daemon->control, look_at, &now, &err);
}

static int on_time(sd_event_source *source, uint64_t usec, void *arg)
{
	key_ends_look(arg);
	sd_event_source_set_time(source, usec + LOOK_USEC);
	sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
	return 0;
}

int key_ends_init(struct daemon *daemon)
{
	return sd_event_add_time(daemon->loop, NULL, CLOCK_BOOTTIME,
				 clock_now_usec() + LOOK_USEC, 60000000,
				 on_time, daemon);
}
