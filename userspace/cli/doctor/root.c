// SPDX-License-Identifier: GPL-2.0
/*
 * The ways of root in spite of the gate: a locked gate is only as good as the
 * other ways into the kernel are closed. Without the lock they are told in one
 * line, for then root can simply switch the gate off.
 */
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/base/io.h"
#include "lib/base/profile.h"

static bool reads_file(const char *path, const char *wanted)
{
	char line[128];

	return execgate_io_read_line(path, line, sizeof(line)) &&
	       strstr(line, wanted);
}

static void say_way(struct doctor *doctor, bool closed, const char *check,
		    const char *next, const char *text)
{
	doctor_report(doctor, closed ? DOCTOR_OK : DOCTOR_WARN, check,
		      closed ? NULL : next, "%s", closed ? "closed" : text);
}

static bool gate_on(const struct doctor *doctor, enum execgate_gate gate)
{
	return doctor->status.gates.on & EXECGATE_GATE_BIT(gate);
}

/* Nothing but the command line, and how the kernel was built, tells. */
static bool writes_to_mounted_refused(void)
{
	static const char option[] = "bdev_allow_write_mounted=";
	char line[4096], *at;

	if (!execgate_io_read_line("/proc/cmdline", line, sizeof(line)))
		return false;
	at = strstr(line, option);
	return at && strchr("0nN", at[sizeof(option) - 1]);
}

static void check_kernel_doors(struct doctor *doctor)
{
	/* The gate refuses what kernel lockdown would, up to integrity. */
	say_way(doctor, true, "root: kernel lockdown", NULL, NULL);
	say_way(doctor,
		gate_on(doctor, EXECGATE_GATE_MODULE) ||
			reads_file("/proc/sys/kernel/modules_disabled", "1"),
		"root: modules",
		"execgate gate module on, or execgate lock --modules",
		"root can load any kernel module");
	say_way(doctor,
		gate_on(doctor, EXECGATE_GATE_KEXEC) ||
			reads_file("/proc/sys/kernel/kexec_load_disabled", "1"),
		"root: kexec",
		"execgate gate kexec on, or sysctl kernel.kexec_load_disabled=1",
		"root can boot into another kernel with kexec");
	say_way(doctor, gate_on(doctor, EXECGATE_GATE_RAW_DISK),
		"root: raw disks", "execgate gate raw-disk on",
		"root can write to the disk below a mounted file system");
	say_way(doctor, writes_to_mounted_refused(),
		"root: writing to mounted disks",
		"bdev_allow_write_mounted=0 on the kernel command line",
		"a descriptor that root had before a disk was mounted still writes "
		"to it, below the file system");
	say_way(doctor, gate_on(doctor, EXECGATE_GATE_INJECT),
		"root: processes", "execgate gate inject on",
		"root can change the memory of other processes");
	say_way(doctor,
		!reads_file("/proc/sys/kernel/unprivileged_bpf_disabled", "0"),
		"users: BPF", "sysctl kernel.unprivileged_bpf_disabled=1",
		"users without privileges may load BPF programs");
}

static void check_boot(struct doctor *doctor)
{
	say_way(doctor, doctor_secure_boot(), "root: next boot",
		"turn Secure Boot on in the firmware, and give the boot loader a "
		"password",
		"without Secure Boot whoever writes /boot chooses the next kernel");
}

void doctor_check_root(struct doctor *doctor)
{
	if (!doctor->nl)
		return;
	if (!doctor->status.locked) {
		doctor_report(doctor, DOCTOR_OK, "lock", NULL,
			      "not locked: root can change mode, gates and "
			      "keys; \"execgate lock\" ends that until the "
			      "next boot");
		return;
	}
	doctor_report(doctor, DOCTOR_OK, "lock", NULL,
		      "locked until the next boot");
	check_kernel_doors(doctor);
	check_boot(doctor);
}
