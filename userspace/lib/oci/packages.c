// SPDX-License-Identifier: GPL-2.0
#include "lib/oci/packages.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/base/digits.h"

#define DEBIAN "org.debian."
#define ALPINE "org.alpinelinux."
#define NAME_MAX_ 128
/* Base64 of 20 bytes. */
#define SHA1_TEXT 28

/* It becomes a part of an identity's name, which goes to terminals and logs. */
static bool is_name(const char *name, size_t length)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+-._";

	return length && length < NAME_MAX_ && strspn(name, allowed) >= length;
}

/* "var/lib/dpkg/info/libc6:amd64.md5sums": of libc6, a line a file as md5sum has it. */
static void read_md5sums(const char *path, char *text, execgate_oci_visit visit,
			 void *arg)
{
	const char *name = strrchr(path, '/') + 1;
	size_t length = strcspn(name, ":");
	struct execgate_oci_claim claim = { .origin = DEBIAN,
					    .sum_size = EXECGATE_MD5_SIZE };
	char package[NAME_MAX_], *line, *save;

	if (!name[length])
		length = strlen(name) - strlen(".md5sums");
	if (!is_name(name, length))
		return;
	snprintf(package, sizeof(package), "%.*s", (int)length, name);
	claim.package = package;
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!execgate_hex_read(line, claim.sum, EXECGATE_MD5_SIZE) ||
		    line[2 * EXECGATE_MD5_SIZE] != ' ')
			continue;
		line += 2 * EXECGATE_MD5_SIZE + 1;
		claim.path = line + (*line == ' ' || *line == '*');
		visit(&claim, arg);
	}
}

/* "Q1" and a SHA-1 in base64. */
static bool read_sha1(const char *text, uint8_t out[EXECGATE_SHA1_SIZE])
{
	uint8_t decoded[SHA1_TEXT / 4 * 3];

	if (strncmp(text, "Q1", 2) != 0 || strlen(text + 2) != SHA1_TEXT ||
	    EVP_DecodeBlock(decoded, (const uint8_t *)text + 2, SHA1_TEXT) !=
		    (int)sizeof(decoded))
		return false;
	memcpy(out, decoded, EXECGATE_SHA1_SIZE);
	return true;
}

/*
 * Alpine's: a letter and a value a line. P is a package, t when it was built, F a folder,
 * R a file in it, and Z, behind it, its checksum. An empty line ends a package.
 */
static void read_installed(char *text, execgate_oci_visit visit, void *arg)
{
	char package[NAME_MAX_] = "", path[PATH_MAX], *line, *end;
	const char *folder = "", *file = NULL;
	struct execgate_oci_claim claim = { .origin = ALPINE,
					    .package = package,
					    .path = path,
					    .sum_size = EXECGATE_SHA1_SIZE };

	for (line = text; line; line = end) {
		end = strchr(line, '\n');
		if (end)
			*end++ = '\0';
		if (!*line) {
			package[0] = '\0';
			claim.version = 0;
			folder = "";
			file = NULL;
		}
		if (!*line || line[1] != ':')
			continue;
		if (*line == 'P' && is_name(line + 2, strlen(line + 2)))
			snprintf(package, sizeof(package), "%s", line + 2);
		else if (*line == 't')
			claim.version = strtoull(line + 2, NULL, 10);
		else if (*line == 'F')
			folder = line + 2;
		else if (*line == 'R')
			file = line + 2;
		if (*line != 'Z' || !package[0] || !file ||
		    !read_sha1(line + 2, claim.sum) ||
		    snprintf(path, sizeof(path), "%s/%s", folder, file) >=
			    (int)sizeof(path))
			continue;
		visit(&claim, arg);
		file = NULL;
	}
}

void execgate_oci_packages_read(const char *path, char *text,
				execgate_oci_visit visit, void *arg)
{
	size_t length = strlen(path), ending = strlen(".md5sums");

	if (length > ending && !strcmp(path + length - ending, ".md5sums"))
		read_md5sums(path, text, visit, arg);
	else
		read_installed(text, visit, arg);
}
