// SPDX-License-Identifier: GPL-2.0
/* Programs that logins, scripts, modprobe, apt and the like name. */
#include "lib_support.h"
#include "lib/preflight/programs.h"

static char found[16384];

static int take(const char *program, void *arg)
{
	(void)arg;
	strcat(found, program);
	strcat(found, "|");
	return 0;
}

static int stop(const char *program, void *arg)
{
	take(program, arg);
	return 7;
}

typedef int (*reader)(const char *text, execgate_program_fn fn, void *arg);

struct row {
	reader read;
	const char *why;
	const char *text;
	const char *expected;
};

#define PASSWD execgate_programs_of_passwd
#define HOMES execgate_programs_of_homes
#define PAM execgate_programs_of_pam
#define PAM_ARGUMENTS execgate_programs_of_pam_arguments
#define PAM_INCLUDES execgate_programs_of_pam_includes
#define NSS execgate_programs_of_nsswitch
#define SSHD execgate_programs_of_sshd
#define SSHD_INCLUDES execgate_programs_of_sshd_includes
#define SHELL execgate_programs_of_shell
#define PATHS execgate_programs_of_paths
#define ENTRY execgate_programs_of_desktop
#define UNIT execgate_programs_of_unit
#define MODPROBE execgate_programs_of_modprobe
#define INTERFACES execgate_programs_of_interfaces
#define APT execgate_programs_of_apt
#define DPKG execgate_programs_of_dpkg
#define FSTAB execgate_programs_of_fstab

