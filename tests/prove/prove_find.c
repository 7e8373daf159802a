// SPDX-License-Identifier: GPL-2.0
/*
 * The search for a digest among any number of entries, whatever they compare to:
 * it looks at entries only, and what it finds compares equal.
 */
#include "format/manifest.c"
#include "prove.h"

static const u8 *equal;

/* In the place of compare(), which prove_record.c is for. */
int any_order(const u8 *entry, u32 kind, const u8 *digest)
{
	int order = nondet_int();

	(void)kind;
	HOLDS(__CPROVER_r_ok(entry, EG_MANIFEST_ENTRY_SIZE));
	HOLDS(__CPROVER_r_ok(digest, EG_SHA256_SIZE));
	if (!order)
		equal = entry;
	return order;
}

/* In the place of eg_manifest_entry_at(), likewise. */
void any_entry_at(const struct eg_manifest *m, u32 index,
		  struct eg_manifest_entry *out)
{
	HOLDS(index < m->entry_count);
	out->digest = m->entries + (size_t)index * EG_MANIFEST_ENTRY_SIZE;
}

int main(void)
{
	struct eg_manifest m = { .entry_count = nondet_u32() };
	struct eg_manifest_entry out;
	u8 digest[EG_SHA256_SIZE];

	ASSUME(m.entry_count <= BOUND);
	m.entries = __CPROVER_allocate((size_t)m.entry_count *
					       EG_MANIFEST_ENTRY_SIZE,
				       0);
	if (eg_manifest_find(&m, EG_DIGEST_CONTENT, digest, &out))
		HOLDS(out.digest == equal);
	return 0;
}
