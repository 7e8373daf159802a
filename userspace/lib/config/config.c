// SPDX-License-Identifier: GPL-2.0
#include "lib/config/config.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/base/escape.h"
#include "lib/base/io.h"
#include "lib/base/names.h"
#include "lib/base/profile.h"
#include "lib/config/policy_known.h"

#define CONFIG_MAX (1u << 20)
/* Those that a boot alone resets; the TPM lets root reset 16 and 23. */
#define PCR_MAX 15
#define MAIN_FILE "execgate.conf"
#define DROP_IN_DIR "execgate.conf.d"
/* Late in the order, yet an administrator can still sort something after it. */
#define MODE_FILE "90-mode.conf"
#define POLICY_FILE "90-policy.conf"

struct reading {
	struct execgate_config *config;
	const char *file;
	char problem[256];
};

static int set_attempts(struct reading *reading, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	unsigned long attempts = strtoul(value, NULL, 10);

	if (!digits || digits > 3 || value[digits] ||
	    attempts > EXECGATE_BOOT_ATTEMPTS_MAX) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "\"%.40s\" is not a number of boots from 0 to %d",
			 value, EXECGATE_BOOT_ATTEMPTS_MAX);
		return 0;
	}
	reading->config->boot_attempts = (unsigned int)attempts;
	return 1;
}

static int set_mode(struct reading *reading, const char *value)
{
	int mode = execgate_mode_find(value);

	if (mode < 0) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "unknown mode \"%.40s\"; modes are off, audit, enforce",
			 value);
		return 0;
	}
	reading->config->mode = mode;
	snprintf(reading->config->mode_file, sizeof(reading->config->mode_file),
		 "%s", reading->file);
	return 1;
}

/* "yes" or "no", or -1 with the problem. */
static int read_yes(struct reading *reading, const char *name,
		    const char *value)
{
	if (!strcmp(value, "yes") || !strcmp(value, "no"))
		return value[0] == 'y';
	snprintf(reading->problem, sizeof(reading->problem),
		 "%s is \"yes\" or \"no\", not \"%.40s\"", name, value);
	return -1;
}

/* It is shown at terminals, escaped, so what would look odd there is refused here. */
static int set_text(struct reading *reading, const char *name,
		    const char *value, char *out, size_t max)
{
	char escaped[EXECGATE_ESCAPE_SIZE(EXECGATE_CONFIG_URL_MAX)];
	size_t size = strlen(value);

	if (size > max) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "%s has %zu bytes, at most %zu fit", name, size, max);
		return 0;
	}
	execgate_escape_text(escaped, value, size);
	if (strcmp(escaped, value) != 0) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "%s has a quote, a backslash or a byte that is no "
			 "text",
			 name);
		return 0;
	}
	strcpy(out, value);
	return 1;
}

static int set_of_users(struct reading *reading, const char *name,
			const char *value)
{
	struct execgate_config *config = reading->config;
	int yes;

	if (!strcmp(name, "contact"))
		return set_text(reading, name, value, config->contact,
				EXECGATE_CONFIG_CONTACT_MAX);
	if (!strcmp(name, "url"))
		return set_text(reading, name, value, config->url,
				EXECGATE_CONFIG_URL_MAX);
	if (!strcmp(name, "terminal") || !strcmp(name, "desktop")) {
		yes = read_yes(reading, name, value);
		if (name[0] == 't')
			config->no_terminal = !yes;
		else
			config->no_desktop = !yes;
		return yes >= 0;
	}
	snprintf(reading->problem, sizeof(reading->problem),
		 "\"%.40s\" in section \"users\" is not a setting; there are "
		 "\"terminal\", \"desktop\", \"contact\" and \"url\"",
		 name);
	return 0;
}

static int set_lock(struct reading *reading, const char *value)
{
	int yes = read_yes(reading, "lock", value);

	if (yes < 0)
		return 0;
	reading->config->lock = yes;
	snprintf(reading->config->lock_file, sizeof(reading->config->lock_file),
		 "%s", reading->file);
	return 1;
}

