// SPDX-License-Identifier: GPL-2.0
/* The uses that a locked gate refuses, because it would change the kernel from
 * outside. */
#include "hooks/hook.h"

#include <linux/capability.h>
#include <linux/fcntl.h>
#include <linux/ratelimit.h>
#include <linux/sched.h>
#include <linux/security.h>

#include "core/counter.h"
#include "core/policy.h"
#include "core/syscall.h"
#include "gate.h"

/* The kernel has these words too, but keeps them to itself. */
static const char *const lockdown_names[] = {
	[LOCKDOWN_MODULE_SIGNATURE] = "an unsigned module",
	[LOCKDOWN_DEV_MEM] = "/dev/mem, /dev/kmem, /dev/port",
	[LOCKDOWN_EFI_TEST] = "/dev/efi_test",
	[LOCKDOWN_KEXEC] = "an unsigned kernel image",
	[LOCKDOWN_HIBERNATION] = "hibernation",
	[LOCKDOWN_PCI_ACCESS] = "direct PCI access",
	[LOCKDOWN_IOPORT] = "raw I/O ports",
	[LOCKDOWN_MSR] = "raw MSR access",
	[LOCKDOWN_ACPI_TABLES] = "changing ACPI tables",
	[LOCKDOWN_DEVICE_TREE] = "changing the device tree",
	[LOCKDOWN_PCMCIA_CIS] = "direct PCMCIA CIS storage",
	[LOCKDOWN_TIOCSSERIAL] = "reconfiguring a serial port's I/O",
	[LOCKDOWN_MODULE_PARAMETERS] = "unsafe module parameters",
	[LOCKDOWN_MMIOTRACE] = "tracing of memory-mapped I/O",
	[LOCKDOWN_DEBUGFS] = "debugfs",
	[LOCKDOWN_XMON_WR] = "the debugger's writing",
	[LOCKDOWN_BPF_WRITE_USER] = "BPF that writes to user memory",
	[LOCKDOWN_DBG_WRITE_KERNEL] = "the debugger's writing",
	[LOCKDOWN_RTAS_ERROR_INJECTION] = "RTAS error injection",
	[LOCKDOWN_XEN_USER_ACTIONS] = "Xen's user actions",
};

/* A debugger asks with the machine stopped, maybe within a lock of the gate's own. */
static bool asks_from_anywhere(int what)
{
	return what == LOCKDOWN_XMON_WR || what == LOCKDOWN_DBG_WRITE_KERNEL ||
	       in_nmi() || in_hardirq();
}

int eg_hook_lockdown(int what)
{
	const struct eg_request req = { .hook = EXECGATE_HOOK_LOCKED_DOWN };
	const char *name = NULL;

	if (what <= LOCKDOWN_NONE || what >= LOCKDOWN_INTEGRITY_MAX ||
	    !eg_policy_locked())
		return 0;
	if (asks_from_anywhere(what))
		return -EPERM;
	/* Which of them it was no event has a place for. */
	if (what < ARRAY_SIZE(lockdown_names))
		name = lockdown_names[what];
	pr_notice_ratelimited("%s[%d] refused while locked: %s\n",
			      current->comm, task_tgid_nr(current),
			      name ?: "unknown to this version");
	return eg_gate_refuse_locked(&req, EXECGATE_REASON_LOCKDOWN);
}

/* delete_module(2) with O_TRUNC, in whichever of the ABIs. */
static bool unloads_by_force(void)
{
	unsigned long args[6];
	bool is_32bit;
	int number = eg_syscall_number(&is_32bit);

	if (number !=
	    (is_32bit ? EG_SYSCALL32_DELETE_MODULE : __NR_delete_module))
		return false;
	syscall_get_arguments(current, task_pt_regs(current), args);
	return args[1] & O_TRUNC;
}

/*
 * References keep a locked gate from being unloaded, but not by force, and no
 * hook sees delete_module(2) itself. It asks for its capability first, though,
 * and the call's flags are in the same registers as its number.
 */
int eg_hook_capable(int cap)
{
	eg_counter_inc(hook_calls[EXECGATE_HOOK_CAPABLE]);
	if (cap != CAP_SYS_MODULE || !eg_policy_locked() || !unloads_by_force())
		return 0;
	pr_warn_ratelimited(
		"%s[%d] wanted to unload a module by force, which is locked\n",
		current->comm, task_tgid_nr(current));
	return -EPERM;
}
