/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATE_CLI_GATE_MODE_H
#define EXECGATE_CLI_GATE_MODE_H

/*
 * As "execgate mode --persist enforce", with all that has to hold before. An exit code; all
 * has been said, and nothing is printed when it worked.
 */
int mode_enforce_kept(void);

#endif /* EXECGATE_CLI_GATE_MODE_H */
