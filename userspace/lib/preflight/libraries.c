// SPDX-License-Identifier: GPL-2.0
/* Where the loader finds libraries, and what lies there. */
#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/image.h"
#include "lib/base/array.h"
#include "lib/preflight/preflight.h"

#define INCLUDE_DEPTH 8
#define TREE_DEPTH 32

static bool same_folder(const char *a, const char *b)
{
	struct stat left, right;

	return !stat(a, &left) && !stat(b, &right) &&
	       left.st_ino == right.st_ino && left.st_dev == right.st_dev;
}

/* /lib and /usr/lib are often one. */
static void add_folder(struct execgate_preflight *set, const char *folder)
{
	char **place;
	struct stat st;

	if (stat(folder, &st) || !S_ISDIR(st.st_mode))
		return;
	for (size_t i = 0; i < set->folder_count; i++)
		if (same_folder(set->folders[i], folder))
			return;
	place = execgate_array_add(set->folders, set->folder_count);
	if (place)
		*place = strdup(folder);
	if (!place || !*place)
		set->no_memory = true;
	else
		set->folder_count++;
}

static void read_conf(struct execgate_preflight *set, const char *path,
		      int depth)
{
	char *text = execgate_preflight_text(path), *line, *save;

	for (line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "#")] = '\0';
		line += strspn(line, " \t");
		line[strcspn(line, " \t") +
		     (strncmp(line, "include", 7) ?
			      0 :
			      strlen(line + strcspn(line, " \t")))] = '\0';
		if (line[0] == '/') {
			add_folder(set, line);
		} else if (!strncmp(line, "include", 7) && depth) {
			char pattern[PATH_MAX];
			glob_t found;

			line += 7 + strspn(line + 7, " \t");
			snprintf(pattern, sizeof(pattern), "%s%s",
				 line[0] == '/' ? "" : "/etc/", line);
			pattern[strcspn(pattern, " \t")] = '\0';
			if (glob(pattern, 0, NULL, &found))
				continue;
			for (size_t i = 0; i < found.gl_pathc; i++)
				read_conf(set, found.gl_pathv[i], depth - 1);
			globfree(&found);
		}
	}
	free(text);
}

void execgate_preflight_libraries(struct execgate_preflight *set)
{
	static const char *const built_in[] = { "/lib64", "/usr/lib64", "/lib",
						"/usr/lib" };

	read_conf(set, "/etc/ld.so.conf", INCLUDE_DEPTH);
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		add_folder(set, built_in[i]);
}

/* Kernel modules, firmware and debugging data are never executed or mapped. */
static bool is_left_out(const char *path)
{
	static const char *const folders[] = { "/lib/modules", "/lib/firmware",
					       "/lib/debug" };

	if (!strncmp(path, "/usr", 4))
		path += 4;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (!strcmp(path, folders[i]))
			return true;
	return false;
}

/*
 * Can it run? A library by name ("libc.so" may be a linker's script), a program
 * by its permission. Both only if the content can.
 */
static void add_if_code(struct execgate_preflight *set, const char *path,
			const char *name, unsigned int source)
{
	bool library = strstr(name, ".so") != NULL;
	struct execgate_image image;

	if ((!library && access(path, X_OK)) ||
	    !execgate_image_of(path, &image))
		return;
	if (image.kind == EXECGATE_IMAGE_ELF && library)
		execgate_preflight_add(set, path, NULL, EXECGATE_PREFLIGHT_MMAP,
				       source, NULL);
	else if (image.kind != EXECGATE_IMAGE_OTHER && !access(path, X_OK))
		execgate_preflight_add(set, path, NULL, EXECGATE_PREFLIGHT_EXEC,
				       source, NULL);
}

static void walk_needed(struct execgate_preflight *set, const char *folder,
			unsigned int source, int depth)
{
	char path[PATH_MAX];
	struct dirent *entry;
	struct stat st;
	DIR *dir;

	dir = depth && !is_left_out(folder) ? opendir(folder) : NULL;
	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (snprintf(path, sizeof(path), "%s/%s", folder,
			     entry->d_name) >= (int)sizeof(path))
			continue;
		if (entry->d_type == DT_UNKNOWN && lstat(path, &st))
			continue;
		/* A link's folder is walked where it is, if it is to be. */
		if (entry->d_type == DT_DIR ||
		    (entry->d_type == DT_UNKNOWN && S_ISDIR(st.st_mode)))
			walk_needed(set, path, source, depth - 1);
		else if (entry->d_type == DT_REG || entry->d_type == DT_LNK ||
			 entry->d_type == DT_UNKNOWN)
			add_if_code(set, path, entry->d_name, source);
	}
	if (dir)
		closedir(dir);
}

void execgate_preflight_library_folders(struct execgate_preflight *set)
{
	for (size_t i = 0; i < set->folder_count; i++)
		walk_needed(set, set->folders[i], EXECGATE_PREFLIGHT_LIBRARIES,
			    TREE_DEPTH);
}

void execgate_preflight_search_path(struct execgate_preflight *set,
				    const char *search)
{
	char folder[PATH_MAX];
	size_t size;

	for (; *search; search += size + (search[size] == ':')) {
		size = strcspn(search, ":");
		/* A relative one is a trap for root, not part of the system. */
		if (search[0] != '/' || size >= sizeof(folder))
			continue;
		memcpy(folder, search, size);
		folder[size] = '\0';
		walk_needed(set, folder, EXECGATE_PREFLIGHT_PATH, 1);
	}
}

int execgate_preflight_tree(struct execgate_preflight *set, const char *path,
			    unsigned int source)
{
	struct execgate_image image;
	struct stat st;

	if (stat(path, &st))
		return -errno;
	if (S_ISDIR(st.st_mode)) {
		walk_needed(set, path, source, TREE_DEPTH);
		return 0;
	}
	/* Named by hand: asked about, whatever it looks like. */
	if (!execgate_image_of(path, &image))
		return -errno;
	execgate_preflight_add(set, path, NULL,
			       execgate_preflight_use(
				       execgate_image_hook(&image, path)),
			       source, NULL);
	return S_ISREG(st.st_mode) ? 0 : -EINVAL;
}
