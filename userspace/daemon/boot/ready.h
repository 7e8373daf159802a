/* SPDX-License-Identifier: GPL-2.0 */
/* In the initramfs: would the machine come up if the gate enforced from here on? */
#ifndef EXECGATED_READY_H
#define EXECGATED_READY_H

#include <stdbool.h>

struct daemon;

/*
 * A lower mode that the machine's own root is configured for counts: the daemon there would
 * set it a moment later. Not where the configuration of the initramfs locks the gate.
 */
void ready_follow(struct daemon *daemon);

/* Is the gate to enforce? @boot: of execgate_boots_parameter() */
bool ready_is_wanted(const struct daemon *daemon, int boot);

/*
 * True: the kernel would run what switches to the machine's root and what a boot comes to
 * first there, and this boot is counted as one that may fail. Otherwise it says why not.
 */
bool ready_to_enforce(struct daemon *daemon);

#endif /* EXECGATED_READY_H */
