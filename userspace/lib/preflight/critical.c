// SPDX-License-Identifier: GPL-2.0
/* The files without which a machine does not boot or let its administrator in. */
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib/preflight/preflight.h"

/* Shell patterns; what is not installed is not missed. */
static const struct {
	const char *role;
	const char *pattern;
} essentials[] = {
	{ "init", "/proc/1/exe" },
	{ "init", "/sbin/init" },
	{ "init", "/lib/systemd/systemd" },
	{ "init", "/lib/systemd/systemd-executor" },
	{ "init", "/lib/systemd/systemd-shutdown" },
	{ "boot", "/lib/systemd/systemd-udevd" },
	{ "boot", "/lib/systemd/systemd-journald" },
	{ "boot", "/lib/systemd/systemd-fsck" },
	{ "boot", "/lib/systemd/systemd-remount-fs" },
	{ "boot", "/lib/systemd/systemd-sulogin-shell" },
	{ "boot", "/lib/systemd/systemd-cryptsetup" },
	{ "boot", "/bin/systemctl" },
	{ "boot", "/bin/systemd-tmpfiles" },
	{ "boot", "/bin/udevadm" },
	{ "boot", "/bin/mount" },
	{ "boot", "/sbin/fsck" },
	{ "boot", "/sbin/fsck.*" },
	{ "login", "/bin/login" },
	{ "login", "/sbin/login" },
	{ "login", "/sbin/agetty" },
	{ "login", "/sbin/getty" },
	{ "login", "/sbin/sulogin" },
	{ "login", "/sbin/unix_chkpwd" },
	{ "login", "/sbin/unix_update" },
	{ "login", "/sbin/pwhistory_helper" },
	{ "login", "/sbin/mkhomedir_helper" },
	{ "login", "/sbin/pam_namespace_helper" },
	{ "login", "/lib/systemd/systemd-logind" },
	{ "login", "/lib/systemd/systemd-user-sessions" },
	{ "login", "/bin/dbus-daemon" },
	{ "login", "/bin/dbus-broker*" },
	{ "ssh", "/sbin/sshd" },
	{ "ssh", "/lib/openssh/sshd-*" },
	{ "root", "/bin/su" },
	{ "root", "/bin/sudo" },
	{ "repair", "/bin/dpkg" },
	{ "repair", "/bin/dpkg-deb" },
	{ "repair", "/bin/dpkg-query" },
	{ "repair", "/bin/dpkg-split" },
	{ "repair", "/bin/dpkg-trigger" },
	{ "repair", "/bin/deb-systemd-*" },
	{ "repair", "/bin/apt" },
	{ "repair", "/bin/apt-get" },
	{ "repair", "/lib/apt/methods/*" },
	{ "repair", "/bin/tar" },
	{ "repair", "/bin/rm" },
	{ "repair", "/bin/run-parts" },
	{ "repair", "/sbin/ldconfig" },
	{ "repair", "/sbin/start-stop-daemon" },
	{ "repair", "/sbin/update-initramfs" },
	{ "repair", "/libexec/execgate-apt" },
	{ "shell", "/bin/sh" },
	{ "shell", "/bin/bash" },
	{ "kernel", "/sbin/modprobe" },
	{ "loader", "/lib*/ld-linux*.so*" },
	{ "loader", "/lib/*/ld-linux*.so*" },
	{ "libc", "/lib/*/libc.so.6" },
	{ "libc", "/lib64/libc.so.6" },
	{ "execgate", "/proc/self/exe" },
	{ "execgate", "/bin/execgate" },
	{ "execgate", "/sbin/execgated" },
};

static int use_of(const char *path)
{
	const char *base = strrchr(path, '/');

	return strstr(base ? base : path, ".so") ? EXECGATE_PREFLIGHT_MMAP :
						   EXECGATE_PREFLIGHT_EXEC;
}

