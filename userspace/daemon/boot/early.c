// SPDX-License-Identifier: GPL-2.0
#include "daemon/boot/early.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/boot/measure.h"
#include "daemon/boot/ready.h"
#include "daemon/watch.h"
#include "lib/base/names.h"
#include "lib/catalog/file.h"
#include "lib/config/boots.h"
#include "lib/config/early.h"
#include "lib/netlink/unjudged.h"

/* A disk that does not answer must not keep the machine from going on. */
#define SECONDS_MAX 120

static void print_file(const char *path, void *arg)
{
	(void)arg;
	puts(path);
}

int early_print_files(const char *dir)
{
	struct execgate_config config;
	struct execgate_error err;

	if (execgate_config_load(dir, &config, &err)) {
		fprintf(stderr, "execgated: %s\n", err.message);
		return EXECGATE_EXIT_ERROR;
	}
	if (!config.early)
		return EXECGATE_EXIT_NOT_FOUND;
	execgate_early_files(dir, print_file, NULL);
	return EXECGATE_EXIT_OK;
}

/* The machine's own configuration has the last word on whether this is wanted. */
static bool is_off_in_root(const struct daemon *daemon)
{
	struct execgate_config own, now;
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.4000s%s", daemon->root,
		 daemon->config_dir);
	return !execgate_config_load(dir, &now, NULL) && !now.early &&
	       !(!execgate_config_load(daemon->config_dir, &own, NULL) &&
		 own.lock);
}

static void make_folders(const char *path)
{
	char folder[PATH_MAX];

	for (size_t i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		snprintf(folder, sizeof(folder), "%.*s", (int)i, path);
		mkdir(folder, 0755);
	}
}

/* @path is what it is in the machine's root. An initramfs has nothing there. */
static void link_to_root(const struct daemon *daemon, const char *path)
{
	char target[PATH_MAX];

	snprintf(target, sizeof(target), "%.4000s%s", daemon->root, path);
	make_folders(path);
	if (symlink(target, path) && errno != EEXIST)
		journal_say(EXECGATE_MESSAGE_EARLY_FAILED, LOG_ERR,
			    "cannot make %s: %s", path, strerror(errno));
}

/*
 * The boot is counted on disk before the gate enforces. The file system is checked by now.
 * @writable: as it is to be. Return: as it was.
 */
static bool remount(const char *root, bool writable)
{
	unsigned long flags = MS_REMOUNT;
	struct statvfs st;
	bool was;

	if (statvfs(root, &st))
		return true;
	was = !(st.f_flag & ST_RDONLY);
	if (was == writable)
		return was;
	flags |= st.f_flag & ST_NOSUID ? MS_NOSUID : 0;
	flags |= st.f_flag & ST_NODEV ? MS_NODEV : 0;
	flags |= st.f_flag & ST_NOEXEC ? MS_NOEXEC : 0;
	flags |= st.f_flag & ST_NOATIME ? MS_NOATIME : 0;
	flags |= st.f_flag & ST_NODIRATIME ? MS_NODIRATIME : 0;
	flags |= st.f_flag & ST_RELATIME ? MS_RELATIME : 0;
	flags |= writable ? 0 : MS_RDONLY;
	/* A root that stays as it is shows when the boot is counted. */
	mount(NULL, root, NULL, flags, NULL);
	return was;
}

static void say_unjudged(struct daemon *daemon)
{
	struct execgate_unjudged found;
	struct execgate_error err;

	if (execgate_unjudged_find(daemon->control, &found, &err)) {
		journal_say(EXECGATE_MESSAGE_UNJUDGED, LOG_WARNING,
			    "the processes that ran before the gate cannot be "
			    "told: %s",
			    err.message);
		return;
	}
	if (found.refused)
		journal_say(EXECGATE_MESSAGE_UNJUDGED, LOG_WARNING,
			    "%u of the %u processes that run already, which "
			    "nobody judged, have code that the gate refuses: "
			    "%s",
			    found.refused, found.processes,
			    found.refused_names);
	else
		journal_say(EXECGATE_MESSAGE_UNJUDGED, LOG_NOTICE,
			    "%u processes run already and were not judged; the "
			    "gate would run their code now: %s",
			    found.processes, found.names);
}

static bool conclude(struct daemon *daemon)
{
	const struct execgate_status *status = &daemon->status;
	bool failed = status->mode != EXECGATE_MODE_ENFORCE &&
		      ready_is_wanted(daemon, execgate_boots_parameter());

	if (failed || status->state == EXECGATE_STATE_NOT_GATING)
		journal_say(EXECGATE_MESSAGE_EARLY_FAILED, LOG_ERR,
			    "the gate does NOT enforce yet; unsigned code runs "
			    "until execgated of the machine's own root has "
			    "begun");
	else
		journal_say(EXECGATE_MESSAGE_EARLY, LOG_NOTICE,
			    "the gate is armed in mode %s; keys: %llu, "
			    "catalogs: %llu",
			    execgate_mode_name(status->mode),
			    (unsigned long long)status->counters.keys,
			    (unsigned long long)status->counters.catalogs);
	return !failed;
}

static bool arm(struct daemon *daemon)
{
	daemon->resume = execgate_resume_without();
	link_to_root(daemon, EXECGATE_STATE_DIR);
	link_to_root(daemon, EXECGATE_CATALOG_DIR);
	link_to_root(daemon, EXECGATE_CATALOG_SHIPPED_DIR);
	watch_find(daemon);
	if (!daemon->control) {
		journal_say(EXECGATE_MESSAGE_EARLY_FAILED, LOG_ERR,
			    "nothing is gated before the root switch");
		return false;
	}
	measure_look(daemon);
	say_unjudged(daemon);
	return conclude(daemon);
}

int early_run(struct daemon *daemon)
{
	bool writable, armed;
	FILE *file;

	if (is_off_in_root(daemon))
		return EXECGATE_EXIT_OK;
	mkdir(EXECGATE_RUN_DIR, 0755);
	file = fopen(EXECGATE_EARLY_FILE, "ae");
	/* Without one the console is all there is. */
	journal_keep(file ? file : stderr);
	alarm(SECONDS_MAX);
	writable = remount(daemon->root, true);
	armed = arm(daemon);
	remount(daemon->root, writable);
	if (file)
		fclose(file);
	return armed ? EXECGATE_EXIT_OK : EXECGATE_EXIT_ERROR;
}
