/* SPDX-License-Identifier: GPL-2.0 */
/* Points in time as journalctl's users write them. */
#ifndef EXECGATE_WHEN_H
#define EXECGATE_WHEN_H

#include <stdint.h>
#include <time.h>

/**
 * execgate_when_parse() - seconds since 1970 of a point in time
 * @text: "2026-11-24", "2026-11-24 02:45[:10]" (also with a T), "02:45[:10]"
 *	  of today, "now", "today", "yesterday", "@1795488300", "-5min" or
 *	  "5min ago" (s, min, h, d, w, or spelled out)
 * @now: what "now" is
 *
 * Local time. Returns 0, or -EINVAL if it is none of these.
 */
int execgate_when_parse(const char *text, time_t now, uint64_t *out);

#endif /* EXECGATE_WHEN_H */
