// SPDX-License-Identifier: GPL-2.0
/*
 * Names lead to nodes by one table, of (folder, name). A folder that is taken away loses
 * its name alone: nothing below can be reached then, and a folder that gets the name
 * later is another node. So a whiteout costs one step, however much it hides.
 */
#include "lib/oci/tree.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/base/array.h"

#define ROOT 0u
#define NONE UINT32_MAX
#define LINKS_MAX 40 /* as the kernel */
/* Folders that no entry is of count too: a path of 4 KiB makes 2,000. */
#define NODES_MAX (4u << 20)

static int no_room(struct execgate_error *err)
{
	return execgate_error_set(err, -ENOMEM, EXECGATE_EXIT_ERROR,
				  "there is no memory for the names of the "
				  "image, or they are more than %u",
				  NODES_MAX);
}

static uint32_t hash_name(uint64_t seed, uint32_t parent, const char *name,
			  size_t length)
{
	uint64_t hash = seed ^ (parent + 1) * 0x9e3779b97f4a7c15ull;

	while (length--) {
		hash = (hash ^ (uint8_t)*name++) * 0x9e3779b97f4a7c15ull;
		hash ^= hash >> 29;
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t *find_bucket(const struct execgate_oci_tree *tree,
			     uint32_t parent, const char *name, size_t length)
{
	uint32_t at = hash_name(tree->seed, parent, name, length);
	const struct execgate_oci_node *node;
	uint32_t *bucket;

	for (;; at++) {
		bucket = &tree->buckets[at & (tree->bucket_count - 1)];
		if (!*bucket)
			return bucket;
		node = &tree->nodes[*bucket - 1];
		if (node->parent == parent &&
		    !strncmp(node->name, name, length) && !node->name[length])
			return bucket;
	}
}

/* A bucket stays with the newest node of its name, gone or not. */
static int grow_buckets(struct execgate_oci_tree *tree)
{
	uint32_t i, count = tree->bucket_count ? tree->bucket_count * 2 : 1024;
	uint32_t *buckets = calloc(count, sizeof(*buckets));
	uint32_t *bucket;

	if (!buckets)
		return -ENOMEM;
	free(tree->buckets);
	tree->buckets = buckets;
	tree->bucket_count = count;
	for (i = 1; i < tree->count; i++) {
		bucket = find_bucket(tree, tree->nodes[i].parent,
				     tree->nodes[i].name,
				     strlen(tree->nodes[i].name));
		*bucket = i + 1;
	}
	return 0;
}

static uint32_t find_child(const struct execgate_oci_tree *tree,
			   uint32_t parent, const char *name, size_t length)
{
	uint32_t *bucket = find_bucket(tree, parent, name, length);

	return *bucket && !tree->nodes[*bucket - 1].gone ? *bucket - 1 : NONE;
}

/* The new node, which has the name from now on; NONE without room. */
static uint32_t add_child(struct execgate_oci_tree *tree, uint32_t parent,
			  const char *name, size_t length,
			  const struct execgate_oci_entry *entry,
			  enum execgate_oci_type type)
{
	struct execgate_oci_node *node;
	uint32_t *bucket, old;
	char *copy;

	if (tree->count >= NODES_MAX ||
	    (tree->count >= tree->bucket_count / 2 && grow_buckets(tree)))
		return NONE;
	copy = strndup(name, length);
	node = execgate_array_add(tree->nodes, tree->count);
	if (!copy || !node) {
		free(copy);
		return NONE;
	}
	old = find_child(tree, parent, name, length);
	if (old != NONE)
		tree->nodes[old].gone = true;
	bucket = find_bucket(tree, parent, name, length);
	*node = (struct execgate_oci_node){
		.parent = parent,
		.name = copy,
		.entry = entry,
		.type = type,
	};
	*bucket = ++tree->count;
	return tree->count - 1;
}

static int make_root(struct execgate_oci_tree *tree)
{
	struct execgate_oci_node *root;

	if (tree->count)
		return 0;
	root = execgate_array_add(tree->nodes, tree->count);
	if (!root || grow_buckets(tree) ||
	    getrandom(&tree->seed, sizeof(tree->seed), 0) != sizeof(tree->seed))
		return -ENOMEM;
	memset(root, 0, sizeof(*root));
	root->type = EXECGATE_OCI_FOLDER;
	tree->count = 1;
	return 0;
}

/**
 * struct walk - following a path from the root on
 * @make: folders that are missing
 * @rest: what is still to be followed; of two links in a row one is prefixed to the rest
 */
struct walk {
	struct execgate_oci_tree *tree;
	bool make;
	unsigned int links;
	char rest[2 * PATH_MAX];
};

/* The link's target takes its place in what is still to be followed. */
static bool follow_link(struct walk *walk, const char *target,
			const char *behind)
{
	char joined[sizeof(walk->rest)];
	size_t size = strlen(target), left = strlen(behind);

	if (++walk->links > LINKS_MAX || size + 1 + left >= sizeof(joined))
		return false;
	memcpy(joined, target, size);
	joined[size] = '/';
	memcpy(joined + size + 1, behind, left + 1);
	strcpy(walk->rest, joined);
	return true;
}

/* The folder that @walk->rest names: 0, -ENOENT, -ENOTDIR, -ELOOP or -ENOMEM. */
static int walk_folder(struct walk *walk, uint32_t *folder)
{
	struct execgate_oci_tree *tree = walk->tree;
	const struct execgate_oci_node *node;
	char *at = walk->rest;
	uint32_t next;
	size_t length;

	*folder = ROOT;
	for (;;) {
		at += strspn(at, "/");
		length = strcspn(at, "/");
		if (!length)
			return 0;
		if (length == 2 && !strncmp(at, "..", 2)) {
			*folder = tree->nodes[*folder].parent;
			at += length;
			continue;
		}
		if (length == 1 && *at == '.') {
			at += length;
			continue;
		}
		next = find_child(tree, *folder, at, length);
		if (next == NONE && !walk->make)
			return -ENOENT;
		if (next == NONE) {
			next = add_child(tree, *folder, at, length, NULL,
					 EXECGATE_OCI_FOLDER);
			if (next == NONE)
				return -ENOMEM;
		}
		node = &tree->nodes[next];
		if (node->type == EXECGATE_OCI_SYMLINK) {
			/* An absolute one is one of the image. */
			if (node->entry->target[0] == '/')
				*folder = ROOT;
			if (!follow_link(walk, node->entry->target,
					 at + length))
				return -ELOOP;
			at = walk->rest;
			continue;
		}
		if (node->type != EXECGATE_OCI_FOLDER)
			return -ENOTDIR;
		*folder = next;
		at += length;
	}
}

/* The folder that @path is in, and its last component. */
static int walk_parent(struct execgate_oci_tree *tree, const char *path,
		       bool make, uint32_t *folder, const char **name)
{
	const char *slash = strrchr(path, '/');
	struct walk walk = { .tree = tree, .make = make };

	*name = slash ? slash + 1 : path;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (slash)
		memcpy(walk.rest, path, (size_t)(slash - path));
	return walk_folder(&walk, folder);
}

static int bad_entry(const struct execgate_oci_layer *layer, const char *path,
		     int ret, struct execgate_error *err)
{
	if (ret == -ENOMEM)
		return no_room(err);
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
		"layer %s of the image has the entry \"%.300s\", %s",
		layer->name, path,
		ret == -ENOENT	? "a link to what is not there" :
		ret == -ENOTDIR ? "whose folder is not one" :
				  "whose folder is a link that never ends");
}

/* Whiteouts are of what the layers below have, in whatever order the archive is. */
static int take_away(struct execgate_oci_tree *tree,
		     const struct execgate_oci_entry *entry)
{
	uint32_t folder, node;
	const char *name;

	if (!entry->path[0]) {
		/* Opaque, and the root: nothing of before is left. */
		for (node = 1; node < tree->count; node++)
			tree->nodes[node].gone |= tree->nodes[node].parent ==
						  ROOT;
		return 0;
	}
	if (walk_parent(tree, entry->path, false, &folder, &name))
		return 0;
	node = find_child(tree, folder, name, strlen(name));
	if (node == NONE)
		return 0;
	if (entry->type == EXECGATE_OCI_WHITEOUT)
		tree->nodes[node].gone = true;
	else if (tree->nodes[node].type == EXECGATE_OCI_FOLDER &&
		 add_child(tree, folder, name, strlen(name), NULL,
			   EXECGATE_OCI_FOLDER) == NONE)
		return -ENOMEM;
	return 0;
}

static int link_file(struct execgate_oci_tree *tree,
		     const struct execgate_oci_entry *entry, uint32_t *node)
{
	char *target = execgate_oci_plain_path(entry->target);
	uint32_t folder;
	const char *name;
	int ret = -ENOENT;

	if (target)
		ret = walk_parent(tree, target, false, &folder, &name);
	*node = ret ? NONE : find_child(tree, folder, name, strlen(name));
	free(target);
	if (*node == NONE || tree->nodes[*node].type == EXECGATE_OCI_FOLDER)
		return -ENOENT;
	return 0;
}

static int put(struct execgate_oci_tree *tree,
	       const struct execgate_oci_entry *entry)
{
	const struct execgate_oci_entry *from = entry;
	enum execgate_oci_type type = entry->type;
	uint32_t folder, node;
	const char *name;
	int ret;

	if (!entry->path[0])
		return type == EXECGATE_OCI_FOLDER ? 0 : -ENOTDIR;
	if (type == EXECGATE_OCI_HARDLINK) {
		ret = link_file(tree, entry, &node);
		if (ret)
			return ret;
		from = tree->nodes[node].entry;
		type = tree->nodes[node].type;
	}
	ret = walk_parent(tree, entry->path, true, &folder, &name);
	if (ret)
		return ret;
	node = find_child(tree, folder, name, strlen(name));
	/* The content of a folder stays when a layer says again that it is one. */
	if (node != NONE && type == EXECGATE_OCI_FOLDER &&
	    tree->nodes[node].type == EXECGATE_OCI_FOLDER)
		return 0;
	return add_child(tree, folder, name, strlen(name), from, type) == NONE ?
		       -ENOMEM :
		       0;
}

static bool takes_away(const struct execgate_oci_entry *entry)
{
	return entry->type == EXECGATE_OCI_WHITEOUT ||
	       entry->type == EXECGATE_OCI_OPAQUE;
}

int execgate_oci_tree_apply(struct execgate_oci_tree *tree,
			    const struct execgate_oci_layer *layer,
			    struct execgate_oci_limits *limits,
			    struct execgate_error *err)
{
	const struct execgate_oci_entry *entry;
	size_t i;
	int ret = make_root(tree);

	if (ret)
		return no_room(err);
	for (i = 0; !ret && i < layer->count; i++)
		if (takes_away(&layer->entries[i]))
			ret = take_away(tree, &layer->entries[i]);
	if (ret)
		return no_room(err);
	for (i = 0; i < layer->count; i++) {
		entry = &layer->entries[i];
		if (takes_away(entry))
			continue;
		ret = execgate_oci_limits_bytes(limits, 0, err);
		if (ret)
			return ret;
		ret = put(tree, entry);
		if (ret)
			return bad_entry(layer, entry->path, ret, err);
	}
	return 0;
}

const struct execgate_oci_node *
execgate_oci_tree_find(struct execgate_oci_tree *tree, const char *path)
{
	uint32_t folder, node;
	const char *name;

	if (!tree->count || walk_parent(tree, path, false, &folder, &name) ||
	    !*name)
		return NULL;
	node = find_child(tree, folder, name, strlen(name));
	return node != NONE && tree->nodes[node].type == EXECGATE_OCI_FILE ?
		       &tree->nodes[node] :
		       NULL;
}

void execgate_oci_tree_settle(struct execgate_oci_tree *tree)
{
	/* A folder is before all that is in it. */
	for (uint32_t i = 1; i < tree->count; i++)
		tree->nodes[i].gone |= tree->nodes[tree->nodes[i].parent].gone;
}

char *execgate_oci_tree_path(const struct execgate_oci_tree *tree,
			     const struct execgate_oci_node *node)
{
	const struct execgate_oci_node *at;
	size_t length = 0, size;
	char *path;

	for (at = node; at != tree->nodes; at = &tree->nodes[at->parent])
		length += strlen(at->name) + 1;
	path = malloc(length + 1);
	if (!path)
		return NULL;
	path[length] = '\0';
	for (at = node; at != tree->nodes; at = &tree->nodes[at->parent]) {
		size = strlen(at->name);
		length -= size + 1;
		path[length] = '/';
		memcpy(path + length + 1, at->name, size);
	}
	return path;
}

void execgate_oci_tree_free(struct execgate_oci_tree *tree)
{
	for (uint32_t i = 1; i < tree->count; i++)
		free(tree->nodes[i].name);
	free(tree->nodes);
	free(tree->buckets);
	memset(tree, 0, sizeof(*tree));
}
