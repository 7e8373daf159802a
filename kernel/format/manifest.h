/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The manifest: what a signature says. Little endian, parsed in place.
 *
 *	header		64 bytes
 *	identity[]	32 bytes each
 *	entry[]		48 bytes each, strictly ascending by (kind, digest)
 *	strings		UTF-8 or any other bytes, no terminators
 *
 *	header:
 *	 0  8  magic "EXECGATE"
 *	 8  2  format version, 1
 *	10  2  header size, 64
 *	12  4  total size: exactly the size of the whole manifest
 *	16  4  identity count, >= 1
 *	20  4  entry count, >= 1
 *	24  4  strings size
 *	28  4  digest algorithm, 1 = SHA-256
 *	32  8  created at, seconds since 1970 UTC; not after the end of its key
 *	40  8  sequence: catalogs only, 0 in a file's own signature
 *	48  4  name: offset in strings (catalog name)
 *	52  4  name: size, 0 = none
 *	56  8  reserved, 0
 *
 *	identity:
 *	 0  4  name: offset in strings	 "org.debian.coreutils/ls"
 *	 4  4  name: size, 1 to 255
 *	 8  4  rules: offset in strings	 format in rules.h
 *	12  4  rules: size in bytes, 0 = none
 *	16  8  version: later ones have a higher number
 *	24  4  flags, 0
 *	28  4  reserved, 0
 *
 *	entry:
 *	 0 32  digest
 *	32  8  size of the content in bytes
 *	40  4  identity index
 *	44  2  classes, enum execgate_class bits, not 0
 *	46  1  digest kind: 0 = content, 1 = fs-verity
 *	47  1  reserved, 0
 *
 * Rules of two identities may be the same strings, but all of them together have
 * no more bytes than the strings do: so a manifest is checked in linear time.
 *
 * Unknown versions, kinds, classes, flags, rules and non-zero reserved bytes are
 * refused: a signature must never mean more to a newer reader than to this one.
 */
#ifndef EG_MANIFEST_H
#define EG_MANIFEST_H

#include "format.h"
#include "rules.h"

#define EG_MANIFEST_MAGIC "EXECGATE"
#define EG_MANIFEST_VERSION 1
#define EG_MANIFEST_HEADER_SIZE 64
#define EG_MANIFEST_IDENTITY_SIZE 32
#define EG_MANIFEST_ENTRY_SIZE 48
#define EG_MANIFEST_DIGEST_SHA256 1
#define EG_MANIFEST_NAME_MAX 255
#define EG_MANIFEST_ENTRIES_MAX (4u << 20)
#define EG_MANIFEST_CLASSES 0x01ff

enum eg_digest_kind {
	EG_DIGEST_CONTENT,
	EG_DIGEST_VERITY,
};

/* A checked manifest; points into the caller's buffer. */
struct eg_manifest {
	const u8 *identities;
	const u8 *entries;
	struct eg_bytes strings;
	struct eg_bytes name;
	u32 identity_count;
	u32 entry_count;
	u64 created_at;
	u64 sequence;
};

struct eg_manifest_identity {
	struct eg_bytes name;
	struct eg_bytes rules; /* eg_rules_check() holds */
	u64 version;
};

struct eg_manifest_entry {
	const u8 *digest; /* EG_SHA256_SIZE bytes */
	u64 size;
	u32 identity;
	u16 classes;
	u8 kind;
};

/**
 * eg_manifest_parse() - check a whole manifest, every record of it, once
 * @in: untrusted bytes
 * @out: filled on EG_FORMAT_OK
 *
 * Linear in the size of @in. After it, the accessors below cannot fail.
 */
enum eg_format eg_manifest_parse(struct eg_bytes in, struct eg_manifest *out);

/* The @index'th record; @index must be below the count. */
void eg_manifest_identity_at(const struct eg_manifest *m, u32 index,
			     struct eg_manifest_identity *out);
void eg_manifest_entry_at(const struct eg_manifest *m, u32 index,
			  struct eg_manifest_entry *out);

/**
 * eg_manifest_find() - binary search for a digest
 * Return: true and @out filled when there is an entry.
 */
bool eg_manifest_find(const struct eg_manifest *m, enum eg_digest_kind kind,
		      const u8 digest[EG_SHA256_SIZE],
		      struct eg_manifest_entry *out);

#endif /* EG_MANIFEST_H */
