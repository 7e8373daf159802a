// SPDX-License-Identifier: GPL-2.0
#include "daemon/clock.h"

#include <time.h>

uint64_t clock_now_usec(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * CLOCK_USEC_PER_SEC +
	       (uint64_t)now.tv_nsec / 1000;
}

bool clock_is_due(uint64_t *said)
{
	uint64_t now = clock_now_usec();

	if (*said && now - *said < CLOCK_USEC_PER_HOUR)
		return false;
	*said = now;
	return true;
}
