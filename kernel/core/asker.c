// SPDX-License-Identifier: GPL-2.0
/*
 * The task that asked, as an event tells of it. Others may be interested when it is gone
 * already, with its cgroup and its names, so all of it is taken at once, in any context
 * but NMI and with bounded work.
 *
 * An unprivileged user who was given a cgroup (every login has one) may make cgroups in
 * it, as deep as memory lasts. The path is the one of the ancestor at EG_ASKER_DEPTH, so
 * nesting neither hides what is above it nor makes a denial slow: the kernel's own
 * function needs steps by the square of the depth.
 *
 * argv[0] is what the process, or the one that started it, likes it to be.
 *
 * A denied process is usually gone before anybody in user space can ask for its
 * terminal, so the event says that, too.
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

#include <linux/audit.h>
#include <linux/binfmts.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/ctype.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/user_namespace.h>

/*
 * Not by linux/tty.h: with what that includes pahole takes the kernel's types for our
 * own ("tests/run module" looks), and then the verifier refuses the hooks' programs.
 */
struct tty_struct;
extern struct tty_struct *get_current_tty(void);
extern void tty_kref_put(struct tty_struct *tty);
extern const char *tty_name(const struct tty_struct *tty);

/* The name below /dev, not terminated; returns its length, 0 if there is none to tell. */
static u16 terminal_name(char name[EXECGATE_TTY_MAX])
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

static u32 parent_of(const struct task_struct *task)
{
	u32 parent;

	rcu_read_lock();
	parent = task_tgid_nr(rcu_dereference(task->real_parent));
	rcu_read_unlock();
	return parent;
}

void eg_asker_describe(struct eg_event *event)
{
	const struct cred *cred = current_real_cred();

	event->pid = task_tgid_nr(current);
	event->tid = task_pid_nr(current);
	event->parent = parent_of(current);
	event->uid = from_kuid(&init_user_ns, cred->uid);
	event->login = from_kuid(&init_user_ns, audit_get_loginuid(current));
	event->user_ns = cred->user_ns->ns.inum;
	/*
	 * Not get_task_comm(): up to 6.13 it takes task_lock(current), and the
	 * ptrace hooks hold that lock of another task (two that attach to each
	 * other would wait for ever) or tasklist_lock, within which it is not
	 * to be taken. A change meanwhile may leave a mixture of both names; the
	 * last byte is always 0.
	 */
	strscpy_pad(event->comm, current->comm, sizeof(event->comm));
	event->tty_size = terminal_name(event->tty);
}

u64 eg_asker_cgroup(char path[EXECGATE_CGROUP_MAX + 1])
{
	struct cgroup *own, *shown;
	u64 id;

	rcu_read_lock();
	own = task_dfl_cgroup(current);
	id = cgroup_id(own);
	shown = cgroup_ancestor(own, min(own->level, EG_ASKER_DEPTH));
	if (cgroup_path(shown, path, EXECGATE_CGROUP_MAX + 1) < 0)
		path[0] = '\0';
	rcu_read_unlock();
	return id;
}

int eg_asker_copy_words(const struct linux_binprm *bprm, void *to, size_t size)
{
	unsigned long at = bprm->p, end = at + size;
	struct page *page;
	long got = 1;

	mmap_read_lock(bprm->mm);
	for (; at < end && got == 1; at += size) {
		size = min(PAGE_SIZE - offset_in_page(at), end - at);
		got = get_user_pages_remote(bprm->mm, at, 1, FOLL_FORCE, &page,
					    NULL);
		if (got != 1)
			break;
		memcpy_from_page(to, page, offset_in_page(at), size);
		put_page(page);
		to += size;
	}
	mmap_read_unlock(bprm->mm);
	return got == 1 ? 0 : -EFAULT;
}

/*
 * Pages that are not there are not waited for, as locks may be held. The process can
 * have any addresses here (prctl(2), PR_SET_MM), and any bytes at them.
 */
static int copy_own_words(void *to, size_t *size)
{
	const struct mm_struct *mm = current->mm;
	unsigned long from, end;

	if (!mm || current->flags & PF_KTHREAD)
		return -ESRCH;
	from = READ_ONCE(mm->arg_start);
	end = READ_ONCE(mm->arg_end);
	if (from >= end)
		return -EFAULT;
	*size = min(*size, end - from);
	return copy_from_user_nofault(to, (const void __user *)from, *size);
}

u16 eg_asker_argv0(const struct linux_binprm *bprm,
		   char argv0[EXECGATE_ARGV0_MAX])
{
	size_t size = EXECGATE_ARGV0_MAX;
	int err;

	if (bprm) {
		size = min(size, bprm->exec - bprm->p);
		err = eg_asker_copy_words(bprm, argv0, size);
	} else {
		err = copy_own_words(argv0, &size);
	}
	return err ? 0 : strnlen(argv0, size);
}