static int set_early(struct reading *reading, const char *value)
{
	int yes = read_yes(reading, "early", value);

	reading->config->early = yes > 0;
	return yes >= 0;
}

static int set_pcr(struct reading *reading, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	int pcr = atoi(value);

	if (!strcmp(value, "off")) {
		reading->config->pcr = EXECGATE_CONFIG_NO_PCR;
		return 1;
	}
	if (!digits || digits > 2 || value[digits] || pcr > PCR_MAX) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "pcr is \"off\" or a number from 0 to %d, not "
			 "\"%.40s\"",
			 PCR_MAX, value);
		return 0;
	}
	reading->config->pcr = pcr;
	return 1;
}

static int set_tpm(struct reading *reading, const char *value)
{
	if (execgate_policy_tpm_setting(value))
		return set_text(reading, "tpm", value, reading->config->tpm,
				EXECGATE_CONFIG_TPM_MAX);
	snprintf(reading->problem, sizeof(reading->problem),
		 "tpm is \"auto\", \"off\", \"device:PATH\" or "
		 "\"swtpm:OPTIONS\", not \"%.40s\"",
		 value);
	return 0;
}

static void policy_said(struct reading *reading)
{
	snprintf(reading->config->policy_file,
		 sizeof(reading->config->policy_file), "%s", reading->file);
}

static int set_profile(struct reading *reading, const char *value)
{
	int profile = execgate_profile_find(value);

	if (profile < 0) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "unknown profile \"%.40s\"; profiles are basic, standard, "
			 "strict",
			 value);
		return 0;
	}
	reading->config->profile = profile;
	policy_said(reading);
	return 1;
}

static int set_gate(struct reading *reading, int gate, const char *value)
{
	struct execgate_config *config = reading->config;
	int on = execgate_profile_switch(value);

	if (on < 0) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "gate %s is \"on\" or \"off\", not \"%.40s\"",
			 execgate_gate_name((unsigned int)gate), value);
		return 0;
	}
	config->select |= EXECGATE_GATE_BIT(gate);
	config->gates &= ~EXECGATE_GATE_BIT(gate);
	if (on)
		config->gates |= EXECGATE_GATE_BIT(gate);
	policy_said(reading);
	return 1;
}

static int on_setting(void *arg, const char *section, const char *name,
		      const char *value)
{
	struct reading *reading = arg;
	int gate;

	if (reading->problem[0])
		return 0;
	if (!strcmp(section, "users"))
		return set_of_users(reading, name, value);
	if (!strcmp(section, "gate") && !strcmp(name, "mode"))
		return set_mode(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "boot_attempts"))
		return set_attempts(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "lock"))
		return set_lock(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "profile"))
		return set_profile(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "tpm"))
		return set_tpm(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "early"))
		return set_early(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "pcr"))
		return set_pcr(reading, value);
	gate = execgate_gate_find(name);
	if (!strcmp(section, "gate") && gate >= 0)
		return set_gate(reading, gate, value);
	snprintf(
		reading->problem, sizeof(reading->problem),
		"\"%.40s\" in section \"%.40s\" is unknown; settings are "
		"\"mode\", \"profile\", \"boot_attempts\", \"lock\", "
		"\"tpm\", \"early\", \"pcr\" and the gates in section \"gate\", and section \"users\"",
		name, section);
	return 0;
}

/* A link that leads nowhere is not an absent file: somebody put it there. */
static bool is_absent(const char *path)
{
	struct stat st;

	return lstat(path, &st) && errno == ENOENT;
}

static int parse_file(const char *path, const uint8_t *text, size_t size,
		      struct execgate_config *config,
		      struct execgate_error *err)
{
	struct reading reading = { .config = config, .file = path };
	int line;

	/* A crash can leave a file of the right size that is full of zeros. */
	if (memchr(text, '\0', size))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"%s is damaged: it has bytes that are not text", path);
	line = ini_parse_string((const char *)text, on_setting, &reading);
	if (!line)
		return 0;
	return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_ERROR,
				  "%s:%d: %s", path, line,
				  reading.problem[0] ?
					  reading.problem :
					  "this is neither \"[section]\" nor "
					  "\"name = value\"");
}

