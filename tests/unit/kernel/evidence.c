// SPDX-License-Identifier: GPL-2.0
#include "evidence.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "carriers/carrier.h"
#include "cases.h"
#include "trust/catalog.h"
#include "fake.h"
#include "trust/floor.h"
#include "format/trailer.h"
#include "trust/revocation.h"
#include "support.h"

struct evidence evidence;

/* The strings follow the entries: here a name that would be one. */
static struct eg_bytes manifest_with_phantom(struct forged_manifest manifest)
{
	static const char name[EG_MANIFEST_ENTRY_SIZE + 1] = {
		[0 ... EG_MANIFEST_ENTRY_SIZE - 1] = 'x'
	};
	struct eg_bytes bytes;
	u8 *at;

	manifest.identities[0].name = name;
	manifest.entries[0].size++;
	bytes = forge_manifest(&manifest);
	at = memmem(bytes.data, bytes.size, name, EG_MANIFEST_ENTRY_SIZE);
	memset(at + EG_SHA256_SIZE, 0, EG_MANIFEST_ENTRY_SIZE - EG_SHA256_SIZE);
	at[EG_SHA256_SIZE] = (u8)evidence.payload.size;
	at[44] = PROGRAM;
	return bytes;
}

static struct eg_bytes manifest_for(const struct evidence_row *row)
{
	u8 other[EG_SHA256_SIZE + 1] = { 1 };
	struct forged_manifest manifest = {
		.created = row->created ? row->created : FAKE_CREATED,
		.identities = { { "org.example/tool", NULL, 7 } },
		.entries = { { evidence.digest[PAYLOAD], evidence.payload.size,
			       row->classes } },
	};

	if (row->defect == OTHER_CONTENT)
		manifest.entries[0].digest = other;
	if (row->defect == OTHER_SIZE)
		manifest.entries[0].size++;
	if (row->defect == VERITY_ENTRY)
		manifest.entries[0].kind = EG_DIGEST_VERITY;
	if (row->defect == BOUND)
		manifest.identities[0].path = "/usr/*";
	if (row->defect == MORE_ENTRIES) {
		manifest.entries[1] = manifest.entries[0];
		manifest.entries[1].digest = other;
		manifest.entries[1].classes = EXECGATE_CLASS_DATA;
		manifest.entries[2] = manifest.entries[0];
		manifest.entries[2].digest = other + 1;
		manifest.entries[2].size++;
		manifest.entries[2].classes = LIBRARY;
	}
	if (row->defect == SIZES_SWAPPED) {
		manifest.entries[1] = manifest.entries[0];
		manifest.entries[1].digest = other;
		manifest.entries[0].size++;
	}
	if (row->defect == PHANTOM)
		return manifest_with_phantom(manifest);
	if (row->defect == NO_MANIFEST)
		return bytes_copy("EXECGPOL", 8);
	return forge_manifest(&manifest);
}

/* SHA-384 in place of SHA-256, wherever it is named. */
static void make_weak(struct eg_bytes message)
{
	static const u8 sha256[] = { 0x60, 0x86, 0x48, 0x01, 0x65, 3, 4, 2, 1 };
	u8 *at = (u8 *)message.data;

	while ((at = memmem(at, message.data + message.size - at, sha256,
			    sizeof(sha256))))
		at[8] = 2;
}

static struct eg_bytes message_for(const struct evidence_row *row)
{
	struct eg_bytes content, message;

	if (row->defect == GARBAGE)
		return bytes_copy("0\3garbage", 9);
	if (row->how == MODSIG) {
		content = bytes_copy(evidence.payload.data,
				     evidence.payload.size);
		if (row->defect == OTHER_CONTENT)
			((u8 *)content.data)[0]++;
		message = forge_detached(row->signer, content);
	} else {
		content = manifest_for(row);
		if (row->defect == CUT_MANIFEST)
			content.size--;
		message = forge_message(row->signer, content);
	}
	if (row->defect == FORGED)
		((u8 *)message.data)[message.size - 1]++;
	bytes_free(content);
	if (row->defect == WEAK)
		make_weak(message);
	return message;
}

static struct eg_bytes file_for(const struct evidence_row *row)
{
	struct eg_bytes message = {}, out = {}, more;

	if (row->how == PLAIN)
		return bytes_copy(evidence.payload.data, evidence.payload.size);
	message = message_for(row);
	switch (row->how) {
	case PLAIN:
		break;
	case TRAILER:
		out = forge_trailer(evidence.payload, message,
				    EG_TRAILER_MAGIC);
		break;
	case MODSIG:
		out = forge_trailer(evidence.payload, message,
				    EG_TRAILER_MODSIG_MAGIC);
		break;
	case ARMOR:
		out = forge_armor(evidence.payload, message);
		break;
	}
	bytes_free(message);
	if (row->defect != BEHIND)
		return out;
	more = forge_joined(out, (struct eg_bytes){ (const u8 *)"\n", 1 });
	bytes_free(out);
	return more;
}

