// SPDX-License-Identifier: GPL-2.0
/*
 * A denied process is usually gone before anybody in user space can ask for its
 * terminal, so the event says it.
 *
 * A container has terminals of its own, in a devpts of its own, and their numbers are
 * those of other terminals outside. Its processes are in a pid namespace of their own,
 * so of those no terminal is told. A user who makes a devpts without one gets a number
 * that another user may have outside; whoever writes there holds the terminal's owner
 * against the user of the event.
 *
 * The kernel takes siglock for the look, which is a leaf below tasklist_lock, task_lock
 * and the mmap lock, under which hooks may report. A process that exits may have no
 * sighand any more, and nobody waits at its terminal.
 */
#include "core/event.h"

#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/string.h>

/*
 * Not by linux/tty.h: with what that includes pahole takes the kernel's types for our
 * own ("tests/run module" looks), and then the verifier refuses the hooks' programs.
 */
struct tty_struct;
extern struct tty_struct *get_current_tty(void);
extern void tty_kref_put(struct tty_struct *tty);
extern const char *tty_name(const struct tty_struct *tty);

u16 eg_terminal_name(char name[EXECGATE_TTY_MAX])
{
	static const char pts[] = "pts";
	char text[EXECGATE_TTY_MAX + 1];
	struct tty_struct *tty;
	const char *known;
	u16 size;

	if (current->flags & (PF_KTHREAD | PF_EXITING) ||
	    task_active_pid_ns(current) != &init_pid_ns)
		return 0;
	tty = get_current_tty();
	if (!tty)
		return 0;
	known = tty_name(tty);
	/* The kernel calls it pts0, everybody else pts/0. */
	if (strstarts(known, pts) && isdigit(known[sizeof(pts) - 1]))
		size = scnprintf(text, sizeof(text), "%s/%s", pts,
				 known + sizeof(pts) - 1);
	else
		size = scnprintf(text, sizeof(text), "%s", known);
	tty_kref_put(tty);
	memcpy(name, text, size);
	return size;
}