/* Never waits: a FIFO or a device in the file's place is an error. */
static int read_file(const char *path, struct execgate_config *config,
		     struct execgate_error *err)
{
	uint8_t *text;
	size_t size;
	int ret;

	ret = execgate_io_read_file(path, CONFIG_MAX, &text, &size, err);
	if (ret == -ENOENT && is_absent(path))
		return 0;
	if (ret)
		return ret;
	ret = parse_file(path, text, size, config, err);
	free(text);
	return ret;
}

static int is_conf(const struct dirent *entry)
{
	size_t size = strlen(entry->d_name);

	return entry->d_name[0] != '.' && size > 5 &&
	       !strcmp(entry->d_name + size - 5, ".conf");
}

/* Byte order, whatever the locale: the result must not depend on who asks. */
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_drop_ins(const char *dir, struct execgate_config *config,
			 struct execgate_error *err)
{
	char path[PATH_MAX], file[PATH_MAX];
	struct dirent **names;
	int count, ret = 0;

	snprintf(path, sizeof(path), "%s/" DROP_IN_DIR, dir);
	count = scandir(path, &names, is_conf, by_bytes);
	if (count < 0 && errno == ENOENT && is_absent(path))
		return 0;
	if (count < 0)
		return execgate_error_errno(err, -errno, "cannot list %s",
					    path);
	for (int i = 0; i < count; i++) {
		if (!ret && snprintf(file, sizeof(file), "%s/%s", path,
				     names[i]->d_name) < (int)sizeof(file))
			ret = read_file(file, config, err);
		free(names[i]);
	}
	free(names);
	return ret;
}

void execgate_config_clear(struct execgate_config *out)
{
	out->mode = EXECGATE_CONFIG_NO_MODE;
	out->profile = EXECGATE_CONFIG_NO_PROFILE;
	out->gates = 0;
	out->select = 0;
	out->mode_file[0] = '\0';
	out->policy_file[0] = '\0';
	out->lock_file[0] = '\0';
	out->boot_attempts = EXECGATE_BOOT_ATTEMPTS;
	out->lock = false;
	out->early = false;
	out->pcr = EXECGATE_CONFIG_NO_PCR;
	out->no_terminal = false;
	out->no_desktop = false;
	out->contact[0] = '\0';
	out->url[0] = '\0';
	out->tpm[0] = '\0';
}

int execgate_config_load(const char *dir, struct execgate_config *out,
			 struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret;

	execgate_config_clear(out);
	snprintf(path, sizeof(path), "%s/" MAIN_FILE, dir);
	ret = read_file(path, out, err);
	return ret ? ret : read_drop_ins(dir, out, err);
}

static int name_drop_in(const char *dir, const char *name, char path[PATH_MAX],
			struct execgate_error *err)
{
	if (snprintf(path, PATH_MAX, "%s/" DROP_IN_DIR "/%s", dir, name) >=
	    PATH_MAX)
		return execgate_error_errno(err, -ENAMETOOLONG, "%s", dir);
	return 0;
}

/* Then @now is what all files together say. */
static int write_drop_in(const char *dir, const char *path, const char *text,
			 struct execgate_config *now,
			 struct execgate_error *err)
{
	char folder[PATH_MAX];
	int ret;

	snprintf(folder, sizeof(folder), "%.*s",
		 (int)(strrchr(path, '/') - path), path);
	if (mkdir(folder, 0755) && errno != EEXIST)
		return execgate_error_errno(err, -errno, "cannot make %s",
					    folder);
	ret = execgate_io_create_file(path, 0644, true, text, strlen(text),
				      err);
	return ret ? ret : execgate_config_load(dir, now, err);
}

int execgate_config_persist(const char *dir, int mode, char path[PATH_MAX],
			    struct execgate_error *err)
{
	struct execgate_config now;
	char text[256];
	int ret;

