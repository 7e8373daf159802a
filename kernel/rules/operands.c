// SPDX-License-Identifier: GPL-2.0
#include "rules/operands.h"

#include <linux/bitops.h>
#include <linux/limits.h>
#include <linux/namei.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Each level of an exec has some: a script's interpreter may be a script. */
#define NAMES_MAX 32

/*
 * @all: more than could be kept, so any file may be one
 * @met: bits by number: it was opened
 * @bytes: of each name 2 bytes of size, and the name with a 0 behind it
 */
struct eg_operands {
	refcount_t references;
	bool all;
	u8 count;
	u32 size;
	unsigned long met;
	u8 bytes[];
};

static_assert(NAMES_MAX <= BITS_PER_LONG);

/* No file can be opened by a longer one. */
static bool is_kept(struct eg_bytes name)
{
	return name.size < PATH_MAX;
}

static size_t size_of(struct eg_bytes name)
{
	return is_kept(name) ? name.size + 3 : 0;
}

static void put_name(struct eg_operands *operands, struct eg_bytes name)
{
	u8 *at = operands->bytes + operands->size;

	if (!is_kept(name))
		return;
	if (operands->count == NAMES_MAX) {
		operands->all = true;
		return;
	}
	at[0] = (u8)name.size;
	at[1] = (u8)(name.size >> 8);
	memcpy(at + 2, name.data, name.size);
	at[2 + name.size] = 0;
	operands->size += size_of(name);
	operands->count++;
}

static struct eg_operands *new_operands(const struct eg_operands *old,
					size_t more, gfp_t gfp)
{
	size_t size = (old ? old->size : 0) + more;
	struct eg_operands *operands;

	/* Freed with a spin lock held, where vmalloc's memory cannot be. */
	operands = kmalloc(struct_size(operands, bytes, size),
			   gfp | __GFP_ACCOUNT | __GFP_NOWARN);
	if (!operands)
		return NULL;
	refcount_set(&operands->references, 1);
	operands->all = old && old->all;
	operands->count = old ? old->count : 0;
	operands->size = old ? old->size : 0;
	operands->met = 0;
	if (old)
		memcpy(operands->bytes, old->bytes, old->size);
	return operands;
}

struct eg_operands *eg_operands_with(const struct eg_operands *old,
				     const struct eg_cmdline *found, gfp_t gfp)
{
	struct eg_operands *operands;
	size_t more = 0;
	u8 i;

	for (i = 0; i < found->count; i++)
		more += size_of(found->files[i]);
	operands = new_operands(old, more, gfp);
	if (!operands)
		return NULL;
	operands->all |= found->lost;
	for (i = 0; i < found->count; i++)
		put_name(operands, found->files[i]);
	return operands;
}

struct eg_operands *eg_operands_get(struct eg_operands *operands)
{
	if (operands)
		refcount_inc(&operands->references);
	return operands;
}

void eg_operands_put(struct eg_operands *operands)
{
	if (operands && refcount_dec_and_test(&operands->references))
		kfree(operands);
}

/* The root folder, and a word of no length, have no name that a file could have. */
static bool is_named(const struct eg_opened *opened, struct eg_bytes name)
{
	struct eg_bytes base = eg_cmdline_base(name);

	if (!base.size)
		return false;
	return (base.size == opened->name.size &&
		!memcmp(base.data, opened->name.data, base.size)) ||
	       (base.size == opened->own.size &&
		!memcmp(base.data, opened->own.data, base.size));
}

/*
 * The name is current's to choose, and so is the file system it leads to, which must
 * not be waited for here: a name that is not in the cache answers nothing.
 */
bool eg_operands_lead_to(const u8 *name, const struct inode *inode)
{
	struct path path;
	bool same;

	if (kern_path((const char *)name, LOOKUP_FOLLOW | LOOKUP_CACHED, &path))
		return false;
	same = d_backing_inode(path.dentry) == inode;
	path_put(&path);
	return same;
}

bool eg_operands_have(struct eg_operands *operands,
		      const struct eg_opened *opened, const struct inode *inode)
{
	const u8 *at;
	u8 i;

	if (!operands)
		return false;
	if (operands->all)
		return true;
	for (i = 0, at = operands->bytes; i < operands->count; i++) {
		struct eg_bytes name = { at + 2, eg_le16(at) };

		at += size_of(name);
		if (!is_named(opened, name) &&
		    (test_bit(i, &operands->met) ||
		     !eg_operands_lead_to(name.data, inode)))
			continue;
		set_bit(i, &operands->met);
		return true;
	}
	return false;
}
