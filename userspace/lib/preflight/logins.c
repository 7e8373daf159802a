// SPDX-License-Identifier: GPL-2.0
/*
 * The needs of a login besides login itself: shells, PAM with what its modules are
 * told to start, NSS modules, what sshd is configured to start.
 */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

#define INCLUDE_DEPTH 16

/* Services of PAM by which somebody gets in, or becomes root. */
static const char *const services[] = {
	"login",    "sshd",	"sudo",	     "sudo-i",	     "su",
	"su-l",	    "runuser",	"runuser-l", "systemd-user", "other",
	"common-*", "system-*", "gdm*",	     "lightdm*",     "sddm*",
	"greetd*",  "lxdm*",	"xdm*",	     "cockpit*",
};

/**
 * struct stack - the files of one service
 * @depth: of the include that is followed
 */
struct stack {
	struct execgate_preflight *set;
	const char *role;
	unsigned int depth;
};

static void add_libraries(struct execgate_preflight *set, const char *format,
			  const char *name, const char *role)
{
	char file[256], path[PATH_MAX];

	if (snprintf(file, sizeof(file), format, name) >= (int)sizeof(file))
		return;
	for (size_t i = 0; i < set->folder_count; i++)
		if (snprintf(path, sizeof(path), "%s/%s", set->folders[i],
			     file) < (int)sizeof(path))
			execgate_preflight_add(set, path, NULL,
					       EXECGATE_PREFLIGHT_MMAP,
					       EXECGATE_PREFLIGHT_LOGIN, role);
}

static int add_pam_module(const char *module, void *arg)
{
	const struct stack *stack = arg;

	if (module[0] == '/')
		execgate_preflight_add(stack->set, module, NULL,
				       EXECGATE_PREFLIGHT_MMAP,
				       EXECGATE_PREFLIGHT_LOGIN, stack->role);
	else
		add_libraries(stack->set, "security/%s", module, stack->role);
	return 0;
}

static int read_pam(const char *path, struct stack *stack);

static int read_included(const char *name, void *arg)
{
	static const char *const folders[] = { "/etc/pam.d", "/usr/lib/pam.d" };
	struct stack deeper = *(const struct stack *)arg;
	char path[PATH_MAX];

	/* Files that include each other end here. */
	if (!deeper.depth--)
		return 0;
	if (name[0] == '/')
		return read_pam(name, &deeper);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (snprintf(path, sizeof(path), "%s/%s", folders[i], name) <
		    (int)sizeof(path))
			read_pam(path, &deeper);
	return 0;
}

static int read_pam(const char *path, struct stack *stack)
{
	struct execgate_preflight_naming naming = { stack->set, "",
						    EXECGATE_PREFLIGHT_LOGIN,
						    stack->role };
	char *text = execgate_preflight_text(path);

	if (!text)
		return 0;
	execgate_programs_of_pam(text, add_pam_module, stack);
	execgate_programs_of_pam_arguments(text, execgate_preflight_name,
					   &naming);
	execgate_programs_of_pam_includes(text, read_included, stack);
	free(text);
	return 0;
}

static void add_service(struct execgate_preflight *set, const char *service,
			const char *role)
{
	struct stack stack = { set, role, INCLUDE_DEPTH };
	char pattern[128];
	glob_t found;

	snprintf(pattern, sizeof(pattern), "{/etc,/usr/lib}/pam.d/%s", service);
	if (glob(pattern, GLOB_BRACE, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_pam(found.gl_pathv[i], &stack);
	globfree(&found);
}

static int add_nss(const char *service, void *arg)
{
	add_libraries(arg, "libnss_%s.so.2", service, "login");
	return 0;
}

/**
 * struct daemon - sshd's configuration
 * @depth: of the Include that is followed
 */
struct daemon {
	struct execgate_preflight_naming naming;
	unsigned int depth;
};

static int read_sshd(const char *pattern, void *arg)
{
	struct daemon deeper = *(const struct daemon *)arg;
	char path[PATH_MAX];
	glob_t found;
	char *text;

	if (!deeper.depth-- ||
	    snprintf(path, sizeof(path), "%s%s",
		     pattern[0] == '/' ? "" : "/etc/ssh/",
		     pattern) >= (int)sizeof(path) ||
	    glob(path, 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		text = execgate_preflight_text(found.gl_pathv[i]);
		if (!text)
			continue;
		execgate_programs_of_sshd(text, execgate_preflight_name,
					  &deeper.naming);
		execgate_programs_of_sshd_includes(text, read_sshd, &deeper);
		free(text);
	}
	globfree(&found);
	return 0;
}

void execgate_preflight_logins(struct execgate_preflight *set)
{
	struct execgate_preflight_naming naming = { set, "",
						    EXECGATE_PREFLIGHT_LOGIN,
						    "shell" };
	struct daemon sshd = { { set, EXECGATE_PREFLIGHT_SEARCH,
				 EXECGATE_PREFLIGHT_LOGIN, "login" },
			       INCLUDE_DEPTH };
	char *text;

	execgate_preflight_each("/etc/shells", execgate_programs_of_shells,
				&naming);
	execgate_preflight_each("/etc/passwd", execgate_programs_of_passwd,
				&naming);
	for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		add_service(set, services[i], "login");
	add_service(set, "*", NULL);
	text = execgate_preflight_text("/etc/nsswitch.conf");
	if (text)
		execgate_programs_of_nsswitch(text, add_nss, set);
	free(text);
	read_sshd("sshd_config", &sshd);
}
