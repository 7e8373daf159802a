// SPDX-License-Identifier: GPL-2.0
/* The start in the initramfs: what came of it, and whether the next one knows what is new. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/doctor/doctor.h"
#include "lib/config/config.h"
#include "lib/config/early.h"
#include "lib/events/message.h"
#include "lib/netlink/unjudged.h"

#define MAKE_DEBIAN "update-initramfs -u"
#define MAKE_DRACUT "dracut -f"

static const char *make_command(void)
{
	return access("/usr/sbin/update-initramfs", X_OK) ? MAKE_DRACUT :
							    MAKE_DEBIAN;
}

static void report_entry(int priority, unsigned int number, const char *text,
			 void *arg)
{
	struct doctor *doctor = arg;

	(void)priority;
	if (number == EXECGATE_MESSAGE_EARLY_FAILED)
		doctor_report(doctor, DOCTOR_WARN, "early boot",
			      "mend what it names, then \"execgate doctor\" "
			      "after the next boot",
			      "%s", text);
	else if (number == EXECGATE_MESSAGE_EARLY)
		doctor_report(doctor, DOCTOR_OK, "early boot", NULL, "%s",
			      text);
}

static bool report_entries(struct doctor *doctor)
{
	return execgate_early_read(EXECGATE_EARLY_TOLD_FILE, report_entry,
				   doctor) ||
	       execgate_early_read(EXECGATE_EARLY_FILE, report_entry, doctor);
}

/* The newest change to what goes into an initramfs. */
struct newest {
	time_t when;
	char path[PATH_MAX];
};

static void look_at(const char *path, void *arg)
{
	struct newest *newest = arg;
	struct stat st;

	if (stat(path, &st) || st.st_ctime <= newest->when)
		return;
	newest->when = st.st_ctime;
	snprintf(newest->path, sizeof(newest->path), "%s", path);
}

static void look_at_module(struct newest *newest)
{
	static const char *const ends[] = { "", ".xz", ".zst", ".gz" };
	char path[PATH_MAX];
	struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(path, sizeof(path),
			 "/lib/modules/%s/updates/dkms/execgate.ko%s",
			 uts.release, ends[i]);
		look_at(path, newest);
	}
}

/* The running kernel has one, under a name that its distribution has for it. */
static bool find_image(struct stat *st)
{
	static const char *const formats[] = { "/boot/initrd.img-%s",
					       "/boot/initramfs-%s.img",
					       "/boot/initrd-%s" };
	char path[PATH_MAX];
	struct utsname uts;

	uname(&uts);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		snprintf(path, sizeof(path), formats[i], uts.release);
		if (!stat(path, st))
			return true;
	}
	return false;
}

static void check_image(struct doctor *doctor)
{
	struct newest newest = { 0 };
	struct stat image;

	if (!find_image(&image)) {
		doctor_report(doctor, DOCTOR_WARN, "initramfs", make_command(),
			      "there is no initramfs for this kernel in /boot, "
			      "so its age cannot be told");
		return;
	}
	execgate_early_files(EXECGATE_CONFIG_DIR, look_at, &newest);
	/* A key or a file that is taken away changes its folder alone. */
	look_at(EXECGATE_CONFIG_DIR "/keys", &newest);
	look_at(EXECGATE_CONFIG_DIR "/execgate.conf.d", &newest);
	look_at("/usr/sbin/execgated", &newest);
	look_at_module(&newest);
	if (newest.when > image.st_mtime)
		doctor_report(doctor, DOCTOR_WARN, "initramfs", make_command(),
			      "it is older than %s: until the daemon of the "
			      "machine's own root begins, the next boot has "
			      "the old one",
			      newest.path);
	else
		doctor_report(doctor, DOCTOR_OK, "initramfs", NULL,
			      "it is newer than the configuration");
}

void doctor_check_early(struct doctor *doctor)
{
	struct execgate_config config;

	/* A configuration that cannot be read is reported elsewhere. */
	if (execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL) ||
	    !config.early)
		return;
	if (!report_entries(doctor))
		doctor_report(doctor, DOCTOR_WARN, "early boot", make_command(),
			      "early = yes, but the initramfs of this boot did "
			      "not arm the gate");
	check_image(doctor);
}

/* In a mode that refuses nothing, nothing of it is told. */
void doctor_check_running(struct doctor *doctor)
{
	struct execgate_unjudged found;
	struct execgate_error err;

	if (!doctor->nl || doctor->status.mode != EXECGATE_MODE_ENFORCE)
		return;
	if (execgate_unjudged_find(doctor->nl, &found, &err))
		doctor_report(doctor, DOCTOR_WARN, "running programs",
			      "run \"execgate doctor\" as root",
			      "they cannot be told: %s", err.message);
	else if (found.refused)
		doctor_report(doctor, DOCTOR_WARN, "running programs",
			      "restart them, or reboot",
			      "%u of %u processes have code that the gate "
			      "would refuse: it was not armed when they "
			      "started, or trust was taken since: %s",
			      found.refused, found.processes,
			      found.refused_names);
	else
		doctor_report(doctor, DOCTOR_OK, "running programs", NULL,
			      "the gate would run the code of each of the %u "
			      "processes",
			      found.processes);
}
