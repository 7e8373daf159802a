/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which files a running system would have judged if the gate enforced now. This
 * finds them; whoever uses it asks the kernel about each.
 */
#ifndef EXECGATE_PREFLIGHT_H
#define EXECGATE_PREFLIGHT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <linux/execgate.h>

#include "lib/base/error.h"
#include "lib/catalog/identities.h"

/* X(CONSTANT, bit, name): where a file was found. */
#define EXECGATE_PREFLIGHT_SOURCES(X)       \
	X(ARGUMENT, 0, "argument")          \
	X(PROCESS, 1, "process")            \
	X(MAPPING, 2, "mapping")            \
	X(ESSENTIAL, 3, "essential")        \
	X(UNIT, 4, "unit")                  \
	X(CRON, 5, "cron")                  \
	X(UDEV, 6, "udev")                  \
	X(KERNEL, 7, "kernel")              \
	X(PATH, 8, "path")                  \
	X(LIBRARIES, 9, "libraries")        \
	X(INTERPRETER, 10, "interpreter")   \
	X(LOADED, 11, "loaded")             \
	X(UPDATES, 12, "updates")           \
	X(MODULES_LOAD, 13, "modules-load") \
	X(LOGIN, 14, "login")               \
	X(BOOT, 15, "boot")                 \
	X(NETWORK, 16, "network")           \
	X(PACKAGES, 17, "packages")         \
	X(DBUS, 18, "dbus")                 \
	X(POLKIT, 19, "polkit")             \
	X(PRINTER, 20, "printer")           \
	X(DESKTOP, 21, "desktop")

enum execgate_preflight_source {
#define X(id, bit, name) EXECGATE_PREFLIGHT_##id = 1 << (bit),
	EXECGATE_PREFLIGHT_SOURCES(X)
#undef X
};

/* The uses that are asked about. */
enum {
	EXECGATE_PREFLIGHT_EXEC,
	EXECGATE_PREFLIGHT_MMAP,
	EXECGATE_PREFLIGHT_MODULE,
	EXECGATE_PREFLIGHT_READ,
	EXECGATE_PREFLIGHT_USES,
};

/* The hook that is asked about a use, and the use of a hook that can be asked. */
enum execgate_hook execgate_preflight_hook(int use);
int execgate_preflight_use(enum execgate_hook hook);

/**
 * struct execgate_preflight_item - one file, whatever its names
 * @path: what it is called; owned
 * @open: what to open, where @path does not lead to it; owned, or NULL
 * @role: what breaks without it ("login"): the system does not boot, nobody
 *	  gets in, or packages cannot mend it; NULL if it is not that important
 * @sources: enum execgate_preflight_source bits
 * @use: which uses are to be asked about
 * @reason: the answers, for the asker
 * @placed: they are of where it is: rules of paths
 * @error: negative errno if it could not be asked about
 */
struct execgate_preflight_item {
	char *path;
	char *open;
	const char *role;
	unsigned int sources;
	struct stat st;
	bool use[EXECGATE_PREFLIGHT_USES];
	uint32_t reason[EXECGATE_PREFLIGHT_USES];
	bool placed;
	int error;
};

/**
 * struct execgate_preflight - zeroed = empty
 * @items: @count of them
 * @table: hash of device and inode to 1 + index; @slots a power of two
 * @folders: where libraries are looked up; owned, @folder_count
 * @gates: bits by enum execgate_gate: ask as if these were on, too
 * @no_memory: something was left out for want of memory
 */
struct execgate_preflight {
	struct execgate_preflight_item *items;
	size_t count;
	uint32_t *table;
	size_t slots;
	char **folders;
	size_t folder_count;
	uint32_t gates;
	bool no_memory;
};

void execgate_preflight_free(struct execgate_preflight *set);

/**
 * execgate_preflight_add() - take in a regular file
 * @open: see the item; or NULL
 * @use: EXECGATE_PREFLIGHT_EXEC, _MMAP or _MODULE
 * @role: see the item; or NULL
 *
 * A file that is there already gains the use, the source and the role. Anything but an
 * existing regular file is left out. True if it is in the set.
 */
bool execgate_preflight_add(struct execgate_preflight *set, const char *path,
			    const char *open, int use, unsigned int source,
			    const char *role);

/* The same for a program; a name without a slash is looked up in @search. */
bool execgate_preflight_add_program(struct execgate_preflight *set,
				    const char *name, const char *search,
				    unsigned int source, const char *role);

