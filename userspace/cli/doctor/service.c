// SPDX-License-Identifier: GPL-2.0
/* The services that carry the gate through a boot and its words to the journal. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/config/boots.h"
#include "lib/config/config.h"
#include "lib/config/gap.h"
#include "lib/events/resume.h"

#define UNIT_LINK "sysinit.target.wants/execgated.service"
#define BOOT_LINK "multi-user.target.wants/execgate-boot-ok.service"

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

static bool is_linked(const char *link)
{
	static const char *const folders[] = { "/etc/systemd/system",
					       "/usr/lib/systemd/system" };
	char path[256];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[i], link);
		if (!access(path, F_OK))
			return true;
	}
	return false;
}

static void check_enabled(struct doctor *doctor)
{
	if (access("/run/systemd/system", F_OK))
		return;
	/* Without it good boots count as failed, and then none enforces. */
	if (is_linked(UNIT_LINK) && !is_linked(BOOT_LINK))
		doctor_report(doctor, DOCTOR_WARN, "boot",
			      "systemctl enable execgate-boot-ok",
			      "execgate-boot-ok.service is not enabled: good "
			      "boots are counted as failed, and after some of "
			      "them the mode is audit");
	else if (is_linked(UNIT_LINK))
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

/* A machine configured to enforce enforces, or this is the loudest failure. */
static void check_gap(struct doctor *doctor,
		      const struct execgate_intent *intent)
{
	enum execgate_gap gap =
		execgate_resume_gap(intent,
				    doctor->nl ? &doctor->status : NULL);

	/* A caller who may not ask does not know, and is told that elsewhere. */
	if (!gap || (!doctor->nl &&
		     doctor->open_error.code == EXECGATE_EXIT_NO_PRIVILEGE))
		return;
	doctor_report(doctor, DOCTOR_FAIL, "enforcement",
		      execgate_gap_next(gap),
		      "NOT ENFORCING, unsigned code runs: this machine is "
		      "configured to enforce (%s), but %s",
		      intent->mode_file[0] ? intent->mode_file :
					     EXECGATE_CONFIG_DIR,
		      execgate_gap_text(gap));
}

static void check_kept(struct doctor *doctor,
		       const struct execgate_intent *intent)
{
	if (intent->mode == EXECGATE_CONFIG_NO_MODE)
		doctor_report(doctor, DOCTOR_WARN, "configuration",
			      "execgate mode --persist MODE",
			      "no mode is configured: each boot begins in the "
			      "module's own (audit)");
	else if ((uint32_t)intent->mode != doctor->status.mode)
		doctor_report(doctor, DOCTOR_WARN, "configuration",
			      "execgate mode --persist MODE",
			      "the mode is %s now, but %s says %s for the next "
			      "boot",
			      execgate_mode_name(doctor->status.mode),
			      intent->mode_file,
			      execgate_mode_name((unsigned int)intent->mode));
	else
		doctor_report(doctor, DOCTOR_OK, "configuration", NULL,
			      "mode %s is kept for the next boot",
			      execgate_mode_name((unsigned int)intent->mode));
}

static void check_mode(struct doctor *doctor, int boot_mode)
{
	static struct execgate_intent intent;

	execgate_intent_read(EXECGATE_CONFIG_DIR, EXECGATE_ENFORCED_FILE,
			     &intent);
	doctor->wanted = intent.mode;
	check_gap(doctor, &intent);
	if (intent.problem[0]) {
		doctor_report(doctor, DOCTOR_FAIL, "configuration",
			      "correct that, then \"systemctl reload "
			      "execgated\"",
			      "%s", intent.problem);
		return;
	}
	if (intent.before == EXECGATE_ENFORCED_DAMAGED)
		doctor_report(doctor, DOCTOR_WARN, "configuration",
			      "systemctl reload execgated",
			      EXECGATE_ENFORCED_FILE
			      " is damaged: a file of "
			      "the configuration that is lost now would not be "
			      "noticed");
	if (doctor->nl && boot_mode == -ENOENT)
		check_kept(doctor, &intent);
}

/* Returns the mode on the kernel command line, -ENOENT if there is none. */
static int check_boot_parameter(struct doctor *doctor)
{
	char line[4096];
	int mode;

	if (!execgate_io_read_line("/proc/cmdline", line, sizeof(line)))
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

/* One counted boot is this one, until its end is reached. */
static void check_boots(struct doctor *doctor)
{
	struct execgate_boots boots;
	char id[40];

	execgate_boots_id(id);
	execgate_boots_load(EXECGATE_BOOTS_FILE, &boots);
	if (boots.fell_back && !strcmp(boots.boot, id))
		doctor_report(doctor, DOCTOR_FAIL, "boots",
			      "execgate preflight; when that is mended, "
			      "execgate mode enforce",
			      "%u boots in mode enforce failed in a row, so "
			      "this one does not enforce",
			      boots.attempts);
	else if (boots.attempts > 1)
		doctor_report(doctor, DOCTOR_WARN, "boots",
			      "systemctl status execgate-boot-ok.service",
			      "%u boots in mode enforce in a row did not come "
			      "to a good end",
			      boots.attempts);
	else
		doctor_report(doctor, DOCTOR_OK, "boots", NULL,
			      "no boot in mode enforce has failed");
}

void doctor_check_service(struct doctor *doctor)
{
	int boot_mode = check_boot_parameter(doctor);

	check_mode(doctor, boot_mode);
	doctor_check_next_boot(doctor);
	doctor_check_early(doctor);
	check_daemon(doctor);
	check_enabled(doctor);
	check_journal(doctor);
	check_boots(doctor);
}
