// SPDX-License-Identifier: GPL-2.0
/* Programs that units, crontabs, udev rules, shells and PAM files name. */
#include "lib_support.h"
#include "lib/preflight/programs.h"

static char found[1024];

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

struct row {
	const char *why;
	const char *text;
	const char *expected;
};

static void expect(const struct row *row)
{
	if (strcmp(found, row->expected))
		fail_msg("%s: found %s", row->why, found);
	found[0] = '\0';
}

static const struct row units[] = {
	{ "nothing", "", "" },
	{ "plain", "[Service]\nExecStart=/bin/a -b\n", "/bin/a|" },
	{ "no newline at the end", "ExecStart=/bin/a", "/bin/a|" },
	{ "spaces", " ExecStart = /bin/a\n", "/bin/a|" },
	{ "prefixes", "ExecStart=-@!!/bin/a zero -b\n", "/bin/a|" },
	{ "quotes", "ExecStart=\"/opt/my app/x\" y\n", "/opt/my app/x|" },
	{ "all kinds",
	  "ExecStartPre=/a\nExecStartPost=/b\nExecCondition=/c\n"
	  "ExecReload=/d\nExecStop=/e\nExecStopPost=/f\n",
	  "/a|/b|/c|/d|/e|/f|" },
	{ "not one of them", "ExecPaths=/a\nExecStartX=/b\n#ExecStart=/c\n",
	  "" },
	{ "an empty one resets", "ExecStart=\nExecStart=/a\n", "/a|" },
	{ "two commands", "ExecStart=/a b ; /c d\n", "/a|/c|" },
	{ "an escaped semicolon is an argument", "ExecStart=/a \\; /c\n",
	  "/a|" },
	{ "continued", "ExecStart=\\\n  /a \\\n -b\nExecStop=/c\n", "/a|/c|" },
	{ "comment inside", "ExecStart=/a \\\n# no\n -b ; /d\nExecStop=/c\n",
	  "/a|/d|/c|" },
	{ "relative", "ExecReload=kill -HUP $MAINPID\n", "kill|" },
	{ "specifiers", "ExecStart=%h/bin/x\nExecStart=${A}/x\n", "%h/bin/x|" },
};

static void test_units(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		assert_int_equal(execgate_programs_of_unit(units[i].text, take,
							   NULL),
				 0);
		expect(&units[i]);
	}
}

/* Of the system's manager, and of that of a user whose home is /h. */
static const struct {
	const char *program;
	const char *of_system;
	const char *of_user;
} specifiers[] = {
	{ "/bin/a", "/bin/a", "/bin/a" },
	{ "%h/bin/x", "/root/bin/x", "/h/bin/x" },
	{ "%E/x", "/etc/x", "/h/.config/x" },
	{ "%S/x", "/var/lib/x", "/h/.local/state/x" },
	{ "%C/x", "/var/cache/x", "/h/.cache/x" },
	{ "%L/x", "/var/log/x", "/h/.local/state/log/x" },
	{ "%D/x", "/usr/share/x", "/h/.local/share/x" },
	{ "%T/x%%%V", "/tmp/x%/var/tmp", "/tmp/x%/var/tmp" },
	{ "%t/x", "/run/x", NULL },
	{ "/opt/%i/x", NULL, NULL },
	{ "%h/%", NULL, NULL },
	{ "", NULL, NULL },
	{ "%h/a-name-that-is-too-long", NULL, NULL },
};

static void test_specifiers(void **state)
{
	const char *const homes[] = { NULL, "/h" };
	const char *expected;
	char out[24];
	bool found;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(specifiers); i++)
		for (int user = 0; user < 2; user++) {
			expected = user ? specifiers[i].of_user :
					  specifiers[i].of_system;
			found = execgate_programs_expand(specifiers[i].program,
							 homes[user], out,
							 sizeof(out));
			assert_int_equal(found, expected != NULL);
			if (found)
				assert_string_equal(out, expected);
		}
}

