// SPDX-License-Identifier: GPL-2.0
#include "cli/catalog/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/processes.h"
#include "lib/oci/artifact.h"
#include "lib/oci/layout.h"

#define REGISTRY "docker://"

extern char **environ;

static const char *const transports[] = { REGISTRY, "docker-daemon:",
					  "containers-storage:" };

const char *fetch_name(const char *reference)
{
	for (size_t i = 0; i < sizeof(transports) / sizeof(transports[0]); i++)
		if (!strncmp(reference, transports[i], strlen(transports[i])))
			return reference + strlen(transports[i]);
	return reference;
}

bool fetch_is_registry(const char *reference)
{
	return fetch_name(reference) == reference ||
	       !strncmp(reference, REGISTRY, strlen(REGISTRY));
}

static int remove_one(const char *path, const struct stat *st, int kind,
		      struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	remove(path);
	return 0;
}

void fetch_remove(const struct fetch *fetch)
{
	if (fetch->folder[0])
		nftw(fetch->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int fetch_folder(struct fetch *out, struct execgate_error *err)
{
	const char *folder = getenv("TMPDIR");

	if (out->folder[0])
		return 0;
	snprintf(out->folder, sizeof(out->folder), "%s/execgate-image.XXXXXX",
		 folder && *folder && strlen(folder) < 400 ? folder :
							     "/var/tmp");
	if (mkdtemp(out->folder))
		return 0;
	out->folder[0] = '\0';
	return execgate_error_errno(err, -errno,
				    "cannot make a folder for the image");
}

static int no_skopeo(const char *reference, struct execgate_error *err)
{
	return execgate_error_set(
		err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
		"\"%s\" takes skopeo: install the package skopeo, or save the "
		"image first, as with \"podman save --format oci-archive -o "
		"FILE\", and say oci-archive:FILE",
		reference);
}

/* @words: where what it complains of goes, or -1: to where ours goes. */
static int start_skopeo(char *const argv[], int words, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int ret;

	posix_spawn_file_actions_init(&actions);
	if (words >= 0)
		posix_spawn_file_actions_adddup2(&actions, words,
						 STDERR_FILENO);
	ret = posix_spawnp(pid, "skopeo", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

static int run_skopeo(char *const argv[], int words, const char *reference,
		      struct execgate_error *err)
{
	pid_t pid;
	int ret;

	ret = start_skopeo(argv, words, &pid);
	if (ret == ENOENT)
		return no_skopeo(reference, err);
	if (ret)
		return execgate_error_errno(err, -ret, "cannot run skopeo");
	ret = execgate_process_wait(pid);
	if (ret < 0)
		return execgate_error_errno(err, ret, "cannot wait for skopeo");
	if (!ret)
		return 0;
	return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
				  "skopeo did not copy \"%s\"; what it says "
				  "about it is above",
				  reference);
}

/* Every manifest stays byte for byte as it is, or nothing is copied. */
static int copy_image(const char *from, const char *to,
		      const struct execgate_oci_platform *platform, int words,
		      const char *reference, struct execgate_error *err)
{
	char *argv[] = { "skopeo",
			 "--override-os",
			 (char *)platform->os,
			 "--override-arch",
			 (char *)platform->architecture,
			 "--override-variant",
			 (char *)platform->variant,
			 "copy",
			 "--quiet",
			 "--preserve-digests",
			 (char *)from,
			 (char *)to,
			 NULL };

	return run_skopeo(argv, words, reference, err);
}

static int too_long(const char *reference, struct execgate_error *err)
{
	return execgate_error_errno(err, -ENAMETOOLONG, "cannot fetch %.200s",
				    reference);
}

int fetch_image(const char *reference,
		const struct execgate_oci_platform *platform, struct fetch *out,
		struct execgate_error *err)
{
	const char *name = fetch_name(reference);
	char from[1024], to[600];
	int ret;

	if (access(reference, F_OK) == 0)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "\"%s\" is a file here; say what it "
					  "is: oci:FOLDER, oci-archive:FILE or "
					  "docker-archive:FILE",
					  reference);
	if (snprintf(from, sizeof(from), "%s%s",
		     name == reference ? REGISTRY : "",
		     reference) >= (int)sizeof(from))
		return too_long(reference, err);
	ret = fetch_folder(out, err);
	if (ret)
		return ret;
	snprintf(out->source, sizeof(out->source), "oci:%s/image", out->folder);
	snprintf(to, sizeof(to), "dir:%s/image", out->folder);
	ret = copy_image(from, to, platform, -1, reference, err);
	return ret ? ret :
		     execgate_oci_layout_adopt(to + strlen("dir:"), name, err);
}

/* "docker://REPOSITORY:TAG" of what is beside an image. */
static int name_beside(const char *reference,
		       const uint8_t digest[EG_SHA256_SIZE], const char *ending,
		       char *out, size_t size, struct execgate_error *err)
{
	const char *name = fetch_name(reference);
	char tag[EXECGATE_OCI_TAG_SIZE];
	int length = (int)execgate_oci_image_repository(name);

	if (snprintf(out, size, REGISTRY "%.*s:%s", length, name,
		     execgate_oci_artifact_tag(digest, ending, tag)) >=
	    (int)size)
		return too_long(reference, err);
	return 0;
}

/* Registries say so of a tag that is not there; all other failures are told of. */
static bool is_absent(const char *said)
{
	return strstr(said, "manifest unknown") || strstr(said, "not found") ||
	       strstr(said, "name unknown");
}

static int judge_words(int words, int ret, struct execgate_error *err)
{
	char said[4096];
	ssize_t size = pread(words, said, sizeof(said) - 1, 0);

	said[size > 0 ? size : 0] = '\0';
	if (ret != -EIO)
		return ret;
	if (is_absent(said))
		return execgate_error_set(err, -ENODATA, EXECGATE_EXIT_UNSIGNED,
					  "not there");
	fputs(said, stderr);
	return ret;
}

int fetch_beside(struct fetch *fetch, const char *reference,
		 const uint8_t digest[EG_SHA256_SIZE], const char *ending,
		 struct execgate_oci_store **out, struct execgate_error *err)
{
	struct execgate_oci_platform here;
	char from[1200], to[620];
	const char *folder = to + strlen("dir:");
	int words, ret = fetch_folder(fetch, err);

	if (!ret)
		ret = name_beside(reference, digest, ending, from, sizeof(from),
				  err);
	if (ret)
		return ret;
	words = execgate_oci_spool(err);
	if (words < 0)
		return words;
	execgate_oci_image_here(&here);
	snprintf(to, sizeof(to), "dir:%s/%s", fetch->folder, ending + 1);
	ret = judge_words(words,
			  copy_image(from, to, &here, words, reference, err),
			  err);
	close(words);
	if (!ret)
		ret = execgate_oci_layout_adopt(folder, "", err);
	return ret ? ret : execgate_oci_store_folder(folder, out, err);
}

int fetch_push(const char *layout, const char *reference,
	       const uint8_t digest[EG_SHA256_SIZE], struct execgate_error *err)
{
	struct execgate_oci_platform here;
	char from[600], to[1200];
	int ret = name_beside(reference, digest, EXECGATE_OCI_TAG_CATALOG, to,
			      sizeof(to), err);

	if (ret)
		return ret;
	execgate_oci_image_here(&here);
	snprintf(from, sizeof(from), "oci:%s", layout);
	return copy_image(from, to, &here, -1, to + strlen(REGISTRY), err);
}
