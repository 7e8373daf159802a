/* SPDX-License-Identifier: GPL-2.0 */
/* A machine that does not boot in enforce does not stay out of reach. */
#ifndef EXECGATED_RESCUE_H
#define EXECGATED_RESCUE_H

#include <stdbool.h>

struct daemon;

/**
 * rescue_may_enforce() - or have too many boots failed?
 * @limit: how many may; 0 = any number
 * @who: says that the mode is to be enforce
 *
 * Counted before enforce is set and on disk by then: a boot that ends in that
 * very moment is one that failed. A mode that the kernel has already was
 * somebody's decision.
 */
bool rescue_may_enforce(const struct daemon *daemon, unsigned int limit,
			const char *who);

#endif /* EXECGATED_RESCUE_H */
