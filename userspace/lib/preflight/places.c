// SPDX-License-Identifier: GPL-2.0
/* Where else a system is configured to start programs: one table. */
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib/preflight/preflight.h"
#include "lib/preflight/programs.h"

#define SHELL execgate_programs_of_shell
#define PATHS execgate_programs_of_paths
#define ENTRY execgate_programs_of_desktop

#define UNIT_FOLDERS "{/etc,/run,/usr/local/lib,/usr/lib}/systemd/"
#define HOOK_FOLDERS "{/etc,/usr/share}/"

/**
 * struct place - files that name programs, or are programs
 * @source: the kind
 * @role: what breaks when one of them is denied; NULL = neither boot, login nor
 *	  repair
 * @pattern: which files; braces are alternatives. For homes: below each home
 * @read: how the programs are found in the text; NULL = the file is the program
 */
struct place {
	unsigned int source;
	const char *role;
	const char *pattern;
	execgate_preflight_reader read;
};

static const struct place places[] = {
	/* Logins. */
	{ EXECGATE_PREFLIGHT_LOGIN, "login", "/etc/update-motd.d/*", NULL },
	{ EXECGATE_PREFLIGHT_LOGIN, "login", "/etc/ssh/sshrc", SHELL },
	{ EXECGATE_PREFLIGHT_LOGIN, "login", "/etc/pam-script.d/*", NULL },
	{ EXECGATE_PREFLIGHT_LOGIN, "login",
	  "/usr/share/libpam-script/pam_script_*", NULL },
	{ EXECGATE_PREFLIGHT_LOGIN, "login",
	  "/etc/security/{namespace.init,namespace.d/*.init}", NULL },
	{ EXECGATE_PREFLIGHT_LOGIN, "login",
	  "/usr/share/{xsessions,wayland-sessions}/*.desktop", ENTRY },
	{ EXECGATE_PREFLIGHT_LOGIN, NULL,
	  "/etc/{profile,profile.d/*.sh,bash.bashrc,zsh/*,environment}",
	  SHELL },
	{ EXECGATE_PREFLIGHT_LOGIN, NULL, "/etc/X11/{Xsession,Xsession.d/*}",
	  SHELL },
	{ EXECGATE_PREFLIGHT_LOGIN, NULL, "/etc/security/pam_mount.conf.xml",
	  PATHS },
	/* The boot. */
	{ EXECGATE_PREFLIGHT_BOOT, "boot", UNIT_FOLDERS "*-generators/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "boot", "/etc/{rc.local,rcS.d/*}", NULL },
	{ EXECGATE_PREFLIGHT_BOOT, NULL, "/etc/{init.d/*,rc[0-6].d/*}", NULL },
	{ EXECGATE_PREFLIGHT_BOOT, NULL,
	  UNIT_FOLDERS "system-{shutdown,sleep}/*", NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "boot",
	  "{/etc,/run,/usr/local/lib,/usr/lib,/lib}/modprobe.d/*.conf",
	  execgate_programs_of_modprobe },
	{ EXECGATE_PREFLIGHT_BOOT, "boot", "/etc/fstab",
	  execgate_programs_of_fstab },
	{ EXECGATE_PREFLIGHT_BOOT, "boot", "/etc/crypttab", PATHS },
	{ EXECGATE_PREFLIGHT_BOOT, NULL,
	  "{/etc,/run,/usr/lib}/{binfmt,sysctl,tmpfiles}.d/*.conf", PATHS },
	{ EXECGATE_PREFLIGHT_BOOT, NULL,
	  "{/etc/sysctl.conf,/usr/share/binfmts/*,/proc/sys/fs/binfmt_misc/*}",
	  PATHS },
	/* The next kernel: an upgrade that ends half way does not boot. */
	{ EXECGATE_PREFLIGHT_BOOT, "repair",
	  HOOK_FOLDERS "kernel/{*.d/*,install.d/*}", NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "repair", "/usr/lib/kernel/install.d/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "repair",
	  HOOK_FOLDERS "initramfs-tools/{hooks/*,scripts/*,scripts/*/*,init}",
	  NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "repair", "/etc/initramfs/post-update.d/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "repair",
	  "/usr/lib/dracut/{modules.d/*/*,*}", NULL },
	{ EXECGATE_PREFLIGHT_BOOT, "repair", "/etc/grub.d/*", NULL },
	/* The network, by which most machines are logged into. */
	{ EXECGATE_PREFLIGHT_NETWORK, "network", "/etc/network/if-*.d/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "/etc/network/{interfaces,interfaces.d/*}",
	  execgate_programs_of_interfaces },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "{/etc,/usr/lib}/NetworkManager/dispatcher.d/{*,*/*}", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "{/etc,/usr/lib}/networkd-dispatcher/*.d/*", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "/{sbin,usr/sbin}/{dhclient-script,resolvconf}", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "{/etc/dhcp/dhclient-*-hooks.d/*,/etc/dhcpcd.*-hook}", SHELL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "/{usr/lib,usr/libexec}/dhcpcd/{*-hooks/*,dhcpcd-run-hooks}", SHELL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network", "/etc/udhcpc/*", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "/etc/ppp/{ip*-up,ip*-down,ip*.d/*}", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network",
	  "/etc/{resolvconf/update*.d,ifplugd/action.d}/*", NULL },
	{ EXECGATE_PREFLIGHT_NETWORK, "network", "/etc/wpa_supplicant/*.sh",
	  NULL },
	/* apt and dpkg: with a hook that fails nothing can be installed. */
	{ EXECGATE_PREFLIGHT_PACKAGES, "repair",
	  "/etc/apt/{apt.conf,apt.conf.d/*}", execgate_programs_of_apt },
	{ EXECGATE_PREFLIGHT_PACKAGES, "repair",
	  "{/etc/dpkg/dpkg.cfg,/etc/dpkg/dpkg.cfg.d/*,/root/.dpkg.cfg}",
	  execgate_programs_of_dpkg },
	{ EXECGATE_PREFLIGHT_PACKAGES, NULL,
	  "/var/lib/dpkg/info/*.{preinst,postinst,prerm,postrm,config}", NULL },
	{ EXECGATE_PREFLIGHT_PACKAGES, NULL,
	  "/etc/{needrestart/*.d,ca-certificates/update.d}/*", NULL },
	/* What services start when they are asked to. */
	{ EXECGATE_PREFLIGHT_CRON, NULL, "/var/spool/cron/atjobs/*", SHELL },
	{ EXECGATE_PREFLIGHT_CRON, NULL, "/etc/{logrotate.conf,logrotate.d/*}",
	  PATHS },
	{ EXECGATE_PREFLIGHT_CRON, NULL, "/etc/letsencrypt/renewal-hooks/*/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_POLKIT, NULL,
	  "/{etc,usr/share}/polkit-1/{actions/*.policy,rules.d/*.rules}",
	  PATHS },
	{ EXECGATE_PREFLIGHT_DBUS, NULL,
	  "/{etc,usr/share,usr/local/share}/dbus-1/{system-,}services/"
	  "*.service",
	  ENTRY },
	{ EXECGATE_PREFLIGHT_PRINTER, NULL, "/usr/{lib,libexec}/cups/*/*",
	  NULL },
	{ EXECGATE_PREFLIGHT_PRINTER, NULL, "/etc/cups/interfaces/*", NULL },
	{ EXECGATE_PREFLIGHT_DESKTOP, NULL,
	  "{/etc/xdg,/usr/share,/usr/share/gnome}/autostart/*.desktop", ENTRY },
	{ EXECGATE_PREFLIGHT_DESKTOP, NULL,
	  "/usr/{share,local/share}/applications/*.desktop", ENTRY },
};

/*
 * Below homes. Never with a role: a user must not be able to keep the
 * administrator from enforcing.
 */
static const struct place homes[] = {
	{ EXECGATE_PREFLIGHT_DESKTOP, NULL, ".config/autostart/*.desktop",
	  ENTRY },
	{ EXECGATE_PREFLIGHT_LOGIN, NULL, ".ssh/authorized_keys", PATHS },
	{ EXECGATE_PREFLIGHT_LOGIN, NULL,
	  "{.ssh/rc,.profile,.bash_profile,.bashrc,.xsession}", SHELL },
};

/* Where scripts come from that are read for what they start. */
#define SCRIPTS                                               \
	(EXECGATE_PREFLIGHT_LOGIN | EXECGATE_PREFLIGHT_BOOT | \
	 EXECGATE_PREFLIGHT_NETWORK | EXECGATE_PREFLIGHT_DESKTOP)

static void add_matches(struct execgate_preflight *set, const char *pattern,
			const struct place *place)
{
	glob_t found;

	if (glob(pattern, GLOB_BRACE, NULL, &found))
		return;
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (!access(found.gl_pathv[i], X_OK))
			execgate_preflight_add(set, found.gl_pathv[i], NULL,
					       EXECGATE_PREFLIGHT_EXEC,
					       place->source, place->role);
	globfree(&found);
}

static void add_place(struct execgate_preflight *set, const char *pattern,
		      const struct place *place)
{
	struct execgate_preflight_naming naming = {
		set, EXECGATE_PREFLIGHT_SEARCH, place->source, place->role
	};

	if (place->read)
		execgate_preflight_each(pattern, place->read, &naming);
	else
		add_matches(set, pattern, place);
}

static int add_home(const char *home, void *arg)
{
	char pattern[PATH_MAX];

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (execgate_preflight_in_home(pattern, home, homes[i].pattern))
			add_place(arg, pattern, &homes[i]);
	return 0;
}

void execgate_preflight_places(struct execgate_preflight *set, bool critical)
{
	static const char *const trees[] = { "/usr/libexec",
					     "/usr/local/libexec" };
	char *text;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (!critical || places[i].role)
			add_place(set, places[i].pattern, &places[i]);
	if (critical)
		return;
	text = execgate_preflight_text("/etc/passwd");
	if (text)
		execgate_programs_of_homes(text, add_home, set);
	free(text);
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		execgate_preflight_tree(set, trees[i],
					EXECGATE_PREFLIGHT_LIBRARIES);
}

static bool is_shell(const struct execgate_image *image)
{
	static const char *const shells[] = { "sh",  "bash", "dash",
					      "ksh", "zsh",  "busybox" };
	const char *name = image->env[0] ? image->env : image->interpreter;
	const char *base = strrchr(name, '/');

	base = base ? base + 1 : name;
	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
		if (!strcmp(base, shells[i]))
			return true;
	return false;
}

/* In a language that is not a shell, a word is not a command: paths are. */
void execgate_preflight_scripts(struct execgate_preflight *set)
{
	struct execgate_image image;
	char *text;

	/* It grows while we walk. */
	for (size_t i = 0; i < set->count; i++) {
		const struct execgate_preflight_item *item = &set->items[i];
		struct execgate_preflight_naming naming = {
			set, EXECGATE_PREFLIGHT_SEARCH, item->sources & SCRIPTS,
			item->role
		};

		if (!naming.source || !item->use[EXECGATE_PREFLIGHT_EXEC] ||
		    item->open || !execgate_image_of(item->path, &image) ||
		    image.kind != EXECGATE_IMAGE_SCRIPT)
			continue;
		text = execgate_preflight_text(item->path);
		if (text)
			(is_shell(&image) ?
				 SHELL :
				 PATHS)(text, execgate_preflight_name, &naming);
		free(text);
	}
}
