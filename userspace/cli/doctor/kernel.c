// SPDX-License-Identifier: GPL-2.0
/* The abilities that the kernel needs before the module can gate. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/base/io.h"

#define LSM_FILE "/sys/kernel/security/lsm"

/* 'y', 'm', 'n' (absent), or '?' when the file cannot be read. */
static char config_value(const char *path, const char *option)
{
	FILE *file = fopen(path, "re");
	size_t size = strlen(option);
	char line[512], value = 'n';

	if (!file)
		return '?';
	while (fgets(line, sizeof(line), file)) {
		if (!strncmp(line, option, size) && line[size] == '=')
			value = line[size + 1];
	}
	fclose(file);
	return value;
}

/* The options that a module needs say nothing about such a kernel. */
static void check_built_in(struct doctor *doctor)
{
	struct utsname uts;

	uname(&uts);
	doctor_report(doctor, DOCTOR_OK, "kernel configuration", NULL,
		      "execgate is built into %s", uts.release);
}

static void check_config(struct doctor *doctor)
{
	static const char *const options[] = {
		"CONFIG_BPF_LSM",
		"CONFIG_DEBUG_INFO_BTF_MODULES",
		"CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
	};
	char path[512];
	struct utsname uts;

	uname(&uts);
	snprintf(path, sizeof(path), "/boot/config-%s", uts.release);
	if (access(path, R_OK))
		snprintf(path, sizeof(path), "/lib/modules/%s/config",
			 uts.release);
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		char value = config_value(path, options[i]);

		if (value == '?') {
			/* A loaded module is proof of all of them. */
			if (!doctor->nl)
				doctor_report(doctor, DOCTOR_WARN,
					      "kernel configuration",
					      "install the linux-image package "
					      "of the running kernel",
					      "/boot/config-%s cannot be read, "
					      "so it is not known whether this "
					      "kernel can gate",
					      uts.release);
			return;
		}
		if (value != 'y') {
			doctor_report(doctor, DOCTOR_FAIL,
				      "kernel configuration",
				      "boot a kernel that has it: Debian's "
				      "from 6.12 on do",
				      "%s is not set in %s", options[i], path);
			return;
		}
	}
	doctor_report(doctor, DOCTOR_OK, "kernel configuration", NULL,
		      "%s has BPF LSM and BTF for modules", uts.release);
}

/* @name: "bpf", by which a module's hooks are called, or "execgate" itself */
static void check_lsm(struct doctor *doctor, const char *name)
{
	char next[192];
	char list[512], *word, *rest;
	bool found = false;

	if (!execgate_io_read_line(LSM_FILE, list, sizeof(list))) {
		if (!doctor->nl)
			doctor_report(doctor, DOCTOR_WARN, "active LSMs",
				      "mount -t securityfs none "
				      "/sys/kernel/security",
				      LSM_FILE " cannot be read");
		return;
	}
	for (word = strtok_r(list, ",", &rest); word;
	     word = strtok_r(NULL, ",", &rest))
		found |= !strcmp(word, name);
	snprintf(next, sizeof(next),
		 "on the kernel command line add \"%s\" to the list lsm=, or "
		 "remove lsm=: edit /etc/default/grub, run \"update-grub\", "
		 "reboot",
		 name);
	if (found)
		doctor_report(doctor, DOCTOR_OK, "active LSMs", NULL,
			      "%s is one of them", name);
	else
		doctor_report(doctor, DOCTOR_FAIL, "active LSMs", next,
			      "%s is not active, so the gate's hooks are "
			      "never called",
			      name);
}

static void check_ftrace(struct doctor *doctor)
{
	char value[16];

	if (!execgate_io_read_line("/proc/sys/kernel/ftrace_enabled", value,
				   sizeof(value)))
		return;
	if (!strcmp(value, "0"))
		doctor_report(doctor, DOCTOR_FAIL, "ftrace",
			      "sysctl kernel.ftrace_enabled=1; look for the "
			      "line that turns it off with \"grep -r "
			      "ftrace_enabled /etc/sysctl.*\"",
			      "kernel.ftrace_enabled is 0, which silently "
			      "disables every BPF LSM hook");
	else
		doctor_report(doctor, DOCTOR_OK, "ftrace", NULL, "it is on");
}

/* The last byte of the EFI variable; false without EFI. */
bool doctor_secure_boot(void)
{
	unsigned char data[5] = { 0 };
	FILE *file = fopen("/sys/firmware/efi/efivars/SecureBoot-"
			   "8be4df61-93ca-11d2-aa0d-00e098032b8c",
			   "re");
	size_t size;

	if (!file)
		return false;
	size = fread(data, 1, sizeof(data), file);
	fclose(file);
	return size == sizeof(data) && data[4] == 1;
}

static void check_secure_boot(struct doctor *doctor)
{
	if (!doctor_secure_boot())
		return;
	if (doctor->nl)
		doctor_report(doctor, DOCTOR_OK, "Secure Boot", NULL,
			      "it is on, and the kernel took the module");
	else
		doctor_report(doctor, DOCTOR_WARN, "Secure Boot",
			      "mokutil --import /var/lib/dkms/mok.pub, then "
			      "reboot and confirm it",
			      "it is on: the module loads only if the key that "
			      "DKMS signs with is enrolled in the firmware");
}

void doctor_check_kernel(struct doctor *doctor)
{
	if (execgate_netlink_built_in()) {
		check_built_in(doctor);
		check_lsm(doctor, "execgate");
		return;
	}
	check_config(doctor);
	check_lsm(doctor, "bpf");
	check_ftrace(doctor);
	check_secure_boot(doctor);
}
