// SPDX-License-Identifier: GPL-2.0
/*
 * A manifest of any size up to that of a file of a catalog: each of its records
 * is looked at and nothing beyond them. What is_identity() and is_entry() say of
 * one record is free here; prove_record.c is for that.
 */
#include "format/manifest.c"
#include "prove.h"

#define RECORDS 8 /* of a kind, at most; one fewer than the loops are unwound */

/* One record of each kind, any: that it was looked at holds for all of them. */
static const u8 *watched_identity, *watched_entry;
static bool identity_good, entry_good;

bool any_identity(const struct eg_manifest *m, const u8 *p)
{
	bool good = nondet_bool();

	(void)m;
	HOLDS(__CPROVER_r_ok(p, EG_MANIFEST_IDENTITY_SIZE));
	if (p == watched_identity)
		identity_good = good;
	return good;
}

bool any_entry(const struct eg_manifest *m, const u8 *p)
{
	bool good = nondet_bool();

	(void)m;
	HOLDS(__CPROVER_r_ok(p, EG_MANIFEST_ENTRY_SIZE));
	if (p == watched_entry)
		entry_good = good;
	return good;
}

int any_order(const u8 *entry, u32 kind, const u8 *digest)
{
	int order = nondet_int();

	(void)kind;
	HOLDS(__CPROVER_r_ok(entry, EG_MANIFEST_ENTRY_SIZE));
	HOLDS(__CPROVER_r_ok(digest, EG_SHA256_SIZE));
	return order;
}

/* It is the header that says how many records there are. */
static bool has_few_records(struct eg_bytes in)
{
	return in.size < EG_MANIFEST_HEADER_SIZE ||
	       (eg_le32(in.data + 16) <= RECORDS &&
		eg_le32(in.data + 20) <= RECORDS);
}

int main(void)
{
	u32 identity = nondet_u32(), entry = nondet_u32();
	size_t identity_at = nondet_size(), entry_at = nondet_size();
	struct eg_manifest m;

	ANY_OBJECT(in);
	ASSUME(has_few_records(in) && identity < RECORDS && entry < RECORDS);
	ASSUME(identity_at <= in.size && entry_at <= in.size);
	watched_identity = in.data + identity_at;
	watched_entry = in.data + entry_at;
	if (eg_manifest_parse(in, &m) != EG_FORMAT_OK)
		return 0;
	HOLDS(is_within(m.strings, in) && is_within(m.name, m.strings));
	HOLDS(m.identity_count && m.entry_count);
	ASSUME(identity < m.identity_count && entry < m.entry_count);
	ASSUME(watched_identity ==
	       m.identities + identity * EG_MANIFEST_IDENTITY_SIZE);
	ASSUME(watched_entry == m.entries + entry * EG_MANIFEST_ENTRY_SIZE);
	HOLDS(identity_good && entry_good);
	return 0;
}
