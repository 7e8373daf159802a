/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATE_CLI_LOGIN_NOTICE_H
#define EXECGATE_CLI_LOGIN_NOTICE_H

#include "lib/netlink/event.h"

/*
 * The words for somebody who logs in, and nothing if the machine is as it is
 * configured to be: that it does not enforce, that its configuration is
 * damaged, or that the next boot will not enforce. @status: NULL without the
 * module. Return: was there anything?
 */
bool login_notice(const struct execgate_status *status);

#endif /* EXECGATE_CLI_LOGIN_NOTICE_H */
