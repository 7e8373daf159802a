/* SPDX-License-Identifier: GPL-2.0 */
/* Time that nobody sets, and what is said again after an hour of it. */
#ifndef EXECGATED_CLOCK_H
#define EXECGATED_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_USEC_PER_SEC 1000000ull
#define CLOCK_USEC_PER_HOUR (3600 * CLOCK_USEC_PER_SEC)

uint64_t clock_now_usec(void); /* CLOCK_MONOTONIC */

/* True at first and then once an hour; @said, which begins as 0, remembers. */
bool clock_is_due(uint64_t *said);

#endif /* EXECGATED_CLOCK_H */
