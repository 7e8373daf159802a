// SPDX-License-Identifier: GPL-2.0
#include "lib/crypto/key_end.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lib/base/escape.h"
#include "lib/base/digits.h"

#define DAY 86400ull

unsigned int execgate_key_end_stage(const struct execgate_key *key,
				    uint64_t now)
{
	static const unsigned int days[] = { 60, 30, 7 };
	unsigned int stage = 0;

	if (!key->not_after)
		return 0;
	if (key->not_after < now)
		return 4;
	while (stage < 3 && key->not_after - now <= days[stage] * DAY)
		stage++;
	return stage;
}

char *execgate_key_end_text(const struct execgate_key *key, uint64_t now,
			    char out[EXECGATE_KEY_END_TEXT])
{
	char subject[EXECGATE_ESCAPE_SIZE(sizeof(key->description))], day[16];
	time_t end = (time_t)key->not_after;
	uint64_t left = key->not_after < now ? 0 : key->not_after - now;
	char hex[EXECGATE_HEX_SIZE(8)], when[64];
	struct tm tm;

	execgate_hex_write(hex, key->fingerprint, 8);
	execgate_escape_text(subject, key->description,
			     strlen(key->description));
	if (!gmtime_r(&end, &tm) ||
	    !strftime(day, sizeof(day), "%Y-%m-%d", &tm))
		strcpy(day, "its day");
	if (key->not_after < now)
		snprintf(when, sizeof(when), "ended on %s", day);
	else
		snprintf(when, sizeof(when), "ends in %" PRIu64 " %s, on %s",
			 (uint64_t)(left / DAY),
			 left / DAY == 1 ? "day" : "days", day);
	snprintf(out, EXECGATE_KEY_END_TEXT,
		 "key %s (%.200s) %s: what it signed before goes on running, "
		 "what it signs later does not count; enroll its successor",
		 hex, subject, when);
	return out;
}
