// SPDX-License-Identifier: GPL-2.0
/*
 * Executable memory that no file stands behind: whatever is written there runs,
 * so only a program that was signed to do that (may-jit) may have it.
 *
 * Shared memory of any kind (SysV, hugetlb, /dev/zero, memfd) has a file inside
 * the kernel and comes in at the hooks for files, which refuse it.
 *
 * Not seen by any hook: brk(2) after personality(READ_IMPLIES_EXEC), which gives
 * an executable heap. What a program inherits is judged at exec; what it asks
 * for while it runs is a documented limit.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/sched/mm.h>

#include "counter.h"
#include "gate.h"
#include "hook.h"
#include "policy.h"

/* The event names the program: that is what could be signed for it. */
int eg_hook_anon_exec(enum execgate_hook hook)
{
	struct eg_request req = {
		.hook = hook,
		.gate = EXECGATE_GATE_ANON_EXEC,
	};
	int err;

	if (!eg_policy_gate(req.gate) ||
	    eg_gate_program_may(EXECGATE_CLASS_MAY_JIT)) {
		eg_counter_inc(anon_exec);
		return 0;
	}
	req.file = eg_gate_program(current->mm);
	err = eg_gate_refuse(&req, EXECGATE_REASON_ANON_EXEC, -EPERM);
	if (req.file)
		fput(req.file);
	return err;
}

int eg_hook_mmap_anon(unsigned long prot)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_FILE]);
	/* With READ_IMPLIES_EXEC the kernel has put it into prot already. */
	return prot & PROT_EXEC ? eg_hook_anon_exec(EXECGATE_HOOK_MMAP_FILE) :
				  0;
}

/*
 * userfaultfd: whoever has one puts pages of any content where its mappings have
 * none yet, executable ones of verified tmpfs files among them, and no hook sees
 * it done. So it comes down to memory that no file stands behind, and may be had
 * by those who may have that. The descriptor's inode is made with this name.
 */
int eg_hook_anon_inode(const struct qstr *name)
{
	static const char userfaultfd[] = "[userfaultfd]";

	eg_counter_inc(hook_calls[EXECGATE_HOOK_USERFAULTFD]);
	if (name->len != sizeof(userfaultfd) - 1 ||
	    memcmp(name->name, userfaultfd, name->len))
		return 0;
	return eg_hook_anon_exec(EXECGATE_HOOK_USERFAULTFD);
}

/*
 * The kernel makes the stack executable (PT_GNU_STACK) without asking a hook,
 * and the heap by READ_IMPLIES_EXEC, which 32-bit programs inherit or get for
 * the lack of PT_GNU_STACK. Both are settled when the loader maps the program's
 * code, and that does come to a hook: so it is judged there, by what is, not by
 * parsing the file. A refusal at that point kills the process.
 *
 * The caller's own mmap lock is not held yet; nobody else has this memory.
 */
int eg_hook_exec_image(void)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *stack;
	bool executable = current->personality & READ_IMPLIES_EXEC;

	if (mmap_read_lock_killable(mm))
		return -EINTR; /* it dies before it runs */
	stack = find_vma(mm, mm->start_stack);
	executable |= stack && stack->vm_flags & VM_EXEC;
	mmap_read_unlock(mm);
	return executable ? eg_hook_anon_exec(EXECGATE_HOOK_MMAP_FILE) : 0;
}
