// SPDX-License-Identifier: GPL-2.0
/*
 * One record of a manifest, any bytes, beside strings of any size: once it is
 * accepted no accessor can leave the manifest.
 */
#include "format/manifest.c"
#include "prove.h"

static u8 digest[EG_SHA256_SIZE];

/* prove_rules.c is for what they are. */
bool any_rules(struct eg_bytes list, u64 version)
{
	(void)version;
	HOLDS(is_readable(list));
	return nondet_bool();
}

static void identity(void)
{
	u8 record[EG_MANIFEST_IDENTITY_SIZE];
	struct eg_manifest_identity out;
	struct eg_manifest m = { .identities = record, .identity_count = 1 };

	ANY_OBJECT(strings);
	m.strings = strings;
	if (!is_identity(&m, record))
		return;
	eg_manifest_identity_at(&m, 0, &out);
	HOLDS(out.name.size && is_within(out.name, strings));
	HOLDS(is_within(out.rules, strings));
}

static void entry(void)
{
	u8 record[EG_MANIFEST_ENTRY_SIZE];
	struct eg_manifest_entry out;
	struct eg_manifest m = { .entries = record,
				 .entry_count = 1,
				 .identity_count = nondet_u32() };

	compare(record, nondet_u32(), digest);
	if (!is_entry(&m, record))
		return;
	eg_manifest_entry_at(&m, 0, &out);
	HOLDS(out.identity < m.identity_count && out.classes);
	HOLDS(out.digest == record && out.kind <= EG_DIGEST_VERITY);
}

int main(void)
{
	identity();
	entry();
	return 0;
}
