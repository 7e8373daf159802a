// SPDX-License-Identifier: GPL-2.0
/* The code of an image, and whose it is, from all its layers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/array.h"
#include "lib/oci/image.h"
#include "lib/oci/packages.h"

#define NONE UINT32_MAX

/**
 * struct merging - what execgate_oci_image_merge() works on
 * @file_of: for each node the number of its file, or NONE
 */
struct merging {
	struct execgate_oci_image *image;
	uint32_t *file_of;
	bool no_memory;
};

static bool is_there(const struct execgate_oci_node *node)
{
	return !node->gone && node->type == EXECGATE_OCI_FILE && node->entry;
}

static int list_files(struct merging *m)
{
	struct execgate_oci_image *image = m->image;
	const struct execgate_oci_node *node;
	struct execgate_oci_file *file;
	uint32_t i;

	for (i = 0; i < image->tree.count; i++) {
		node = &image->tree.nodes[i];
		m->file_of[i] = NONE;
		if (!is_there(node) || !node->entry->hash.classes)
			continue;
		file = execgate_array_add(image->files, image->file_count);
		if (!file)
			return -ENOMEM;
		memset(file, 0, sizeof(*file));
		file->entry = node->entry;
		file->path = execgate_oci_tree_path(&image->tree, node);
		m->file_of[i] = (uint32_t)image->file_count++;
		if (!file->path)
			return -ENOMEM;
	}
	return 0;
}

/* The first package that says so has it; @claim is from a database in the image. */
static void take_claim(const struct execgate_oci_claim *claim, void *arg)
{
	struct merging *m = arg;
	struct execgate_oci_tree *tree = &m->image->tree;
	const struct execgate_oci_node *node =
		execgate_oci_tree_find(tree, claim->path);
	struct execgate_oci_file *file;
	const uint8_t *found;
	uint32_t number;

	number = node ? m->file_of[node - tree->nodes] : NONE;
	if (number == NONE)
		return;
	file = &m->image->files[number];
	found = claim->sum_size == EXECGATE_MD5_SIZE ? file->entry->hash.md5 :
						       file->entry->sha1;
	if (file->package || memcmp(found, claim->sum, claim->sum_size) != 0)
		return;
	file->package = strdup(claim->package);
	file->origin = claim->origin;
	file->version = claim->version;
	m->no_memory |= !file->package;
}

static int read_databases(struct merging *m)
{
	struct execgate_oci_tree *tree = &m->image->tree;
	char *path, *text;
	uint32_t i;

	for (i = 0; i < tree->count && !m->no_memory; i++) {
		if (!is_there(&tree->nodes[i]) || !tree->nodes[i].entry->kept)
			continue;
		path = execgate_oci_tree_path(tree, &tree->nodes[i]);
		text = strdup(tree->nodes[i].entry->kept);
		/* A hard link may have given it another name. */
		if (!path || !text)
			m->no_memory = true;
		else if (execgate_oci_is_database(path + 1))
			execgate_oci_packages_read(path + 1, text, take_claim,
						   m);
		free(path);
		free(text);
	}
	return m->no_memory ? -ENOMEM : 0;
}

static int by_package(const void *a, const void *b)
{
	const struct execgate_oci_file *const *left = a, *const *right = b;
	int order = strcmp((*left)->package, (*right)->package);

	return order ? order : strcmp((*left)->origin, (*right)->origin);
}

/* A package is one identity: its version is the time of the newest of its files. */
static void date_packages(struct execgate_oci_file **files, size_t count)
{
	uint64_t newest, now = (uint64_t)time(NULL);
	size_t i, from, to;

	for (from = 0; from < count; from = to) {
		newest = 0;
		for (to = from;
		     to < count && !by_package(&files[from], &files[to]); to++)
			if (files[to]->entry->mtime > newest &&
			    files[to]->entry->mtime <= now)
				newest = files[to]->entry->mtime;
		for (i = from; i < to; i++)
			if (!files[i]->version)
				files[i]->version = newest;
	}
}

static int set_versions(struct execgate_oci_image *image)
{
	struct execgate_oci_file **sorted =
		calloc(image->file_count + 1, sizeof(*sorted));
	size_t i, count = 0;

	if (!sorted)
		return -ENOMEM;
	for (i = 0; i < image->file_count; i++)
		if (image->files[i].package)
			sorted[count++] = &image->files[i];
	qsort(sorted, count, sizeof(struct execgate_oci_file *), by_package);
	date_packages(sorted, count);
	free(sorted);
	return 0;
}

int execgate_oci_image_merge(struct execgate_oci_image *image,
			     struct execgate_oci_limits *limits,
			     struct execgate_error *err)
{
	struct merging merging = { .image = image };
	size_t i;
	int ret = 0;

	for (i = 0; !ret && i < image->layer_count; i++)
		ret = execgate_oci_tree_apply(&image->tree, &image->layers[i],
					      limits, err);
	if (ret)
		return ret;
	execgate_oci_tree_settle(&image->tree);
	merging.file_of = calloc(image->tree.count + 1, sizeof(uint32_t));
	ret = merging.file_of ? list_files(&merging) : -ENOMEM;
	if (!ret)
		ret = read_databases(&merging);
	if (!ret)
		ret = set_versions(image);
	free(merging.file_of);
	return ret ? execgate_error_errno(err, ret, "cannot read the image") :
		     0;
}