	snprintf(text, sizeof(text),
		 "# Written by \"execgate mode --persist\".\n"
		 "[gate]\nmode = %s\n",
		 execgate_mode_name((unsigned int)mode));
	ret = name_drop_in(dir, MODE_FILE, path, err);
	if (!ret)
		ret = write_drop_in(dir, path, text, &now, err);
	if (ret)
		return ret;
	if (now.mode != mode)
		return execgate_error_set(
			err, -EEXIST, EXECGATE_EXIT_ERROR,
			"%s was written, but %s sorts after it and says mode "
			"%s: change that file",
			path, now.mode_file,
			execgate_mode_name((unsigned int)now.mode));
	return 0;
}

uint32_t execgate_config_gates(const struct execgate_config *config)
{
	unsigned int profile = config->profile < 0 ?
				       EXECGATE_PROFILE_DEFAULT :
				       (unsigned int)config->profile;

	return execgate_profile_effective(profile, config->gates,
					  config->select);
}

static void write_policy(const struct execgate_config *own, char *text,
			 size_t size)
{
	size_t used;

	used = (size_t)snprintf(text, size,
				"# Written by \"execgate profile --persist\" "
				"and \"execgate gate --persist\".\n[gate]\n");
	if (own->profile >= 0)
		used += (size_t)snprintf(text + used, size - used,
					 "profile = %s\n",
					 execgate_profile_name(
						 (unsigned int)own->profile));
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++) {
		if (own->select & EXECGATE_GATE_BIT(i))
			used += (size_t)snprintf(
				text + used, size - used, "%s = %s\n",
				execgate_gate_name(i),
				own->gates & EXECGATE_GATE_BIT(i) ? "on" :
								    "off");
	}
}

/* The profile makes a new start; of gates, those not named stay. */
int execgate_config_persist_policy(const char *dir, int profile, uint32_t gates,
				   uint32_t select, char path[PATH_MAX],
				   struct execgate_error *err)
{
	struct execgate_config own, now;
	char text[2048], said[EXECGATE_PROFILE_TEXT];
	bool same;
	int ret;

	execgate_config_clear(&own);
	ret = name_drop_in(dir, POLICY_FILE, path, err);
	if (!ret && profile < 0)
		ret = read_file(path, &own, err);
	if (ret)
		return ret;
	if (profile >= 0)
		own.profile = profile;
	own.select |= select;
	own.gates = (own.gates & ~select) | (gates & select);
	write_policy(&own, text, sizeof(text));
	ret = write_drop_in(dir, path, text, &now, err);
	if (ret)
		return ret;
	if (profile >= 0)
		same = now.profile == profile &&
		       execgate_config_gates(&now) ==
			       execgate_profile_effective((unsigned int)profile,
							  gates, select);
	else
		same = !((execgate_config_gates(&now) ^ gates) & select);
	if (same)
		return 0;
	return execgate_error_set(
		err, -EEXIST, EXECGATE_EXIT_ERROR,
		"%s was written, but with the other files of %s the next boot "
		"begins in profile \"%s\": change them",
		path, dir,
		execgate_profile_describe(now.profile < 0 ?
						  EXECGATE_PROFILE_DEFAULT :
						  (unsigned int)now.profile,
					  execgate_config_gates(&now), said));
}

/* The value may be quoted, or the whole word, as the kernel takes both. */
static int mode_of_word(const char *text, size_t size)
{
	char value[16];
	size_t used = 0;

	for (size_t i = 0; i < size && used < sizeof(value) - 1; i++) {
		if (text[i] != '"')
			value[used++] = text[i];
	}
	value[used] = '\0';
	return execgate_mode_find(value);
}

int execgate_config_boot_mode(const char *text)
{
	static const char key[] = "execgate.mode=";
	const size_t key_size = sizeof(key) - 1;
	int mode = -ENOENT;

	while (*text) {
		size_t size = strcspn(text, " \t\n");

		/* Words behind "--" are for init. */
		if (size == 2 && !strncmp(text, "--", 2))
			break;
		if (size && *text == '"') {
			text++;
			size--;
		}
		if (size > key_size && !strncmp(text, key, key_size))
			mode = mode_of_word(text + key_size, size - key_size);
		text += size;
		text += strspn(text, " \t\n");
	}
	return mode;
}
