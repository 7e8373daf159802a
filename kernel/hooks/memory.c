// SPDX-License-Identifier: GPL-2.0
/*
 * Executable memory that no file stands behind: whatever is written there runs,
 * so only a program that was signed to do that (may-jit) may have it.
 *
 * It is the kind of memory that decides, never the way to it: mmap, mprotect,
 * shmat, or a second mapping of what is written by the first.
 *
 *	gate anon-exec				off	on	may-jit
 *	anonymous, private or shared		yes	no	yes
 *	memfd, System V, /dev/zero		no	no	yes
 *
 *	a private mapping of a file, written	no	no	yes
 *
 * What is a yes in the first column is counted. The second row is what another
 * process can be given, and what a loader opens as it opens a library: memory of
 * that kind was refused before there was a gate for memory, and no compiler of
 * Debian's needs it. Of a memfd, the signature of a sealed one makes it a file
 * (filesystem.c). /dev/zero mapped shared is anonymous memory once it is mapped:
 * the kernel makes no difference then.
 *
 * The kernel also makes memory that it asks no hook for files about: heap, shadow
 * stacks, a program's stack. They become executable by READ_IMPLIES_EXEC or by
 * PT_GNU_STACK, and are seen where an address is chosen for them, which every new
 * mapping comes to; that hook is attached only while it has something to refuse.
 */
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>
#include <linux/sched/mm.h>

#include "core/counter.h"
#include "core/memory.h"
#include "core/policy.h"
#include "core/syscall.h"
#include "gate.h"
#include "hooks/constrained.h"
#include "hooks/hook.h"

/* The event names the program: that is what could be signed for it. */
static int anon_exec(enum execgate_hook hook, bool atomic)
{
	struct eg_request req = {
		.hook = hook,
		.gate = EXECGATE_GATE_ANON_EXEC,
		.atomic = atomic,
	};
	int err;

	if (!eg_hook_gate(&req, EG_CONSTRAINED_MEMORY) ||
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

int eg_hook_anon_exec(enum execgate_hook hook)
{
	return anon_exec(hook, false);
}

int eg_hook_file_memory(enum execgate_hook hook, const struct file *file,
			bool gained)
{
	switch (eg_memory_kind(file)) {
	case EG_MEMORY_FILE:
		break;
	case EG_MEMORY_ANONYMOUS:
		return gained ? eg_hook_anon_exec(hook) : 0;
	case EG_MEMORY_PASSED:
	case EG_MEMORY_DEVICE:
		if (!eg_gate_program_may(EXECGATE_CLASS_MAY_JIT))
			break;
		eg_counter_inc(anon_exec);
		return 0;
	}
	return EG_HOOK_AS_FILE;
}

/*
 * A private mapping that is written to is a copy, in memory of its own. Not in
 * execve: a program's segments are judged, and kept from writers, as its file is.
 */
bool eg_hook_copy_exec(bool private)
{
	if (!private || current->in_execve ||
	    !eg_gate_program_may(EXECGATE_CLASS_MAY_JIT))
		return false;
	eg_counter_inc(anon_exec);
	return true;
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
 * The stack is executable by PT_GNU_STACK, or all that can be read is, by
 * READ_IMPLIES_EXEC, which programs inherit, 32-bit ones also for the lack of
 * PT_GNU_STACK. Both are settled when the loader maps the program's first segment
 * or the first thing else, and until then the stack is all that is mapped.
 */
static bool image_is_executable(struct mm_struct *mm)
{
	const struct vm_area_struct *stack = find_vma(mm, 0);

	return current->personality & READ_IMPLIES_EXEC ||
	       (stack && stack->vm_flags & VM_EXEC);
}

static bool is_gated(void)
{
	return eg_policy_gate(EXECGATE_GATE_ANON_EXEC) ||
	       eg_constrained_current() & EG_CONSTRAINED_MEMORY;
}

/* With the gate off nothing is refused, but it is counted. */
void eg_hook_count_image(void)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *stack;
	bool executable = current->personality & READ_IMPLIES_EXEC;

	if (is_gated() || mmap_read_lock_killable(mm))
		return;
	stack = find_vma(mm, mm->start_stack);
	executable |= stack && stack->vm_flags & VM_EXEC;
	mmap_read_unlock(mm);
	if (executable)
		eg_counter_inc(anon_exec);
}

/*
 * System calls that make memory which comes to no hook for files. Besides them,
 * the kernel asks for an address for what has been to such a hook (mmap, shmat,
 * remap_file_pages, drivers), for what was mapped before (mremap), for files that
 * can never be executable (aio's), and for what user space cannot write (vDSO,
 * uprobes). Shadow stacks are made where a thread is or where they are switched
 * on; 32-bit programs have none.
 */
static bool makes_memory(void)
{
	bool is_32bit;
	int number = eg_syscall_number(&is_32bit);

	if (is_32bit)
		return number == EG_SYSCALL32_BRK;
	switch (number) {
	case __NR_brk:
	case __NR_clone:
	case __NR_clone3:
#ifdef __NR_arch_prctl
	case __NR_arch_prctl:
#endif
	case __NR_prctl:
#ifdef __NR_map_shadow_stack
	case __NR_map_shadow_stack:
#endif
		return true;
	}
	return false;
}

/*
 * The hook is there for constrained users and units, too: to all others it is one that
 * is not attached, and counts nothing.
 */
static int refuse_unseen(enum execgate_hook hook)
{
	return is_gated() ? anon_exec(hook, true) : 0;
}

/*
 * current->mm is locked for writing, by current: in execve too, where it is
 * the new one by now, which nobody else has.
 *
 * A refusal in execve comes too late to be returned and kills the process. It is
 * told as what it always was, a mapping of the program.
 */
int eg_hook_mmap_addr(void)
{
	struct mm_struct *mm = current->mm;

	eg_counter_inc(hook_calls[EXECGATE_HOOK_MMAP_ADDR]);
	if (!mm)
		return 0;
	if (current->in_execve)
		return mm->map_count == 1 && image_is_executable(mm) ?
			       refuse_unseen(EXECGATE_HOOK_MMAP_FILE) :
			       0;
	return current->personality & READ_IMPLIES_EXEC && makes_memory() ?
		       refuse_unseen(EXECGATE_HOOK_MMAP_ADDR) :
		       0;
}