void evidence_load_catalog(const struct evidence_row *row)
{
	enum which which = row->catalog.digest;
	struct forged_manifest manifest = {
		.name = "c",
		.identities = { { "org.example/listed", row->catalog.path,
				  9 } },
		.entries = { { evidence.digest[which],
			       which == PAYLOAD ? evidence.payload.size :
						  evidence.whole.size,
			       row->catalog.classes, which == VERITY } },
	};
	struct eg_catalog_info info;
	struct eg_bytes content;

	if (!which)
		return;
	content = forge_manifest(&manifest);
	evidence.catalog = forge_message(row->catalog.signer, content);
	bytes_free(content);
	fake_file(&evidence.catalog_file, &evidence.catalog_inode,
		  evidence.catalog);
	expect_equal(eg_catalog_add(&evidence.catalog_file, &info), 0,
		     "the catalog");
	bytes_free(evidence.catalog);
}

static void revoke(u8 kind, const u8 *value)
{
	struct eg_revocation item = { .kind = kind };

	memcpy(item.value, value, sizeof(item.value));
	assert_int_equal(eg_revocation_add(&item, 1), 0);
}

static void raise(const char *name, u64 below)
{
	struct eg_floor floor;

	eg_floor_fill(&floor,
		      (struct eg_bytes){ (const u8 *)name, strlen(name) },
		      below, EG_RULE_DENY);
	assert_int_equal(eg_floor_raise(&floor, 1), 0);
}

void evidence_set_up(const struct evidence_row *row)
{
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];

	memset(&evidence, 0, sizeof(evidence));
	fake_fail_read(0, 0);
	assert_int_equal(eg_catalog_init(), 0);
	evidence.payload = bytes_copy(FAKE_TEXT, sizeof(FAKE_TEXT) - 1);
	if (row->how == MODSIG && row->defect != NO_MODULE)
		memcpy((u8 *)evidence.payload.data, "\177ELF", 4);
	if (row->defect == MAGIC_ALONE)
		evidence.payload.size = 4;
	sha256_of(evidence.payload.data, evidence.payload.size,
		  evidence.digest[PAYLOAD]);
	memset(evidence.digest[VERITY], 0x77, EG_SHA256_SIZE);
	memset(evidence.digest[OTHER], 0x88, EG_SHA256_SIZE);
	evidence.whole = file_for(row);
	sha256_of(evidence.whole.data, evidence.whole.size,
		  evidence.digest[WHOLE]);
	fake_file(&evidence.file, &evidence.inode, evidence.whole);
	if (row->verity) {
		evidence.inode.i_flags = S_VERITY;
		evidence.inode.verity_algorithm = row->verity;
		memcpy(evidence.inode.verity, evidence.digest[VERITY],
		       EG_SHA256_SIZE);
	}
	evidence_load_catalog(row);
	memset(fingerprint, row->revoked_key, sizeof(fingerprint));
	if (row->revoked_key)
		revoke(EXECGATE_REVOCATION_KEY, fingerprint);
	if (row->floor)
		raise("org.example/tool", row->floor);
	if (row->listed_floor)
		raise("org.example/listed", row->listed_floor);
	if (row->revoked)
		revoke(EXECGATE_REVOCATION_DIGEST,
		       evidence.digest[row->revoked]);
}

void evidence_tear_down(void)
{
	struct eg_revocation item;
	struct eg_floor floor;

	bytes_free(evidence.payload);
	bytes_free(evidence.whole);
	eg_catalog_exit();
	while (eg_floor_get(0, &floor))
		assert_int_equal(eg_floor_remove(
					 (struct eg_bytes){
						 (const u8 *)floor.name,
						 floor.name_size },
					 0),
				 0);
	while (eg_revocation_get(0, &item))
		assert_int_equal(eg_revocation_remove(&item), 0);
	assert_int_equal(shim_allocated(), 0);
}

void evidence_judge(const struct evidence_row *row, struct eg_verdict *verdict)
{
	struct eg_evidence ev = {
		.classes = row->wanted ?: EG_MANIFEST_CLASSES,
	};

	if ((row->how == MODSIG && row->defect != ON_DISK) ||
	    row->defect == IN_MEMORY)
		eg_reader_of_memory(&ev.reader, evidence.whole.data,
				    evidence.whole.size);
	else
		eg_reader_of_inode(&ev.reader, &evidence.inode, true);
	memset(verdict, 0, sizeof(*verdict));
	verdict->cacheable = true;
	eg_carrier_judge(&ev, verdict);
	eg_carrier_forget(&ev, verdict);
}
