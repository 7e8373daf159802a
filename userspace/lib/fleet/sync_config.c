// SPDX-License-Identifier: GPL-2.0
#include "lib/fleet/sync_config.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include "lib/base/digits.h"
#include "lib/base/io.h"

#define TEXT_MAX 65536

/* For this use alone: the server learns nothing that other servers know the machine by. */
#define APPLICATION                                                           \
	SD_ID128_MAKE(5e, 2d, 0c, 41, 9b, 7e, 4d, 63, 8f, 10, a6, d3, 27, b4, \
		      58, 0e)

enum kind { KIND_URL, KIND_ID, KIND_PATH, KIND_TEXT, KIND_YES, KIND_SECONDS };

static const struct setting {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t size;
} settings[] = {
#define X(name, kind, member, size)                                         \
	{ name, KIND_##kind, offsetof(struct execgate_sync_config, member), \
	  size },
	EXECGATE_SYNC_SETTINGS(X)
#undef X
};

struct reading {
	struct execgate_sync_config *config;
	char problem[256];
};

__attribute__((format(printf, 2, 3))) static int wrong(struct reading *reading,
						       const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reading->problem, sizeof(reading->problem), format, args);
	va_end(args);
	return 0;
}

static bool is_text(const char *value)
{
	for (; *value; value++)
		if (*value < ' ' || *value > '~')
			return false;
	return true;
}

static bool is_id(const char *value)
{
	return value[0] && value[0] != '.' &&
	       strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789-_.") ==
		       strlen(value);
}

static int set_yes(struct reading *reading, const struct setting *setting,
		   const char *value, void *out)
{
	bool *yes = out;

	*yes = !strcmp(value, "yes");
	if (*yes || !strcmp(value, "no"))
		return 1;
	return wrong(reading, "%s is \"yes\" or \"no\", not \"%.40s\"",
		     setting->name, value);
}

static int set_seconds(struct reading *reading, const char *value, void *out)
{
	unsigned int *seconds = out;
	uint64_t number;

	if (!execgate_number_read(value, &number) || !number ||
	    number > EXECGATE_SYNC_TIMEOUT_MAX)
		return wrong(reading,
			     "\"%.40s\" is not a number of seconds from 1 to "
			     "%d",
			     value, EXECGATE_SYNC_TIMEOUT_MAX);
	*seconds = (unsigned int)number;
	return 1;
}

static int set_string(struct reading *reading, const struct setting *setting,
		      const char *value, char *out)
{
	size_t size = strlen(value);

	if (setting->kind == KIND_URL)
		while (size && value[size - 1] == '/')
			size--;
	if (size >= setting->size)
		return wrong(reading, "%s has %zu bytes, at most %zu fit",
			     setting->name, size, setting->size - 1);
	if (!is_text(value))
		return wrong(reading, "%s has a byte that is not plain text",
			     setting->name);
	memcpy(out, value, size);
	out[size] = '\0';
	return 1;
}

static int set_one(struct reading *reading, const struct setting *setting,
		   const char *value)
{
	char *out = (char *)reading->config + setting->offset;

	switch (setting->kind) {
	case KIND_URL:
		if (!execgate_http_is_url(value) || strpbrk(value, "?;"))
			return wrong(reading,
				     "%s is https://HOST/..., without a "
				     "password and a question mark, not "
				     "\"%.60s\"",
				     setting->name, value);
		break;
	case KIND_ID:
		if (!is_id(value))
			return wrong(reading,
				     "%s has letters, digits, \"-\", \"_\" "
				     "and \".\", not \"%.60s\"",
				     setting->name, value);
		break;
	case KIND_PATH:
		if (value[0] != '/')
			return wrong(reading,
				     "%s is a path that begins with \"/\", "
				     "not \"%.60s\"",
				     setting->name, value);
		break;
	case KIND_TEXT:
		break;
	case KIND_YES:
		return set_yes(reading, setting, value, out);
	case KIND_SECONDS:
		return set_seconds(reading, value, out);
	}
	return set_string(reading, setting, value, out);
}

static int on_setting(void *arg, const char *section, const char *name,
		      const char *value)
{
	struct reading *reading = arg;

	if (reading->problem[0])
		return 0;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (!strcmp(section, "sync") && !strcmp(name, settings[i].name))
			return set_one(reading, &settings[i], value);
	return wrong(reading,
		     "\"%.40s\" in section \"%.40s\" is not a setting; "
		     "execgate-sync(1) lists those of section \"sync\"",
		     name, section);
}

/* "Name: value": what else were in a line would be a request of its own. */
static bool is_header(const char *line, size_t size)
{
	size_t name = strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "abcdefghijklmnopqrstuvwxyz0123456789-");

	if (!name || name + 2 >= size || line[name] != ':' || size > 1000)
		return false;
	for (size_t i = 0; i < size; i++)
		if (line[i] < ' ' || line[i] > '~')
			return false;
	return true;
}

