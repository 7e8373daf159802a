/* SPDX-License-Identifier: GPL-2.0 */
/* The system call that current is in, for hooks that several of them lead to. */
#ifndef EG_SYSCALL_H
#define EG_SYSCALL_H

#include <linux/compat.h>
#include <linux/sched.h>

#include <asm/syscall.h>
#include <asm/unistd.h>

/* For 32-bit programs; i386 and 32-bit arm have the same numbers here. */
#define EG_SYSCALL32_BRK 45
#define EG_SYSCALL32_DELETE_MODULE 129

/**
 * eg_syscall_number() - of the system call that current is in
 * @is_32bit: set: whether it is a number of the 32-bit ABI (arm's on arm64)
 *
 * The kernel took the number from the very registers that this looks at, after
 * tracers and seccomp had their say: nobody can change them before it returns.
 *
 * Return: -1 if it is in none, but in an exception, say.
 */
static inline int eg_syscall_number(bool *is_32bit)
{
	int number;

	*is_32bit = false;
	/* Their registers are of no system call. */
	if (current->flags & (PF_KTHREAD | PF_USER_WORKER))
		return -1;
	number = syscall_get_nr(current, task_pt_regs(current));
#ifdef CONFIG_X86
	*is_32bit = in_ia32_syscall();
#ifdef __X32_SYSCALL_BIT
	if (!*is_32bit && number >= 0)
		number &= ~__X32_SYSCALL_BIT;
#endif
#else
	*is_32bit = in_compat_syscall();
#endif
	return number;
}

#endif /* EG_SYSCALL_H */
