// SPDX-License-Identifier: GPL-2.0
#include "cli/catalog/fetch.h"

#include <errno.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

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

static int make_folder(struct fetch *out, struct execgate_error *err)
{
	const char *folder = getenv("TMPDIR");

	snprintf(out->folder, sizeof(out->folder), "%s/execgate-image.XXXXXX",
		 folder && *folder && strlen(folder) < 400 ? folder :
							     "/var/tmp");
	if (mkdtemp(out->folder))
		return 0;
	out->folder[0] = '\0';
	return execgate_error_errno(err, -errno,
				    "cannot make a folder for the image");
}

static int run_skopeo(char *const argv[], const char *reference,
		      struct execgate_error *err)
{
	int status, ret;
	pid_t pid;

	ret = posix_spawnp(&pid, "skopeo", NULL, NULL, argv, environ);
	if (ret == ENOENT)
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_NOT_FOUND,
			"fetching \"%s\" takes skopeo: install the package "
			"skopeo, or save the image first, as with \"podman "
			"save --format oci-archive -o FILE\", and say "
			"oci-archive:FILE",
			reference);
	if (ret)
		return execgate_error_errno(err, -ret, "cannot run skopeo");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return execgate_error_errno(err, -errno,
						    "cannot wait for skopeo");
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return execgate_error_set(err, -EIO, EXECGATE_EXIT_ERROR,
				  "skopeo did not fetch \"%s\"; what it says "
				  "about it is above",
				  reference);
}

int fetch_image(const char *reference,
		const struct execgate_oci_platform *platform, struct fetch *out,
		struct execgate_error *err)
{
	const char *name = fetch_name(reference);
	char from[1024];
	char *argv[] = { "skopeo",
			 "--override-os",
			 (char *)platform->os,
			 "--override-arch",
			 (char *)platform->architecture,
			 "--override-variant",
			 (char *)platform->variant,
			 "copy",
			 "--quiet",
			 from,
			 out->source,
			 NULL };
	int ret;

	memset(out, 0, sizeof(*out));
	if (access(reference, F_OK) == 0)
		return execgate_error_set(err, -EINVAL, EXECGATE_EXIT_USAGE,
					  "\"%s\" is a file here; say what it "
					  "is: oci:FOLDER, oci-archive:FILE or "
					  "docker-archive:FILE",
					  reference);
	if (snprintf(from, sizeof(from), "%s%s",
		     name == reference ? REGISTRY : "",
		     reference) >= (int)sizeof(from))
		return execgate_error_errno(err, -ENAMETOOLONG,
					    "cannot fetch %.200s", reference);
	ret = make_folder(out, err);
	if (ret)
		return ret;
	snprintf(out->source, sizeof(out->source), "oci:%s/image", out->folder);
	return run_skopeo(argv, reference, err);
}
