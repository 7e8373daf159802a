// SPDX-License-Identifier: GPL-2.0
/*
 * The programs that run now, and those that units, timers, rules and the kernel will
 * start.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

static bool same_file(const char *a, const char *b)
{
	struct stat left, right;

	return !stat(a, &left) && !stat(b, &right) &&
	       left.st_ino == right.st_ino && left.st_dev == right.st_dev;
}

/*
 * @link is a link of /proc to the very file, in whatever mount namespace and
 * deleted or not. A file that is gone from its path will not be started again:
 * what is there now will.
 */
static void add_linked(struct execgate_preflight *set, const char *link,
		       char *path, int use, unsigned int source)
{
	static const char deleted[] = " (deleted)";
	size_t size = strlen(path), tail = sizeof(deleted) - 1;

	if (size > tail && !strcmp(path + size - tail, deleted) &&
	    strncmp(path, "/memfd:", 7)) {
		path[size - tail] = '\0';
		execgate_preflight_add(set, path, NULL, use, source, NULL);
		return;
	}
	execgate_preflight_add(set, path, same_file(link, path) ? NULL : link,
			       use, source, NULL);
}

static void add_program(struct execgate_preflight *set, const char *pid)
{
	char link[64], path[PATH_MAX];
	ssize_t size;

	snprintf(link, sizeof(link), "/proc/%.16s/exe", pid);
	size = readlink(link, path, sizeof(path) - 1);
	if (size <= 0)
		return;
	path[size] = '\0';
	add_linked(set, link, path, EXECGATE_PREFLIGHT_EXEC,
		   EXECGATE_PREFLIGHT_PROCESS);
}

/* "7f1-7f2 r-xp 00000000 103:01 1234   /usr/lib/libc.so.6" */
static void add_mapping(struct execgate_preflight *set, const char *pid,
			char *line)
{
	uint64_t from, to, ino;
	char link[128], rights[8];
	char *path;

	line[strcspn(line, "\n")] = '\0';
	path = strchr(line, '/');
	if (!path ||
	    sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %*x %*x:%*x %" SCNu64,
		   &from, &to, rights, &ino) != 4 ||
	    rights[2] != 'x' || !ino)
		return;
	snprintf(link, sizeof(link),
		 "/proc/%.16s/map_files/%" PRIx64 "-%" PRIx64, pid, from, to);
	add_linked(set, link, path, EXECGATE_PREFLIGHT_MMAP,
		   EXECGATE_PREFLIGHT_MAPPING);
}

void execgate_preflight_processes(struct execgate_preflight *set)
{
	DIR *proc = opendir("/proc");
	char path[64], line[PATH_MAX + 128];
	struct dirent *entry;
	FILE *maps;

	while (proc && (entry = readdir(proc))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		add_program(set, entry->d_name);
		snprintf(path, sizeof(path), "/proc/%.16s/maps", entry->d_name);
		maps = fopen(path, "re");
		while (maps && fgets(line, sizeof(line), maps))
			add_mapping(set, entry->d_name, line);
		if (maps)
			fclose(maps);
	}
	if (proc)
		closedir(proc);
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
