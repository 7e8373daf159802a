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

enum eg_syscall_reads {
	EG_SYSCALL_READS, /* into the caller's memory; returns how many bytes */
	EG_SYSCALL_COPIES, /* from file to file or pipe */
	EG_SYSCALL_ELSE	   /* such as io_uring_enter(2), or none at all */
};

/*
 * Numbers of 32-bit programs (arch/x86/entry/syscalls/syscall_32.tbl,
 * arch/arm/tools/syscall.tbl); those that differ there are EG_SYSCALL_ELSE: preadv,
 * splice, copy_file_range.
 */
static inline enum eg_syscall_reads eg_syscall_reads32(int number)
{
	switch (number) {
	case 3:	  /* read */
	case 145: /* readv */
	case 180: /* pread64 */
		return EG_SYSCALL_READS;
	case 187: /* sendfile */
	case 239: /* sendfile64 */
		return EG_SYSCALL_COPIES;
	default:
		return EG_SYSCALL_ELSE;
	}
}

/* Tells what the system call that current is in does with the bytes of a file. */
static inline enum eg_syscall_reads eg_syscall_reads(void)
{
	bool is_32bit;
	int number = eg_syscall_number(&is_32bit);

	if (is_32bit)
		return eg_syscall_reads32(number);
	switch (number) {
	case __NR_read:
	case __NR_readv:
	case __NR_pread64:
	case __NR_preadv:
	case __NR_preadv2:
		return EG_SYSCALL_READS;
	case __NR_sendfile:
	case __NR_splice:
	case __NR_copy_file_range:
		return EG_SYSCALL_COPIES;
	default:
		return EG_SYSCALL_ELSE;
	}
}

#endif /* EG_SYSCALL_H */
