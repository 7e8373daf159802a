// SPDX-License-Identifier: GPL-2.0
/*
 * What is accepted can be written again from what the accessors say; and the
 * search agrees with looking at every entry, for digests that are there and for
 * digests that are not.
 */
#include "format/manifest.h"
#include "fuzz.h"

#define SCAN_MAX 64

static void put(u8 *at, size_t width, u64 value)
{
	while (width--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

static void put_string(u8 *at, const struct eg_manifest *m,
		       struct eg_bytes string)
{
	HOLDS(string.data >= m->strings.data);
	HOLDS(is_within(string, m->strings));
	put(at, 4, (u64)(string.data - m->strings.data));
	put(at + 4, 4, string.size);
}

/* Each of them can be written again, and is the same bytes. */
static void check_rules(struct eg_bytes rules, u64 version)
{
	u8 copy[EG_RULES_SIZE_MAX];
	struct eg_bytes rest = rules;
	struct eg_rule rule;
	size_t used = 0;

	HOLDS(eg_rules_check(rules, version));
	while (eg_rules_next(&rest, &rule)) {
		HOLDS(is_within(rule.text, rules));
		HOLDS(rule.kind != EG_RULE_VERSION ||
		      eg_rule_number(rule.text) <= version);
		used += eg_rule_write(&rule, copy + used, sizeof(copy) - used);
	}
	HOLDS(used == rules.size && !rest.size);
	HOLDS(!memcmp(copy, rules.data, used));
}

static void put_header(u8 *at, const struct eg_manifest *m, size_t size)
{
	memcpy(at, EG_MANIFEST_MAGIC, 8);
	put(at + 8, 2, EG_MANIFEST_VERSION);
	put(at + 10, 2, EG_MANIFEST_HEADER_SIZE);
	put(at + 12, 4, size);
	put(at + 16, 4, m->identity_count);
	put(at + 20, 4, m->entry_count);
	put(at + 24, 4, m->strings.size);
	put(at + 28, 4, EG_MANIFEST_DIGEST_SHA256);
	put(at + 32, 8, m->created_at);
	put(at + 40, 8, m->sequence);
	put_string(at + 48, m, m->name);
	put(at + 56, 8, 0);
}

static void check_written(const struct eg_manifest *m, struct eg_bytes in)
{
	u8 *copy = calloc(1, in.size), *at = copy + EG_MANIFEST_HEADER_SIZE;
	struct eg_manifest_identity identity;
	struct eg_manifest_entry entry;
	u32 i;

	HOLDS(copy);
	put_header(copy, m, in.size);
	for (i = 0; i < m->identity_count; i++) {
		eg_manifest_identity_at(m, i, &identity);
		HOLDS(identity.name.size);
		put_string(at, m, identity.name);
		put_string(at + 8, m, identity.rules);
		check_rules(identity.rules, identity.version);
		put(at + 16, 8, identity.version);
		at += EG_MANIFEST_IDENTITY_SIZE;
	}
	for (i = 0; i < m->entry_count; i++) {
		eg_manifest_entry_at(m, i, &entry);
		HOLDS(entry.identity < m->identity_count);
		memcpy(at, entry.digest, EG_SHA256_SIZE);
		put(at + 32, 8, entry.size);
		put(at + 40, 4, entry.identity);
		put(at + 44, 2, entry.classes);
		at[46] = entry.kind;
		at += EG_MANIFEST_ENTRY_SIZE;
	}
	HOLDS((size_t)(at - copy) + m->strings.size == in.size);
	memcpy(at, m->strings.data, m->strings.size);
	HOLDS(!memcmp(copy, in.data, in.size));
	free(copy);
}

static void check_find(const struct eg_manifest *m, enum eg_digest_kind kind,
		       const u8 *digest)
{
	struct eg_manifest_entry entry, found;
	const u8 *expected = NULL;
	u32 i;

	for (i = 0; i < m->entry_count; i++) {
		eg_manifest_entry_at(m, i, &entry);
		if (entry.kind == kind &&
		    !memcmp(entry.digest, digest, EG_SHA256_SIZE)) {
			HOLDS(!expected);
			expected = entry.digest;
		}
	}
	HOLDS(eg_manifest_find(m, kind, digest, &found) == !!expected);
	HOLDS(!expected || found.digest == expected);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes in = { data, size };
	struct eg_manifest m;
	size_t at;
	u32 i;

	if (eg_manifest_parse(in, &m) != EG_FORMAT_OK)
		return 0;
	check_written(&m, in);
	for (i = 0; i < m.entry_count && i < SCAN_MAX; i++) {
		const u8 *p = m.entries + (size_t)i * EG_MANIFEST_ENTRY_SIZE;

		check_find(&m, EG_DIGEST_CONTENT, p);
		check_find(&m, EG_DIGEST_VERITY, p);
	}
	/* Any 32 bytes of the input will do for one that is not there. */
	for (at = 0; at + EG_SHA256_SIZE <= size && at < 8 * SCAN_MAX; at += 8)
		check_find(&m, EG_DIGEST_CONTENT, data + at);
	return 0;
}