static int check_headers(const char *path, const char *lines,
			 struct execgate_error *err)
{
	unsigned int number = 0;
	size_t size;

	for (; *lines; lines += size + (lines[size] == '\n')) {
		size = strcspn(lines, "\n");
		number++;
		if (size && !is_header(lines, size))
			return execgate_error_set(
				err, -EINVAL, EXECGATE_EXIT_ERROR,
				"%s:%u: this is not a header: write \"Name: "
				"value\"",
				path, number);
	}
	return 0;
}

/* They are passwords, more or less. */
static int read_headers(struct execgate_sync_config *config,
			struct execgate_error *err)
{
	const char *path = config->headers_file;
	uint8_t *text;
	struct stat st;
	size_t size;
	int ret;

	if (!path[0])
		return 0;
	if (stat(path, &st))
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	if (st.st_mode & 077)
		return execgate_error_set(
			err, -EPERM, EXECGATE_EXIT_ERROR,
			"%s can be read or written by others: chmod 600 it, "
			"and have the server give out a new secret",
			path);
	ret = execgate_io_read_file(path, EXECGATE_SYNC_HEADERS_MAX, &text,
				    &size, err);
	if (ret)
		return ret;
	memcpy(config->headers, text, size);
	config->headers[size] = '\0';
	free(text);
	return check_headers(path, config->headers, err);
}

/* As a UUID, which Zentral asks for. */
static int make_id(struct execgate_sync_config *config,
		   struct execgate_error *err)
{
	sd_id128_t id;
	int ret;

	if (config->machine_id[0])
		return 0;
	ret = sd_id128_get_machine_app_specific(APPLICATION, &id);
	if (ret < 0)
		return execgate_error_errno(
			err, ret,
			"this machine has no /etc/machine-id; set machine_id "
			"in sync.conf");
	snprintf(config->machine_id, sizeof(config->machine_id),
		 SD_ID128_UUID_FORMAT_STR, SD_ID128_FORMAT_VAL(id));
	return 0;
}

/* "https://host:port" */
static void set_origin(struct execgate_sync_config *config)
{
	size_t scheme = strlen("https://");
	size_t host = strcspn(config->url + scheme, "/");

	if (!config->files[0])
		snprintf(config->files, sizeof(config->files), "%.*s",
			 (int)(scheme + host), config->url);
}

static int parse_text(const char *path, const uint8_t *text, size_t size,
		      struct execgate_sync_config *config,
		      struct execgate_error *err)
{
	struct reading reading = { .config = config };
	int line;

	if (memchr(text, '\0', size))
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR,
			"%s is damaged: it has bytes that are not text; write "
			"it anew",
			path);
	line = ini_parse_string((const char *)text, on_setting, &reading);
	if (line)
		return execgate_error_set(
			err, -EINVAL, EXECGATE_EXIT_ERROR, "%s:%d: %s", path,
			line,
			reading.problem[0] ?
				reading.problem :
				"this is neither \"[section]\" nor \"name = "
				"value\"");
	if (config->url[0])
		return 0;
	return execgate_error_set(err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
				  "%s names no server: set url in section "
				  "[sync]; execgate-sync(1) has an example",
				  path);
}

int execgate_sync_config_load(const char *path,
			      struct execgate_sync_config *out,
			      struct execgate_error *err)
{
	uint8_t *text;
	size_t size;
	int ret;

	*out = (struct execgate_sync_config){ .timeout =
						      EXECGATE_SYNC_TIMEOUT };
	ret = execgate_io_read_file(path, TEXT_MAX, &text, &size, err);
	if (ret == -ENOENT)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_NOT_FOUND,
			"there is no %s, so no server is asked; "
			"execgate-sync(1) has an example",
			path);
	if (ret)
		return ret;
	ret = parse_text(path, text, size, out, err);
	free(text);
	if (!ret)
		ret = read_headers(out, err);
	if (!ret)
		ret = make_id(out, err);
	if (!ret)
		set_origin(out);
	return ret;
}

bool execgate_sync_config_lists(const char *list, const char *name)
{
	size_t size;

	for (; *list; list += size + (list[size] == ' ')) {
		size = strcspn(list, " ");
		if (size && size == strlen(name) && !memcmp(list, name, size))
			return true;
	}
	return false;
}

bool execgate_sync_config_reaches(const struct execgate_sync_config *config,
				  const char *url)
{
	size_t size = strlen(config->files);

	return execgate_http_is_url(url) &&
	       !strncmp(url, config->files, size) && url[size] == '/';
}
