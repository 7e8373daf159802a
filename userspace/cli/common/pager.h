/* SPDX-License-Identifier: GPL-2.0 */
/* Long output on a terminal, a screen at a time. */
#ifndef EXECGATE_CLI_PAGER_H
#define EXECGATE_CLI_PAGER_H

/*
 * From here on stdout is read by $PAGER, or else by less, or more. Nothing happens without
 * a terminal, for JSON, and if $PAGER is empty or "cat". If none can be run, stdout stays.
 */
void pager_open(void);

/* All has been printed: wait until the user has read it. */
void pager_close(void);

#endif /* EXECGATE_CLI_PAGER_H */