/* The folders of /etc/ld.so.conf and the built-in ones. Once, first. */
void execgate_preflight_libraries(struct execgate_preflight *set);

/*
 * The files needed to boot, to log in and to repair: init, the services of the early
 * boot, login, ssh, sudo, su, the shells, modprobe, dpkg, ourselves; what those
 * are configured to start; and the loader, libraries and PAM modules of all.
 */
void execgate_preflight_critical(struct execgate_preflight *set);
/*
 * Only the ones that a boot comes to before the daemon does: init, the services of
 * the early boot, ourselves, and the loader and libraries of all.
 */
void execgate_preflight_boot(struct execgate_preflight *set);
/* The loader and libraries of each file in the set that has a role. */
void execgate_preflight_needs(struct execgate_preflight *set);
/* Shells, PAM modules and their programs, NSS modules, what sshd starts. */
void execgate_preflight_logins(struct execgate_preflight *set);
/* The commands of systemd's units: of the system, and of users. */
void execgate_preflight_units(struct execgate_preflight *set);
/*
 * Where else the system is configured to start programs: hooks, generators,
 * dispatchers, apt, D-Bus, desktops. @critical: those with a role only.
 */
void execgate_preflight_places(struct execgate_preflight *set, bool critical);
/*
 * The programs that scripts of such places in the set start in their turn,
 * with the role of the script; and what those start.
 */
void execgate_preflight_scripts(struct execgate_preflight *set);

/* Every process's program and executable mappings. */
void execgate_preflight_processes(struct execgate_preflight *set);
/* modprobe, the handler of core dumps and what else the kernel itself starts. */
void execgate_preflight_kernel(struct execgate_preflight *set);
/* The programs that systemd units, cron jobs, udev rules, the kernel and places start. */
void execgate_preflight_configured(struct execgate_preflight *set);
/*
 * The kernel modules that the kernel's own keys do not vouch for, so that the
 * gate will judge them when they are loaded again: of those that are loaded, that
 * lie in /lib/modules/VERSION/updates (DKMS), and that are named in
 * /etc/modules-load.d or /etc/modules. A module that "/" or a file system of
 * /etc/fstab stands on gets a role. Not ours: it is always loaded before it judges.
 * @critical: only what gets one
 */
void execgate_preflight_modules(struct execgate_preflight *set, bool critical);
/*
 * Start files of shells, and modules of Perl and Python, so far as @readers read them as
 * code. @critical: those with a role only.
 */
void execgate_preflight_readers(struct execgate_preflight *set,
				const struct execgate_identities *readers,
				bool critical);
/* Those in a folder and below that the kernel does not vouch for. */
void execgate_preflight_module_tree(struct execgate_preflight *set,
				    const char *folder);
/* All that can run in the folders of @search ("/bin:/usr/bin"). */
void execgate_preflight_search_path(struct execgate_preflight *set,
				    const char *search);
/* All that can run in the library folders and below. */
void execgate_preflight_library_folders(struct execgate_preflight *set);
/* A file, or all that can run in a folder and below. -errno if not there. */
int execgate_preflight_tree(struct execgate_preflight *set, const char *path,
			    unsigned int source);
/* The interpreters of the scripts in the set. */
void execgate_preflight_interpreters(struct execgate_preflight *set);

#define EXECGATE_PREFLIGHT_SEARCH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Would a path mean others, as a part of a pattern? */
bool execgate_preflight_is_pattern(const char *path);

/* The pattern @below of a home. False: the name of the home has signs of patterns, or is too long. */
bool execgate_preflight_in_home(char out[PATH_MAX], const char *home,
				const char *below);

/* A small file of the system as text, or NULL; freed by the caller. */
char *execgate_preflight_text(const char *path);

/**
 * struct execgate_preflight_naming - what a file names goes into the set
 * @search: where names without a slash are looked up
 * @role: see the item
 */
struct execgate_preflight_naming {
	struct execgate_preflight *set;
	const char *search;
	unsigned int source;
	const char *role;
};

/* For the readers of programs.h; @arg is the naming. Only what may be executed. */
int execgate_preflight_name(const char *program, void *arg);

/* Reads a text: one of programs.h. */
typedef int (*execgate_preflight_reader)(
	const char *text, int (*fn)(const char *program, void *arg), void *arg);
/* Each file that the shell pattern matches. */
void execgate_preflight_each(const char *pattern,
			     execgate_preflight_reader read,
			     struct execgate_preflight_naming *naming);

#endif /* EXECGATE_PREFLIGHT_H */
