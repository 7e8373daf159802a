// SPDX-License-Identifier: GPL-2.0
#include "lib/config/early.h"

#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "lib/base/io.h"
#include "lib/crypto/certificate.h"

#define TEXT_MAX (1u << 20)

void execgate_early_write(FILE *file, int priority, unsigned int number,
			  const char *text)
{
	fprintf(file, "%d %x ", priority, number);
	/* A name of a file may have any byte, and a line has an end. */
	for (; *text; text++)
		fputc(*text == '\n' ? ' ' : *text, file);
	fputc('\n', file);
	fflush(file);
}

/* A user who may run "doctor" is told, too: it is root's file then. */
static bool is_roots(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISREG(st.st_mode) &&
	       (!st.st_uid || st.st_uid == geteuid()) && !(st.st_mode & 022);
}

static void tell_line(const char *line, execgate_early_fn fn, void *arg)
{
	unsigned int number;
	int priority, text = 0;

	if (sscanf(line, "%1d%*1[ ]%2x%*1[ ]%n", &priority, &number, &text) ==
		    2 &&
	    text)
		fn(priority, number, line + text, arg);
}

bool execgate_early_read(const char *path, execgate_early_fn fn, void *arg)
{
	char *line, *save;
	uint8_t *text;
	size_t size;

	if (!is_roots(path) ||
	    execgate_io_read_file(path, TEXT_MAX, &text, &size, NULL))
		return false;
	for (line = strtok_r((char *)text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save))
		tell_line(line, fn, arg);
	free(text);
	return true;
}

/* In PEM, whichever kind of key it is. */
static bool has_private_key(const char *path)
{
	static const char word[] = "PRIVATE KEY";
	uint8_t *data;
	size_t size;
	bool found;

	/* If it cannot be read here, it cannot be told from one. */
	if (execgate_io_read_file(path, TEXT_MAX, &data, &size, NULL))
		return true;
	found = memmem(data, size, word, strlen(word));
	OPENSSL_cleanse(data, size);
	free(data);
	return found;
}

static bool is_certificate(const char *path)
{
	struct execgate_certificate cert;

	if (execgate_certificate_load(path, &cert, NULL))
		return false;
	execgate_certificate_free(&cert);
	return true;
}

static bool goes_along(const char *path, bool is_key)
{
	struct stat st;

	/* A private key in DER is nothing that a word would tell. */
	return !stat(path, &st) && S_ISREG(st.st_mode) &&
	       !has_private_key(path) && (!is_key || is_certificate(path));
}

void execgate_early_files(const char *dir, execgate_early_file_fn fn, void *arg)
{
	static const struct {
		const char *pattern;
		bool keys;
	} files[] = { { "execgate.conf", false },
		      { "execgate.conf.d/*.conf", false },
		      { "keys/*", true },
		      { "policy", false },
		      { "revoked", false } };
	char pattern[PATH_MAX];
	glob_t found;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(pattern, sizeof(pattern), "%s/%s", dir,
			 files[i].pattern);
		if (glob(pattern, 0, NULL, &found))
			continue;
		for (size_t j = 0; j < found.gl_pathc; j++)
			if (goes_along(found.gl_pathv[j], files[i].keys))
				fn(found.gl_pathv[j], arg);
		globfree(&found);
	}
}
