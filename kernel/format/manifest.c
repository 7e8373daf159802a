// SPDX-License-Identifier: GPL-2.0
#include "manifest.h"

struct header {
	u32 strings_size;
	u32 name_offset;
	u32 name_size;
};

/* Offsets and sizes are u32, so no sum in here can pass the end of a u64. */
static bool within(u32 offset, u32 size, size_t total)
{
	return (u64)offset + size <= total;
}

static enum eg_format parse_header(struct eg_bytes in, struct header *h,
				   struct eg_manifest *out)
{
	const u8 *p = in.data;
	u64 total;

	if (in.size < EG_MANIFEST_HEADER_SIZE ||
	    memcmp(p, EG_MANIFEST_MAGIC, 8) ||
	    eg_le16(p + 8) != EG_MANIFEST_VERSION ||
	    eg_le16(p + 10) != EG_MANIFEST_HEADER_SIZE ||
	    eg_le32(p + 12) != in.size)
		return EG_FORMAT_MALFORMED;
	out->identity_count = eg_le32(p + 16);
	out->entry_count = eg_le32(p + 20);
	h->strings_size = eg_le32(p + 24);
	out->created_at = eg_le64(p + 32);
	out->sequence = eg_le64(p + 40);
	h->name_offset = eg_le32(p + 48);
	h->name_size = eg_le32(p + 52);
	if (eg_le64(p + 56))
		return EG_FORMAT_MALFORMED;

	total = EG_MANIFEST_HEADER_SIZE +
		(u64)out->identity_count * EG_MANIFEST_IDENTITY_SIZE +
		(u64)out->entry_count * EG_MANIFEST_ENTRY_SIZE +
		h->strings_size;
	if (total != in.size || !out->identity_count || !out->entry_count)
		return EG_FORMAT_MALFORMED;
	if (out->entry_count > EG_MANIFEST_ENTRIES_MAX)
		return EG_FORMAT_TOO_LARGE;
	if (eg_le32(p + 28) != EG_MANIFEST_DIGEST_SHA256)
		return EG_FORMAT_WEAK_ALGORITHM;
	return EG_FORMAT_OK;
}

static bool is_identity(const struct eg_manifest *m, const u8 *p)
{
	u32 name_size = eg_le32(p + 4);
	u32 rules_at = eg_le32(p + 8), rules_size = eg_le32(p + 12);
	struct eg_bytes rules;

	if (!name_size || name_size > EG_MANIFEST_NAME_MAX ||
	    !within(eg_le32(p), name_size, m->strings.size) ||
	    !within(rules_at, rules_size, m->strings.size) || eg_le32(p + 24) ||
	    eg_le32(p + 28))
		return false;
	rules.data = m->strings.data + rules_at;
	rules.size = rules_size;
	return eg_rules_check(rules, eg_le64(p + 16));
}

static bool is_entry(const struct eg_manifest *m, const u8 *p)
{
	u16 classes = eg_le16(p + 44);

	return eg_le32(p + 40) < m->identity_count && classes &&
	       !(classes & ~EG_MANIFEST_CLASSES) && p[46] <= EG_DIGEST_VERITY &&
	       !p[47];
}

static int compare(const u8 *entry, u32 kind, const u8 *digest)
{
	if (entry[46] != kind)
		return entry[46] < kind ? -1 : 1;
	return memcmp(entry, digest, EG_SHA256_SIZE);
}

static bool are_records(const struct eg_manifest *m)
{
	const u8 *p = m->identities, *previous = NULL;
	u64 rules = 0;
	u32 i;

	for (i = 0; i < m->identity_count;
	     i++, p += EG_MANIFEST_IDENTITY_SIZE) {
		/* First the sum: shared strings must not be read once for each. */
		rules += eg_le32(p + 12);
		if (rules > m->strings.size || !is_identity(m, p))
			return false;
	}
	p = m->entries;
	for (i = 0; i < m->entry_count; i++, p += EG_MANIFEST_ENTRY_SIZE) {
		if (!is_entry(m, p))
			return false;
		/* Two entries of one digest: which one counts would be a guess. */
		if (previous && compare(previous, p[46], p) >= 0)
			return false;
		previous = p;
	}
	return true;
}

enum eg_format eg_manifest_parse(struct eg_bytes in, struct eg_manifest *out)
{
	enum eg_format result;
	struct header h;

	memset(out, 0, sizeof(*out));
	result = parse_header(in, &h, out);
	if (result == EG_FORMAT_MALFORMED || result == EG_FORMAT_TOO_LARGE)
		return result;
	out->identities = in.data + EG_MANIFEST_HEADER_SIZE;
	out->entries = out->identities +
		       (size_t)out->identity_count * EG_MANIFEST_IDENTITY_SIZE;
	out->strings.data = out->entries +
			    (size_t)out->entry_count * EG_MANIFEST_ENTRY_SIZE;
	out->strings.size = h.strings_size;
	if (h.name_size > EG_MANIFEST_NAME_MAX ||
	    !within(h.name_offset, h.name_size, h.strings_size) ||
	    !are_records(out))
		return EG_FORMAT_MALFORMED;
	out->name.data = out->strings.data + h.name_offset;
	out->name.size = h.name_size;
	return result;
}

void eg_manifest_identity_at(const struct eg_manifest *m, u32 index,
			     struct eg_manifest_identity *out)
{
	const u8 *p = m->identities + (size_t)index * EG_MANIFEST_IDENTITY_SIZE;

	out->name.data = m->strings.data + eg_le32(p);
	out->name.size = eg_le32(p + 4);
	out->rules.data = m->strings.data + eg_le32(p + 8);
	out->rules.size = eg_le32(p + 12);
	out->version = eg_le64(p + 16);
}

void eg_manifest_entry_at(const struct eg_manifest *m, u32 index,
			  struct eg_manifest_entry *out)
{
	const u8 *p = m->entries + (size_t)index * EG_MANIFEST_ENTRY_SIZE;

	out->digest = p;
	out->size = eg_le64(p + 32);
	out->identity = eg_le32(p + 40);
	out->classes = eg_le16(p + 44);
	out->kind = p[46];
}

bool eg_manifest_find(const struct eg_manifest *m, enum eg_digest_kind kind,
		      const u8 digest[EG_SHA256_SIZE],
		      struct eg_manifest_entry *out)
{
	u32 low = 0, high = m->entry_count;

	while (low < high) {
		u32 middle = low + (high - low) / 2;
		const u8 *p =
			m->entries + (size_t)middle * EG_MANIFEST_ENTRY_SIZE;
		int order = compare(p, kind, digest);

		if (!order) {
			eg_manifest_entry_at(m, middle, out);
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}
