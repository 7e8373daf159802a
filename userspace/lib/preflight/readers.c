// SPDX-License-Identifier: GPL-2.0
/* Files that interpreters read as code wherever they run, by their rules. */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

/**
 * struct start - files that are read without being asked for
 * @role: see the item
 * @pattern: which files; braces are alternatives. For homes: below each home
 */
struct start {
	unsigned int source;
	const char *role;
	const char *pattern;
};

static const struct start starts[] = {
	{ EXECGATE_PREFLIGHT_LOGIN, "login",
	  "/etc/{profile,profile.d/*,bash.bashrc,zsh/*}" },
	/* Maintainer scripts need them. */
	{ EXECGATE_PREFLIGHT_PACKAGES, "repair",
	  "/usr/{share,lib/*}/{perl-base,perl/5*}/*.p[lm]" },
	{ EXECGATE_PREFLIGHT_PACKAGES, "repair",
	  "/usr/share/perl5/{Debconf,Debconf/*,Debian/DebConf}/*.pm" },
	{ EXECGATE_PREFLIGHT_INTERPRETER, NULL,
	  "/{usr/lib,etc}/python3*/*.{py,pth}" },
	{ EXECGATE_PREFLIGHT_INTERPRETER, NULL,
	  "/usr/{local/lib/python3*,lib/python3}/dist-packages/"
	  "{*,*/*}.{py,pth}" },
	{ EXECGATE_PREFLIGHT_INTERPRETER, NULL,
	  "/usr/local/{share,lib/*}/perl/5*/{*,*/*}.pm" },
};

/* Never with a role: a user must not be able to keep others from enforcing. */
static const struct start homes[] = {
	{ EXECGATE_PREFLIGHT_LOGIN, NULL,
	  "{.profile,.bash_profile,.bash_login,.bashrc,.bash_logout,"
	  ".bash_aliases,.zshrc,.zshenv,.zprofile,.zlogin}" },
};

/**
 * struct finding - where they are put
 * @readers: who reads what
 */
struct finding {
	struct execgate_preflight *set;
	const struct execgate_identities *readers;
};

static void add_matches(const struct finding *finding, const char *pattern,
			const struct start *start)
{
	glob_t found;

	if (glob(pattern, GLOB_BRACE, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (execgate_identities_read(finding->readers,
					     found.gl_pathv[i]))
			execgate_preflight_add(finding->set, found.gl_pathv[i],
					       NULL, EXECGATE_PREFLIGHT_READ,
					       start->source, start->role);
	globfree(&found);
}

static int add_home(const char *home, void *arg)
{
	char pattern[PATH_MAX];

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (execgate_preflight_in_home(pattern, home, homes[i].pattern))
			add_matches(arg, pattern, &homes[i]);
	return 0;
}

void execgate_preflight_readers(struct execgate_preflight *set,
				const struct execgate_identities *readers,
				bool critical)
{
	struct finding finding = { set, readers };
	char *text;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (!critical || starts[i].role)
			add_matches(&finding, starts[i].pattern, &starts[i]);
	text = critical ? NULL : execgate_preflight_text("/etc/passwd");
	if (text)
		execgate_programs_of_homes(text, add_home, &finding);
	free(text);
}