static const struct row crontabs[] = {
	{ "plain", "17 * * * * root /bin/a\n", "/bin/a|" },
	{ "assignments and comments",
	  "SHELL=/bin/sh\nPATH=/bin\n# 1 2 3 4 5 root /bin/a\n\n", "" },
	{ "at", "@reboot root /bin/a x\n", "/bin/a|" },
	{ "a shell's words",
	  "25 6 * * * root test -x /usr/sbin/anacron || ( cd / && run-parts "
	  "--report /etc/cron.daily )\n",
	  "test|/usr/sbin/anacron|cd|/|run-parts|/etc/cron.daily|" },
	{ "a variable before the command", "* * * * * root A=b /bin/a\n",
	  "/bin/a|" },
	{ "names of days", "*/5 0-3 * * Mon root x; y\n", "x|y|" },
	{ "only a time", "1 2 3 4 5\n", "" },
};

static const struct row user_crontabs[] = {
	{ "no user", "17 * * * * /bin/a b\n", "/bin/a|" },
	{ "at", "@daily b\n", "b|" },
};

static void test_crontabs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(crontabs); i++) {
		execgate_programs_of_crontab(crontabs[i].text, true, take,
					     NULL);
		expect(&crontabs[i]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(user_crontabs); i++) {
		execgate_programs_of_crontab(user_crontabs[i].text, false, take,
					     NULL);
		expect(&user_crontabs[i]);
	}
}

static const struct row rules[] = {
	{ "run", "ACTION==\"add\", RUN+=\"/bin/a b\"\n", "/bin/a|" },
	{ "relative", "RUN+=\"hdparm -q\"\n", "hdparm|" },
	{ "program",
	  "SUBSYSTEM==\"x\", PROGRAM==\"ata_id $devnode\", "
	  "RUN{program}+=\"/c\"\n",
	  "ata_id|/c|" },
	{ "import", "IMPORT{program}=\"/d %p\"\n", "/d|" },
	{ "builtins are none",
	  "RUN{builtin}+=\"kmod load\", IMPORT{builtin}=\"usb_id\"\n", "" },
	{ "other keys", "ENV{X}=\"/bin/a\", NAME=\"/bin/b\"\n", "" },
	{ "variables", "RUN+=\"$env{X}\", PROGRAM=\"%k\"\n", "" },
	{ "comment", "# RUN+=\"/bin/a\"\n", "" },
	{ "no end of the string", "RUN+=\"/bin/a", "/bin/a|" },
	{ "rubbish", "= = , \"\" == RUN \"\n,,,\n+=\n", "" },
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		execgate_programs_of_udev(rules[i].text, take, NULL);
		expect(&rules[i]);
	}
}

static void test_shells(void **state)
{
	static const struct row row = { "shells", "/bin/sh|/bin/bash|",
					"/bin/sh|/bin/bash|" };

	(void)state;
	execgate_programs_of_shells(
		"# /bin/no\n/bin/sh\nnot\n/bin/bash # yes\n", take, NULL);
	expect(&row);
}

static const struct row pam[] = {
	{ "plain", "auth required pam_unix.so nullok\n", "pam_unix.so|" },
	{ "brackets", "auth [success=1 default=ignore] pam_a.so x\n",
	  "pam_a.so|" },
	{ "optional", "-session optional /lib/pam_b.so\n", "/lib/pam_b.so|" },
	{ "include", "@include common-auth\n# auth x pam_c.so\n", "" },
	{ "too short", "auth\nauth required\nauth [x\n", "" },
};

static void test_pam(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pam); i++) {
		execgate_programs_of_pam(pam[i].text, take, NULL);
		expect(&pam[i]);
	}
}

static void test_stops(void **state)
{
	(void)state;
	assert_int_equal(execgate_programs_of_unit(
				 "ExecStart=/a\nExecStop=/b\n", stop, NULL),
			 7);
	assert_string_equal(found, "/a|");
	found[0] = '\0';
}

/* Longer than any buffer: cut or left out, never beyond its end. */
static void test_long(void **state)
{
	char *text = malloc(100001);

	(void)state;
	memset(text, 'x', 100000);
	text[100000] = '\0';
	memcpy(text, "ExecStart=/", 11);
	execgate_programs_of_unit(text, take, NULL);
	memcpy(text, "1 1 1 1 1 r ", 12);
	execgate_programs_of_crontab(text, true, take, NULL);
	memcpy(text, "RUN+=\"/xxxxxx", 13);
	execgate_programs_of_udev(text, take, NULL);
	assert_string_equal(found, "");
	free(text);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_specifiers),
		cmocka_unit_test(test_crontabs),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_shells),
		cmocka_unit_test(test_pam),
		cmocka_unit_test(test_stops),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
