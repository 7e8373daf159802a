// SPDX-License-Identifier: GPL-2.0
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "boots.h"
#include "io.h"
#include "names.h"

#define MAIN_FILE "execgate.conf"
#define DROP_IN_DIR "execgate.conf.d"
/* Late in the order, yet an administrator can still sort something after it. */
#define DROP_IN_FILE "90-mode.conf"

struct reading {
	struct execgate_config *config;
	const char *file;
	char problem[200];
};

static int set_attempts(struct reading *reading, const char *value)
{
	size_t digits = strspn(value, "0123456789");
	unsigned long attempts = strtoul(value, NULL, 10);

	if (!digits || digits > 3 || value[digits] ||
	    attempts > EXECGATE_BOOT_ATTEMPTS_MAX) {
		snprintf(reading->problem, sizeof(reading->problem),
			 "\"%.40s\" is no number of boots from 0 to %d", value,
			 EXECGATE_BOOT_ATTEMPTS_MAX);
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
			 "\"%.40s\" is no mode; say off, audit or enforce",
			 value);
		return 0;
	}
	reading->config->mode = mode;
	snprintf(reading->config->mode_file, sizeof(reading->config->mode_file),
		 "%s", reading->file);
	return 1;
}

static int on_setting(void *arg, const char *section, const char *name,
		      const char *value)
{
	struct reading *reading = arg;

	if (reading->problem[0])
		return 0;
	if (!strcmp(section, "gate") && !strcmp(name, "mode"))
		return set_mode(reading, value);
	if (!strcmp(section, "gate") && !strcmp(name, "boot_attempts"))
		return set_attempts(reading, value);
	snprintf(reading->problem, sizeof(reading->problem),
		 "\"%.40s\" in section \"%.40s\" is no setting; there are "
		 "\"mode\" and \"boot_attempts\" in section \"gate\"",
		 name, section);
	return 0;
}

static int read_file(const char *path, struct execgate_config *config,
		     struct execgate_error *err)
{
	struct reading reading = { .config = config, .file = path };
	FILE *file = fopen(path, "re");
	int line;

	if (!file && errno == ENOENT)
		return 0;
	if (!file)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	line = ini_parse_file(file, on_setting, &reading);
	if (ferror(file)) {
		fclose(file);
		return execgate_error_errno(err, -EIO, "cannot read %s", path);
	}
	fclose(file);
	if (line)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR, "%s:%d: %s", path,
			line,
			reading.problem[0] ?
				reading.problem :
				"this is neither \"[section]\" nor "
				"\"name = value\"");
	return 0;
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
	if (count < 0 && errno == ENOENT)
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

int execgate_config_load(const char *dir, struct execgate_config *out,
			 struct execgate_error *err)
{
	char path[PATH_MAX];
	int ret;

	out->mode = EXECGATE_CONFIG_NO_MODE;
	out->mode_file[0] = '\0';
	out->boot_attempts = EXECGATE_BOOT_ATTEMPTS;
	snprintf(path, sizeof(path), "%s/" MAIN_FILE, dir);
	ret = read_file(path, out, err);
	return ret ? ret : read_drop_ins(dir, out, err);
}

int execgate_config_persist(const char *dir, int mode, char path[PATH_MAX],
			    struct execgate_error *err)
{
	struct execgate_config now;
	char folder[PATH_MAX], text[256];
	int ret;

	if (snprintf(folder, sizeof(folder), "%s/" DROP_IN_DIR, dir) >=
		    (int)sizeof(folder) ||
	    snprintf(path, PATH_MAX, "%s/" DROP_IN_FILE, folder) >= PATH_MAX)
		return execgate_error_errno(err, -ENAMETOOLONG, "%s", dir);
	snprintf(text, sizeof(text),
		 "# Written by \"execgate mode --persist\".\n"
		 "[gate]\nmode = %s\n",
		 execgate_mode_name((unsigned int)mode));
	if (mkdir(folder, 0755) && errno != EEXIST)
		return execgate_error_errno(err, -errno, "cannot make %s",
					    folder);
	ret = execgate_io_create_file(path, 0644, true, text, strlen(text),
				      err);
	if (!ret)
		ret = execgate_config_load(dir, &now, err);
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

		/* What follows "--" is for init. */
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
