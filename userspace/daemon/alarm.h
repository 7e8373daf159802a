/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EXECGATED_ALARM_H
#define EXECGATED_ALARM_H

struct daemon;

/*
 * A machine that is to enforce and does not is an entry of priority emerg, which journald
 * shows on every terminal, and again each hour. One that somebody has put into another
 * mode by hand is an alert: he knows.
 */
void alarm_look(struct daemon *daemon);

#endif /* EXECGATED_ALARM_H */
