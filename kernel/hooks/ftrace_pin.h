/* SPDX-License-Identifier: GPL-2.0 */
/* kernel.ftrace_enabled=0 would silently switch every BPF LSM program off. */
#ifndef EG_FTRACE_PIN_H
#define EG_FTRACE_PIN_H

#ifdef EG_BUILT_IN
/* There are no such programs, and the hooks need no ftrace. */
static inline int eg_ftrace_pin(void)
{
	return 0;
}

static inline void eg_ftrace_unpin(void)
{
}
#else
/* Return: 0; -EBUSY when ftrace is off already; -errno. */
int eg_ftrace_pin(void);
void eg_ftrace_unpin(void);
#endif

#endif /* EG_FTRACE_PIN_H */
