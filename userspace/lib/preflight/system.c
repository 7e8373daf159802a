// SPDX-License-Identifier: GPL-2.0
/*
 * The programs that run now, and those that units, timers, rules and the kernel will
 * start.
 */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/processes.h"
#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

static bool is_at(const char *path, const struct stat *file)
{
	struct stat st;

	return !stat(path, &st) && st.st_ino == file->st_ino &&
	       st.st_dev == file->st_dev;
}

/* A file that is gone from its path will not be started again: what is there now will. */
static void add_running(const struct execgate_running *running, void *arg)
{
	static const char deleted[] = " (deleted)";
	size_t size = strlen(running->path), tail = sizeof(deleted) - 1;
	int use = running->is_program ? EXECGATE_PREFLIGHT_EXEC :
					EXECGATE_PREFLIGHT_MMAP;
	unsigned int source = running->is_program ? EXECGATE_PREFLIGHT_PROCESS :
						    EXECGATE_PREFLIGHT_MAPPING;
	char path[PATH_MAX];

	if (size > tail && !strcmp(running->path + size - tail, deleted) &&
	    strncmp(running->path, "/memfd:", 7)) {
		snprintf(path, sizeof(path), "%.*s", (int)(size - tail),
			 running->path);
		execgate_preflight_add(arg, path, NULL, use, source, NULL);
		return;
	}
	execgate_preflight_add(arg, running->path,
			       is_at(running->path, &running->st) ?
				       NULL :
				       running->open,
			       use, source, NULL);
}

void execgate_preflight_processes(struct execgate_preflight *set)
{
	execgate_processes_walk(add_running, set);
}

static int read_user_crontab(const char *text, execgate_program_fn fn,
			     void *arg)
{
	return execgate_programs_of_crontab(text, false, fn, arg);
}

static int read_crontab(const char *text, execgate_program_fn fn, void *arg)
{
	return execgate_programs_of_crontab(text, true, fn, arg);
}

static void add_cron(struct execgate_preflight *set)
{
	struct execgate_preflight_naming naming = {
		set, EXECGATE_PREFLIGHT_SEARCH, EXECGATE_PREFLIGHT_CRON, NULL
	};
	glob_t found;

	execgate_preflight_each("{/etc/crontab,/etc/cron.d/*,/etc/anacrontab}",
				read_crontab, &naming);
	execgate_preflight_each("/var/spool/cron/crontabs/*", read_user_crontab,
				&naming);
	if (glob("/etc/cron.[hdwmy]*ly/*", 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!access(found.gl_pathv[i], X_OK))
			execgate_preflight_add(set, found.gl_pathv[i], NULL,
					       EXECGATE_PREFLIGHT_EXEC,
					       EXECGATE_PREFLIGHT_CRON, NULL);
	globfree(&found);
}

static void add_udev(struct execgate_preflight *set)
{
	struct execgate_preflight_naming naming = {
		set, "/usr/lib/udev:/lib/udev", EXECGATE_PREFLIGHT_UDEV, NULL
	};

	execgate_preflight_each("{/etc,/run,/usr/local/lib,/usr/lib,/lib}"
				"/udev/rules.d/*.rules",
				execgate_programs_of_udev, &naming);
}

/* The kernel starts these itself, when it needs them. */
void execgate_preflight_kernel(struct execgate_preflight *set)
{
	static const char *const files[] = { "/proc/sys/kernel/modprobe",
					     "/proc/sys/kernel/core_pattern",
					     "/proc/sys/kernel/hotplug",
					     "/proc/sys/kernel/poweroff_cmd" };
	char line[PATH_MAX];
	FILE *file;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		char *word = line;

		file = fopen(files[i], "re");
		if (!file)
			continue;
		/* A core_pattern is a program only behind a pipe sign. */
		if (fgets(line, sizeof(line), file)) {
			word += line[0] == '|';
			word[strcspn(word, " \n")] = '\0';
			if (word[0] == '/' &&
			    (word != line || !strstr(files[i], "core")))
				execgate_preflight_add(
					set, word, NULL,
					EXECGATE_PREFLIGHT_EXEC,
					EXECGATE_PREFLIGHT_KERNEL,
					strstr(files[i], "modprobe") ?
						"kernel" :
						NULL);
		}
		fclose(file);
	}
}

void execgate_preflight_configured(struct execgate_preflight *set)
{
	execgate_preflight_units(set);
	add_cron(set);
	add_udev(set);
	execgate_preflight_kernel(set);
	execgate_preflight_places(set, false);
	execgate_preflight_scripts(set);
}
