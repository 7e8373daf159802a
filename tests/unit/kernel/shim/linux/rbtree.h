/* SPDX-License-Identifier: GPL-2.0 */
/* Not balanced: order and links are what the code under test depends on. */
#ifndef SHIM_LINUX_RBTREE_H
#define SHIM_LINUX_RBTREE_H

#include <linux/kernel.h>

struct rb_node {
	struct rb_node *rb_parent;
	struct rb_node *rb_left;
	struct rb_node *rb_right;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
};

#define RB_ROOT ((struct rb_root){ NULL })
#define rb_entry(pointer, type, member) container_of(pointer, type, member)

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	*node = (struct rb_node){ .rb_parent = parent };
	*link = node;
}

static inline void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	(void)node;
	(void)root;
}

void rb_erase(struct rb_node *node, struct rb_root *root);
struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);

static inline struct rb_node *rb_first_cached(const struct rb_root_cached *root)
{
	return rb_first(&root->rb_root);
}

#define shim_rb_entry_or_null(pointer, type, member) \
	((pointer) ? rb_entry(pointer, type, member) : NULL)

#define rbtree_postorder_for_each_entry_safe(pos, n, root, field)              \
	for (pos = shim_rb_entry_or_null(rb_first_postorder(root),             \
					 typeof(*pos), field);                 \
	     pos && ({                                                         \
		     n = shim_rb_entry_or_null(rb_next_postorder(&pos->field), \
					       typeof(*pos), field);           \
		     true;                                                     \
	     });                                                               \
	     pos = n)

#endif /* SHIM_LINUX_RBTREE_H */
