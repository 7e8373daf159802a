// SPDX-License-Identifier: GPL-2.0
/* What carries the gate through a boot and its words to the journal. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "config.h"
#include "doctor.h"
#include "names.h"
#include "resume.h"

#define UNIT_LINK "sysinit.target.wants/execgated.service"

/* A daemon that hangs is running, too: has it taken in all there is? */
static void check_connected(struct doctor *doctor, pid_t pid)
{
	uint64_t instance, next, kernel = doctor->status.counters.event_next;

	if (execgate_resume_peek(EXECGATE_RESUME_FILE, &instance, &next))
		return;
	if (instance != execgate_resume_instance())
		doctor_report(doctor, DOCTOR_WARN, "daemon",
			      "systemctl restart execgated",
			      "execgated (pid %d) has not noticed yet that the "
			      "module was loaded anew",
			      (int)pid);
	else if (next < kernel)
		doctor_report(doctor, DOCTOR_WARN, "daemon",
			      "run \"execgate doctor\" again; if it is still "
			      "behind: \"systemctl restart execgated\", "
			      "nothing is lost by that",
			      "execgated (pid %d) is %" PRIu64 " events behind "
			      "the kernel",
			      (int)pid, kernel - next);
	else
		doctor_report(doctor, DOCTOR_OK, "daemon", NULL,
			      "execgated runs (pid %d) and has taken in every "
			      "event",
			      (int)pid);
}

static void check_daemon(struct doctor *doctor)
{
	pid_t pid = execgate_resume_owner(EXECGATE_RESUME_FILE);

	if (pid == -EACCES || pid == -EPERM)
		doctor_report(doctor, DOCTOR_WARN, "daemon",
			      "run \"execgate doctor\" as root",
			      "it cannot be told whether execgated runs");
	else if (pid <= 0)
		doctor_report(doctor, DOCTOR_FAIL, "daemon",
			      "systemctl start execgated",
			      "execgated is not running: keys are not loaded "
			      "at boot and denials do not reach the journal");
	else if (doctor->nl)
		check_connected(doctor, pid);
	else
		doctor_report(doctor, DOCTOR_OK, "daemon", NULL,
			      "execgated runs (pid %d) and waits for the "
			      "module",
			      (int)pid);
}

static void check_enabled(struct doctor *doctor)
{
	if (access("/run/systemd/system", F_OK))
		return;
	if (!access("/etc/systemd/system/" UNIT_LINK, F_OK) ||
	    !access("/usr/lib/systemd/system/" UNIT_LINK, F_OK))
		doctor_report(doctor, DOCTOR_OK, "boot", NULL,
			      "execgated.service is enabled");
	else
		doctor_report(doctor, DOCTOR_WARN, "boot",
			      "systemctl enable execgated",
			      "execgated.service is not enabled: after a "
			      "reboot nothing is gated");
}

static void check_journal(struct doctor *doctor)
{
	if (!access("/run/systemd/journal/socket", W_OK))
		doctor_report(doctor, DOCTOR_OK, "journal", NULL,
			      "it takes entries");
	else
		doctor_report(doctor, DOCTOR_WARN, "journal",
			      "execgate denials --kernel shows what the kernel "
			      "holds",
			      "its socket cannot be written (%s): denials are "
			      "not kept anywhere but in the kernel",
			      strerror(errno));
}

static void check_mode(struct doctor *doctor, int boot_mode)
{
	struct execgate_config config;
	struct execgate_error err;

	if (execgate_config_load(EXECGATE_CONFIG_DIR, &config, &err)) {
		doctor_report(doctor, DOCTOR_FAIL, "configuration",
			      "correct that file, then \"systemctl reload "
			      "execgated\"",
			      "%s", err.message);
		return;
	}
	if (!doctor->nl || boot_mode != -ENOENT)
		return;
	if (config.mode == EXECGATE_CONFIG_NO_MODE)
		doctor_report(doctor, DOCTOR_WARN, "configuration",
			      "execgate mode --persist MODE",
			      "no mode is configured: each boot begins in the "
			      "module's own (audit)");
	else if ((uint32_t)config.mode != doctor->status.mode)
		doctor_report(doctor, DOCTOR_WARN, "configuration",
			      "execgate mode --persist MODE",
			      "the mode is %s now, but %s says %s for the next "
			      "boot",
			      execgate_mode_name(doctor->status.mode),
			      config.mode_file,
			      execgate_mode_name((unsigned int)config.mode));
	else
		doctor_report(doctor, DOCTOR_OK, "configuration", NULL,
			      "mode %s is kept for the next boot",
			      execgate_mode_name((unsigned int)config.mode));
}

/* Returns the mode on the kernel command line, -ENOENT if there is none. */
static int check_boot_parameter(struct doctor *doctor)
{
	char line[4096];
	int mode;

	if (!doctor_read_line("/proc/cmdline", line, sizeof(line)))
		return -ENOENT;
	mode = execgate_config_boot_mode(line);
	if (mode != -ENOENT)
		doctor_report(doctor, DOCTOR_WARN, "boot parameter",
			      "when the rescue is over, boot without it",
			      "execgate.mode=%s is on the kernel command line, "
			      "so the configured mode is not applied",
			      mode < 0 ?
				      "(no mode)" :
				      execgate_mode_name((unsigned int)mode));
	return mode;
}

void doctor_check_service(struct doctor *doctor)
{
	int boot_mode = check_boot_parameter(doctor);

	check_mode(doctor, boot_mode);
	check_daemon(doctor);
	check_enabled(doctor);
	check_journal(doctor);
}
