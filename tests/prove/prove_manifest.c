// SPDX-License-Identifier: GPL-2.0
/* Any bytes; after they are accepted no accessor can leave them. */
#include "format/manifest.h"
#include "prove.h"

static void records(const struct eg_manifest *m, struct eg_bytes in)
{
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	u32 i = nondet_u32(), e = nondet_u32();

	ASSUME(i < m->identity_count && e < m->entry_count);
	eg_manifest_identity_at(m, i, &identity);
	HOLDS(identity.name.size && is_within(identity.name, in));
	HOLDS(is_within(identity.pattern, in));
	eg_manifest_entry_at(m, e, &entry);
	HOLDS(entry.identity < m->identity_count && entry.classes);
	HOLDS(is_within((struct eg_bytes){ entry.digest, EG_SHA256_SIZE }, in));
}

int main(void)
{
	struct eg_manifest_entry found;
	u8 digest[EG_SHA256_SIZE];
	struct eg_manifest m;

	ANY_BYTES(in);
	if (eg_manifest_parse(in, &m) != EG_FORMAT_OK)
		return 0;
	HOLDS(is_within(m.strings, in) && is_within(m.name, in));
	records(&m, in);
	if (eg_manifest_find(&m, nondet_bool(), digest, &found))
		HOLDS(found.identity < m.identity_count);
	return 0;
}
