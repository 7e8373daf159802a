/* SPDX-License-Identifier: GPL-2.0 */
/* The files of an image, when its layers are put on top of each other. */
#ifndef EXECGATE_OCI_TREE_H
#define EXECGATE_OCI_TREE_H

#include "lib/oci/layer.h"

/**
 * struct execgate_oci_node - something with a name
 * @parent: a node before it; of the root, itself
 * @name: its own, in @entry->path or in memory of its own
 * @entry: what says what it is; NULL: a folder that no layer has an entry for
 * @type: a file, folder, symbolic link or device
 * @gone: another one has its name now, or none
 */
struct execgate_oci_node {
	uint32_t parent;
	char *name;
	const struct execgate_oci_entry *entry;
	enum execgate_oci_type type;
	bool gone;
};

/*
 * Zeroed = nothing. Entries are of the layers, which must stay. @seed is of chance: nobody
 * can choose names that collide.
 */
struct execgate_oci_tree {
	uint64_t seed;
	struct execgate_oci_node *nodes;
	uint32_t count;
	uint32_t *buckets; /* @bucket_count, a power of two; 0 = free, else node + 1 */
	uint32_t bucket_count;
};

/* The layers from the lowest on, one call each. */
int execgate_oci_tree_apply(struct execgate_oci_tree *tree,
			    const struct execgate_oci_layer *layer,
			    struct execgate_oci_limits *limits,
			    struct execgate_error *err);

/* The file that the image has there, through symbolic links of folders; or NULL. */
const struct execgate_oci_node *
execgate_oci_tree_find(struct execgate_oci_tree *tree, const char *path);

/* After the last layer: mark all that is below what is gone. */
void execgate_oci_tree_settle(struct execgate_oci_tree *tree);

/* "/usr/bin/x"; allocated. */
char *execgate_oci_tree_path(const struct execgate_oci_tree *tree,
			     const struct execgate_oci_node *node);
void execgate_oci_tree_free(struct execgate_oci_tree *tree);

#endif /* EXECGATE_OCI_TREE_H */