static const struct row rows[] = {
	{ PASSWD, "shells, those of nobody left out",
	  "root:x:0:0:root:/root:/bin/bash\nd:x:1:1::/:/usr/sbin/nologin\n"
	  "f:x:2:2::/:/bin/false\ngit:x:3:3:,,,:/srv:/opt/git shell\n",
	  "/bin/bash|/opt/git shell|" },
	{ PASSWD, "no shell, too few fields, a comment, compat",
	  "a:x:1:1::/h:\nb:x:1:1\n#c:x:1:1::/h:/bin/c\n+::::::\n", "" },
	{ PASSWD, "no newline at the end", "a:x:1:1::/h:/bin/a", "/bin/a|" },
	{ HOMES, "homes", "a:x:1:1::/h/a:/bin/a\nb:x:1:1::/:/x\nc:x:1\n",
	  "/h/a|" },
	{ PAM, "a line that goes on", "auth \\\n required \\\n pam_a.so x\n",
	  "pam_a.so|" },
	{ PAM_ARGUMENTS, "pam_exec",
	  "session optional pam_exec.so quiet expose_authtok "
	  "log=/var/log/x /opt/run me\n",
	  "/var/log/x|/opt/run|" },
	{ PAM_ARGUMENTS, "one argument with spaces",
	  "auth [success=1 default=ignore] pam_exec.so [/opt/a b]\n",
	  "/opt/a|" },
	{ PAM_ARGUMENTS, "the module's path is no argument",
	  "auth required /lib/pam_x.so\n@include /etc/x\n# a b c /d\n", "" },
	{ PAM_INCLUDES, "all ways",
	  "@include common-auth\nauth include system-auth\n"
	  "auth substack /etc/pam.d/x # y\n-auth required pam_x.so\n",
	  "common-auth|system-auth|/etc/pam.d/x|" },
	{ NSS, "services, not actions",
	  "passwd: files systemd\n# group: x\nhosts: files "
	  "[NOTFOUND=return] dns myhostname\nrubbish\n",
	  "files|systemd|files|dns|myhostname|" },
	{ SSHD, "commands",
	  "AuthorizedKeysCommand /opt/keys %u\n"
	  "authorizedprincipalscommand=\"/opt/my principals\" %u\n"
	  "Subsystem sftp /usr/lib/sftp-server -f AUTH\n"
	  "Banner /etc/issue\nAuthorizedKeysFile /a\n",
	  "/opt/keys|/opt/my principals|/usr/lib/sftp-server|" },
	{ SSHD, "in a Match block",
	  "Match User git\n\tForceCommand /opt/shell -c \"x\"; /opt/y\n",
	  "/opt/shell|/opt/y|" },
	{ SSHD, "none of ours",
	  "AuthorizedKeysCommand none\nSubsystem sftp internal-sftp\n"
	  "#ForceCommand /x\nSubsystem\nForceCommand\n=\n",
	  "" },
	{ SSHD_INCLUDES, "several, quoted, relative",
	  "Include /etc/ssh/sshd_config.d/*.conf \"a b\"\ninclude c\n",
	  "/etc/ssh/sshd_config.d/*.conf|a b|c|" },
	{ SHELL, "commands and paths",
	  "#!/bin/sh\nset -e\nif [ -x /opt/a ]; then exec /opt/b c; fi\n"
	  "A=1 b $C /d/$E # /no\nx && y\n",
	  "set|if|[|/opt/a|then|exec|/opt/b|fi|b|x|y|" },
	{ SHELL, "options of a prefix", "exec -a x /opt/a\n",
	  "exec|x|/opt/a|" },
	{ PATHS, "anywhere",
	  "x(\"/opt/a\", '/b'); <y>/c</y> k=/d|/e // no\n# /f\n",
	  "/opt/a|/b|/c|/y|/d|/e|" },
	{ PATHS, "patterns are none", "/a/* /b/$x / /\n", "" },
	{ ENTRY, "entries",
	  "[Desktop Entry]\nExec=/opt/a %U\nTryExec=b\nName=/c\n",
	  "/opt/a|b|" },
	{ ENTRY, "what a shell is told", "Exec=sh -c \"x && /opt/y z\"\n",
	  "sh|x|/opt/y|" },
	{ UNIT, "what a shell is told",
	  "ExecStart=-/bin/bash -ec 'exec /opt/a b'\nExecStart=/x -c /y\n"
	  "ExecStart=/bin/sh /opt/script -c\n",
	  "/bin/bash|exec|/opt/a|/x|/bin/sh|" },
	{ MODPROBE, "install and remove",
	  "install a /opt/a && modprobe x\nremove b \\\n /opt/b\n"
	  "options c d=/e\n#install f /g\ninstalls h /i\ninstall j\n",
	  "/opt/a|modprobe|/opt/b|" },
	{ INTERFACES, "hooks",
	  "iface eth0 inet dhcp\n\tpre-up /opt/a eth0 || true\n"
	  "\tup b\n\taddress /c\n",
	  "/opt/a|true|b|" },
	{ APT, "one name",
	  "DPkg::Post-Invoke { \"test -x /opt/a && /opt/a || true\"; };\n",
	  "test|/opt/a|/opt/a|true|" },
	{ APT, "nested, lists, comments",
	  "// \"no\"\n/* APT::Update::Pre-Invoke \"/no\"; */\n"
	  "APT { Update { Post-Invoke:: \"/opt/a\"; }; "
	  "Other \"/no\"; };\nDPkg::Pre-Install-Pkgs:: \"/opt/b\"; "
	  "# \"/no\"\nAPT::Other:: \"/no\";\n",
	  "/opt/a|/opt/b|" },
	{ APT, "programs, quoted or not",
	  "Dir::Bin::dpkg /opt/dpkg;\nAcquire::http::Proxy-Auto-Detect "
	  "\"/opt/proxy\";\nDir::Cache /no;\n",
	  "/opt/dpkg|/opt/proxy|" },
	{ APT, "rubbish", "}}}; { { \"x\" ; Invoke \"", "" },
	{ DPKG, "options",
	  "pre-invoke=if [ -x /opt/a ]; then b; fi\npost-invoke c\n"
	  "--status-logger=\"d e\"\nlog /no\n# pre-invoke=/no\n"
	  "pre-invoke\n",
	  "if|[|/opt/a|then|b|fi|c|d|" },
	{ FSTAB, "helpers",
	  "UUID=x / ext4 defaults 0 1\n# a /b nfs\nh:/x /y nfs rw\nshort\n",
	  "mount.ext4|mount.nfs|" },
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		found[0] = '\0';
		assert_int_equal(rows[i].read(rows[i].text, take, NULL), 0);
		if (strcmp(found, rows[i].expected))
			fail_msg("row %zu, %s: found %s", i, rows[i].why,
				 found);
	}
}

/* A reader that finds anything stops when it is told to. */
static void test_stops(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		found[0] = '\0';
		if (!rows[i].expected[0])
			continue;
		assert_int_equal(rows[i].read(rows[i].text, stop, NULL), 7);
		assert_ptr_equal(strchr(found, '|'), strrchr(found, '|'));
	}
}

/* Longer than any buffer, deeper than any stack: never beyond its end. */
static void test_long(void **state)
{
	static const char *const starts[] = {
		"",
		"a:x:1:1::/h:/",
		"auth required pam_x.so /",
		"@include ",
		"passwd: ",
		"ForceCommand /",
		"Subsystem x /",
		"Include ",
		"Exec=/",
		"install x /",
		"up /",
		"Dir::Bin::x \"/",
		"pre-invoke=/",
		"a b ",
	};
	static const char fills[] = "x/{\\\" ";
	char *text = malloc(100001);
	size_t length;

	(void)state;
	for (size_t s = 0; s < ARRAY_SIZE(starts); s++)
		for (const char *fill = fills; *fill; fill++) {
			memset(text, *fill, 100000);
			text[100000] = '\0';
			length = strlen(starts[s]);
			memcpy(text, starts[s], length);
			for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
				found[0] = '\0';
				rows[i].read(text, stop, NULL);
			}
		}
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