static void add_pattern(struct execgate_preflight *set, const char *pattern,
			const char *role)
{
	char target[PATH_MAX];
	glob_t found;
	ssize_t size;

	/* Shown by the name behind the link; opened through it, always right. */
	if (!strncmp(pattern, "/proc/", 6)) {
		size = readlink(pattern, target, sizeof(target) - 1);
		if (size <= 0)
			return;
		target[size] = '\0';
		execgate_preflight_add(set, target,
				       access(target, F_OK) ? pattern : NULL,
				       EXECGATE_PREFLIGHT_EXEC,
				       EXECGATE_PREFLIGHT_ESSENTIAL, role);
		return;
	}
	if (glob(pattern, 0, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		execgate_preflight_add(set, found.gl_pathv[i], NULL,
				       use_of(found.gl_pathv[i]),
				       EXECGATE_PREFLIGHT_ESSENTIAL, role);
	globfree(&found);
}

/* Both spellings, for a machine whose /usr is not merged. */
static void add_essential(struct execgate_preflight *set, const char *pattern,
			  const char *role)
{
	char other[PATH_MAX];

	add_pattern(set, pattern, role);
	if (!strncmp(pattern, "/proc/", 6))
		return;
	snprintf(other, sizeof(other), "/usr%s", pattern);
	add_pattern(set, other, role);
}

/**
 * struct needs - what one file needs
 * @folders: its own, before the machine's
 */
struct needs {
	struct execgate_preflight *set;
	const char *role;
	uint32_t machine;
	char folders[4][PATH_MAX];
	unsigned int folder_count;
};

/* A folder may hold the 32-bit library of that name: the loader skips it. */
static bool add_library(struct needs *needs, const char *path)
{
	struct execgate_image image;

	return execgate_image_of(path, &image) &&
	       image.kind == EXECGATE_IMAGE_ELF &&
	       image.machine == needs->machine &&
	       execgate_preflight_add(needs->set, path, NULL,
				      EXECGATE_PREFLIGHT_MMAP,
				      EXECGATE_PREFLIGHT_ESSENTIAL,
				      needs->role);
}

static bool add_from(struct needs *needs, const char *folder, const char *name)
{
	char path[PATH_MAX];
	glob_t found;
	size_t i;

	/* The loader prefers a build for this processor, if there is one. */
	if (snprintf(path, sizeof(path), "%s/glibc-hwcaps/*/%s", folder, name) <
		    (int)sizeof(path) &&
	    !glob(path, 0, NULL, &found)) {
		for (i = 0; i < found.gl_pathc; i++)
			add_library(needs, found.gl_pathv[i]);
		globfree(&found);
	}
	return snprintf(path, sizeof(path), "%s/%s", folder, name) <
		       (int)sizeof(path) &&
	       add_library(needs, path);
}

static void add_need(enum execgate_image_need need, const char *value,
		     void *arg)
{
	struct needs *needs = arg;
	bool found = false;

	switch (need) {
	case EXECGATE_NEED_FOLDER:
		if (needs->folder_count < 4)
			snprintf(needs->folders[needs->folder_count++],
				 PATH_MAX, "%s", value);
		return;
	case EXECGATE_NEED_LOADER:
		execgate_preflight_add(needs->set, value, NULL,
				       EXECGATE_PREFLIGHT_MMAP,
				       EXECGATE_PREFLIGHT_ESSENTIAL, "loader");
		return;
	case EXECGATE_NEED_LIBRARY:
		break;
	}
	if (strchr(value, '/')) {
		add_library(needs, value);
		return;
	}
	for (unsigned int i = 0; i < needs->folder_count && !found; i++)
		found = add_from(needs, needs->folders[i], value);
	for (size_t i = 0; i < needs->set->folder_count && !found; i++)
		found = add_from(needs, needs->set->folders[i], value);
}

static void add_needs(struct execgate_preflight *set, size_t index)
{
	const struct execgate_preflight_item *item = &set->items[index];
	struct needs needs = { .set = set, .role = item->role };
	struct execgate_image image;
	char folder[PATH_MAX];
	int fd;

	fd = open(item->open ? item->open : item->path,
		  O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return;
	execgate_image_read(fd, &image);
	if (image.kind == EXECGATE_IMAGE_ELF) {
		needs.machine = image.machine;
		if (!realpath(item->path, folder))
			snprintf(folder, sizeof(folder), "%s", item->path);
		*strrchr(folder, '/') = '\0';
		execgate_image_needs(fd, folder, add_need, &needs);
	}
	close(fd);
}

void execgate_preflight_needs(struct execgate_preflight *set)
{
	/* It grows while we walk: libraries need libraries. */
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].role)
			add_needs(set, i);
}

/* People who log in, and who repair, come when the daemon has done the rest. */
static bool is_of_boot(const char *role)
{
	static const char *const roles[] = { "init",   "boot", "kernel",
					     "loader", "libc", "execgate" };

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (!strcmp(role, roles[i]))
			return true;
	return false;
}

void execgate_preflight_boot(struct execgate_preflight *set)
{
	for (size_t i = 0; i < sizeof(essentials) / sizeof(essentials[0]); i++)
		if (is_of_boot(essentials[i].role))
			add_essential(set, essentials[i].pattern,
				      essentials[i].role);
	execgate_preflight_needs(set);
}

void execgate_preflight_critical(struct execgate_preflight *set)
{
	size_t i;

	for (i = 0; i < sizeof(essentials) / sizeof(essentials[0]); i++)
		add_essential(set, essentials[i].pattern, essentials[i].role);
	execgate_preflight_kernel(set);
	execgate_preflight_logins(set);
	execgate_preflight_places(set, true);
	execgate_preflight_scripts(set);
	execgate_preflight_interpreters(set);
	execgate_preflight_needs(set);
}
