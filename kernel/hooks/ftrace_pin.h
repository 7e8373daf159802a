/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.ftrace_enabled=0 would silently switch every BPF LSM program off. */
#ifndef EG_FTRACE_PIN_H
#define EG_FTRACE_PIN_H

/* Return: 0; -EBUSY when ftrace is off already; -errno. */
int eg_ftrace_pin(void);
void eg_ftrace_unpin(void);

#endif /* EG_FTRACE_PIN_H */
