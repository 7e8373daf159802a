// SPDX-License-Identifier: GPL-2.0
/*
 * While a permanent ftrace_ops is registered the sysctl refuses to turn ftrace
 * off (kernel/trace/ftrace.c: ftrace_enable_sysctl()). Its target is a function
 * of our own that nobody calls, so it costs nothing.
 */
#include "hooks/ftrace_pin.h"

#include <linux/ftrace.h>
#include <linux/printk.h>

static noinline void pinned(void)
{
	/* Keeps the function, and the call to it, from being optimised away. */
	asm volatile("");
}

static void notrace on_pinned(unsigned long ip, unsigned long parent_ip,
			      struct ftrace_ops *ops, struct ftrace_regs *regs)
{
}

static struct ftrace_ops ops = {
	.func = on_pinned,
	.flags = FTRACE_OPS_FL_PERMANENT,
};

int eg_ftrace_pin(void)
{
	int err;

	pinned();
	err = ftrace_set_filter_ip(&ops, (unsigned long)pinned, 0, 0);
	if (!err)
		err = register_ftrace_function(&ops);
	if (err == -EBUSY)
		pr_err("ftrace is off, and with it every hook: sysctl kernel.ftrace_enabled=1 first\n");
	else if (err)
		pr_err("ftrace cannot be kept on (error %d)\n", err);
	if (err)
		ftrace_set_filter_ip(&ops, (unsigned long)pinned, 1, 0);
	return err;
}

void eg_ftrace_unpin(void)
{
	unregister_ftrace_function(&ops);
	ftrace_free_filter(&ops);
}
