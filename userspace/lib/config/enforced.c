// SPDX-License-Identifier: GPL-2.0
#include "lib/config/enforced.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/io.h"

#define HEAD "execgate-enforced 1"
#define TAIL "end"
#define TEXT_MAX (3 * PATH_MAX + 512)

/* A line "NAME VALUE" at @at, which moves behind it; the value may be empty. */
static bool take_path(const char **at, const char *name, char out[PATH_MAX])
{
	size_t length = strlen(name), size;

	if (strncmp(*at, name, length) != 0 || (*at)[length] != ' ')
		return false;
	*at += length + 1;
	size = strcspn(*at, "\n");
	if (size >= PATH_MAX || (*at)[size] != '\n')
		return false;
	memcpy(out, *at, size);
	out[size] = '\0';
	*at += size + 1;
	return true;
}

static bool parse_word(const char *text, struct execgate_enforced *out)
{
	unsigned int lock;
	int end = 0;

	memset(out, 0, sizeof(*out));
	if (strncmp(text, HEAD "\n", sizeof(HEAD)) != 0)
		return false;
	text += sizeof(HEAD);
	if (!take_path(&text, "mode-file", out->mode_file) ||
	    !take_path(&text, "policy-file", out->policy_file) ||
	    !take_path(&text, "lock-file", out->lock_file) ||
	    sscanf(text, "profile %d gates %x select %x lock %u\n" TAIL "%n",
		   &out->profile, &out->gates, &out->select, &lock, &end) < 4)
		return false;
	out->lock = lock == 1;
	/* If a file lost its end, the rest may not be whole either. */
	return end && !strcmp(text + end, "\n") && lock <= 1;
}

enum execgate_enforced_state
execgate_enforced_load(const char *path, struct execgate_enforced *out)
{
	struct stat st;
	uint8_t *text;
	size_t size;
	bool good;

	memset(out, 0, sizeof(*out));
	if (lstat(path, &st) && errno == ENOENT)
		return EXECGATE_ENFORCED_NO;
	if (execgate_io_read_file(path, TEXT_MAX, &text, &size, NULL))
		return EXECGATE_ENFORCED_DAMAGED;
	good = strlen((const char *)text) == size &&
	       parse_word((const char *)text, out);
	free(text);
	if (good)
		return EXECGATE_ENFORCED_YES;
	memset(out, 0, sizeof(*out));
	return EXECGATE_ENFORCED_DAMAGED;
}

/* A name that would break a line is as good as none. */
static const char *line_of(const char *path)
{
	return strchr(path, '\n') ? "" : path;
}

static int make_folder(const char *path, struct execgate_error *err)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%.*s",
		 (int)(strrchr(path, '/') - path), path);
	if (mkdir(folder, 0755) && errno != EEXIST)
		return execgate_error_errno(err, -errno, "cannot make %s",
					    folder);
	return 0;
}

int execgate_enforced_store(const char *path,
			    const struct execgate_enforced *enforced,
			    struct execgate_error *err)
{
	struct execgate_enforced before;
	char text[TEXT_MAX];
	int ret;

	if (execgate_enforced_load(path, &before) == EXECGATE_ENFORCED_YES &&
	    !memcmp(&before, enforced, sizeof(before)))
		return 0;
	snprintf(text, sizeof(text),
		 HEAD "\nmode-file %s\npolicy-file %s\nlock-file %s\n"
		      "profile %d gates %x select %x lock %u\n" TAIL "\n",
		 line_of(enforced->mode_file), line_of(enforced->policy_file),
		 line_of(enforced->lock_file), enforced->profile,
		 enforced->gates, enforced->select, enforced->lock);
	ret = make_folder(path, err);
	return ret ? ret :
		     execgate_io_create_file(path, 0644, true, text,
					     strlen(text), err);
}

int execgate_enforced_forget(const char *path, struct execgate_error *err)
{
	if (!unlink(path) || errno == ENOENT)
		return 0;
	return execgate_error_errno(err, -errno, "cannot remove %s", path);
}
