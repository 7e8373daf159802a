// SPDX-License-Identifier: GPL-2.0
/* A file, the keys, what is loaded and revoked: what the carriers make of it. */
#include "carrier.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "cases.h"
#include "catalog.h"
#include "fake.h"
#include "format/trailer.h"
#include "keyring.h"
#include "revocation.h"
#include "support.h"

#define PROGRAM EXECGATE_CLASS_PROGRAM
#define LIBRARY EXECGATE_CLASS_LIBRARY
#define MODSIG_CLASSES EXECGATE_CLASS_MODULE
#define TEXT "#!/bin/sh\necho hello\n"
/* As long as that. */
#define MODULE_BYTES "\177ELF a kernel module\n"
static_assert(sizeof(TEXT) == sizeof(MODULE_BYTES));

/* How the file is signed. */
enum how { PLAIN, TRAILER, ARMOR, MODSIG };

/* What is wrong with it. */
enum defect {
	NOTHING,
	OTHER_CONTENT, /* signed is another content */
	OTHER_SIZE,    /* an entry that says another size */
	VERITY_ENTRY,  /* the digest, but as one of fs-verity */
	PATTERN,       /* its identity may be somewhere only */
	GARBAGE,       /* behind the trailer stands no message */
	NO_MANIFEST,   /* the content is none */
	CUT_MANIFEST,
	FORGED,	      /* the signature is over something else */
	BEHIND,	      /* bytes behind it */
	WEAK,	      /* SHA-384 */
	MORE_ENTRIES, /* others of its size, and of its class, before it */
};

/* Which digest the verdict has, or is revoked, or is in a catalog. */
enum which { NO, PAYLOAD, WHOLE, VERITY };

struct row {
	const char *why;
	enum how how;
	char signer;
	enum defect defect;
	u16 classes;
	struct {
		enum which digest;
		char signer;
		u16 classes;
		const char *pattern;
	} catalog;
	enum which revoked;
	char revoked_key;
	u8 verity;  /* the algorithm; 0: the file has none */
	u16 wanted; /* 0: any use */
	/* Signed by the kernel's sign-file it is a module in memory, unless: */
	bool as_file;
	bool script;
	struct {
		enum execgate_reason reason;
		enum execgate_carrier carrier;
		u16 classes;
		enum which digest;
		char signer;
	} verdict;
};

#define NONE EXECGATE_CARRIER_NONE
#define R(reason) EXECGATE_REASON_##reason
#define C(carrier) EXECGATE_CARRIER_##carrier

static const struct row rows[] = {
	{ "nothing", .verdict = { R(UNSIGNED), NONE } },
	{ "a trailer", TRAILER, 'a', .classes = PROGRAM,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "comments", ARMOR, 'a', .classes = LIBRARY,
	  .verdict = { R(ALLOWED), C(ARMOR), LIBRARY, PAYLOAD, 'a' } },
	{ "the kernel's", MODSIG, 'k',
	  .verdict = { R(ALLOWED), C(MODSIG), MODSIG_CLASSES, PAYLOAD, 'k' } },
	{ "the kernel's, of a file", MODSIG, 'k', .as_file = true,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, for something else", MODSIG, 'k', .wanted = PROGRAM,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, of no module", MODSIG, 'k', .script = true,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, by a key for code", MODSIG, 'a',
	  .verdict = { R(WRONG_PURPOSE), C(MODSIG), MODSIG_CLASSES, NO, 'a' } },
	{ "a key for modules", TRAILER, 'k', .classes = PROGRAM,
	  .verdict = { R(WRONG_PURPOSE), C(TRAILER), 0, NO, 'k' } },
	{ "a key for modules", ARMOR, 'k', .classes = EXECGATE_CLASS_MODULE,
	  .verdict = { R(WRONG_PURPOSE), C(ARMOR), 0, NO, 'k' } },
	{ "after a key for modules", TRAILER, 'k', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', PROGRAM },
	  .verdict = { R(ALLOWED), C(CATALOG), PROGRAM, WHOLE, 'b' } },
	{ "each class", TRAILER, 'a', .classes = 0x1ff,
	  .verdict = { R(ALLOWED), C(TRAILER), 0x1ff, PAYLOAD, 'a' } },

	{ "changed", TRAILER, 'a', OTHER_CONTENT, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, PAYLOAD, 'a' } },
	{ "changed", ARMOR, 'a', OTHER_CONTENT, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(ARMOR), 0, PAYLOAD, 'a' } },
	{ "changed", MODSIG, 'k', OTHER_CONTENT,
	  .verdict = { R(BAD_SIGNATURE), C(MODSIG), MODSIG_CLASSES, PAYLOAD,
		       'k' } },
	{ "one of several", TRAILER, 'a', MORE_ENTRIES, PROGRAM,
	  .wanted = PROGRAM,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "one of several, not for this", TRAILER, 'a', MORE_ENTRIES, PROGRAM,
	  .wanted = LIBRARY,
	  .verdict = { R(WRONG_CLASS), C(TRAILER), 0, NO, 'a' } },
	{ "not for this", TRAILER, 'a', .classes = PROGRAM, .wanted = LIBRARY,
	  .verdict = { R(WRONG_CLASS), C(TRAILER), 0, NO, 'a' } },
	{ "for this too", ARMOR, 'a', .classes = PROGRAM | LIBRARY,
	  .wanted = LIBRARY,
	  .verdict = { R(ALLOWED), C(ARMOR), PROGRAM | LIBRARY, PAYLOAD,
		       'a' } },
	{ "not for this, but listed for it", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY }, .wanted = LIBRARY,
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "listed for something else", .catalog = { WHOLE, 'b', PROGRAM },
	  .wanted = LIBRARY,
	  .verdict = { R(ALLOWED), C(CATALOG), PROGRAM, WHOLE, 'b' } },
	{ "weak", TRAILER, 'a', WEAK, PROGRAM,
	  .verdict = { R(WEAK_ALGORITHM), C(TRAILER) } },
	{ "of another size", TRAILER, 'a', OTHER_SIZE, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, NO, 'a' } },
	{ "a digest of another kind", TRAILER, 'a', VERITY_ENTRY, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, NO, 'a' } },
	{ "for another path", TRAILER, 'a', PATTERN, PROGRAM,
	  .verdict = { R(WRONG_PATH), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "no message", TRAILER, 'a', GARBAGE, PROGRAM,
	  .verdict = { R(MALFORMED), C(TRAILER) } },
	{ "no message", MODSIG, 'k', GARBAGE,
	  .verdict = { R(MALFORMED), C(MODSIG), MODSIG_CLASSES } },
	{ "another object", TRAILER, 'a', NO_MANIFEST, PROGRAM,
	  .verdict = { R(MALFORMED), C(TRAILER) } },
	{ "half a manifest", TRAILER, 'a', CUT_MANIFEST, PROGRAM,
	  .verdict = { R(MALFORMED), C(TRAILER) } },
	{ "forged", TRAILER, 'a', FORGED, PROGRAM,
	  .verdict = { R(BAD_SIGNATURE), C(TRAILER), 0, NO, 'a' } },
	{ "forged", ARMOR, 'a', FORGED, PROGRAM,
	  .verdict = { R(BAD_SIGNATURE), C(ARMOR), 0, NO, 'a' } },
	{ "something behind it", TRAILER, 'a', BEHIND, PROGRAM,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "something behind it", ARMOR, 'a', BEHIND, PROGRAM,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "something behind it", MODSIG, 'k', BEHIND,
	  .verdict = { R(UNSIGNED), NONE } },

	{ "a stranger", TRAILER, 'u', .classes = PROGRAM,
	  .verdict = { R(UNKNOWN_SIGNER), C(TRAILER) } },
	{ "a stranger", MODSIG, 'u',
	  .verdict = { R(UNKNOWN_SIGNER), C(MODSIG), MODSIG_CLASSES } },
	{ "an expired key", TRAILER, 'e', .classes = PROGRAM,
	  .verdict = { R(EXPIRED), C(TRAILER), 0, NO, 'e' } },
	{ "a weak one", ARMOR, 'w', .classes = PROGRAM,
	  .verdict = { R(WEAK_ALGORITHM), C(ARMOR), 0, NO, 'w' } },
	{ "no memory to verify", TRAILER, 'm', .classes = PROGRAM,
	  .verdict = { R(NO_MEMORY), C(TRAILER), 0, NO, 'm' } },
	{ "a revoked key", TRAILER, 'a', .classes = PROGRAM, .revoked_key = 'a',
	  .verdict = { R(REVOKED), C(TRAILER), 0, NO, 'a' } },
	{ "another key is revoked", TRAILER, 'a', .classes = PROGRAM,
	  .revoked_key = 'b',
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "a key that is only named", TRAILER, 'a', FORGED, PROGRAM,
	  .revoked_key = 'a',
	  .verdict = { R(BAD_SIGNATURE), C(TRAILER), 0, NO, 'a' } },
	{ "a revoked content", TRAILER, 'a', .classes = PROGRAM,
	  .revoked = PAYLOAD,
	  .verdict = { R(REVOKED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "a revoked content", MODSIG, 'k', .revoked = PAYLOAD,
	  .verdict = { R(REVOKED), C(MODSIG), MODSIG_CLASSES, PAYLOAD, 'k' } },
	{ "the whole file is revoked", TRAILER, 'a', .classes = PROGRAM,
	  .revoked = WHOLE,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },

	{ "listed", .catalog = { WHOLE, 'a', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'a' } },
	{ "others are listed", .catalog = { VERITY, 'a', LIBRARY },
	  .verdict = { R(UNSIGNED), NONE } },
	{ "signed and listed: the signature", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "listed is what is inside", TRAILER, 'u', .classes = PROGRAM,
	  .catalog = { PAYLOAD, 'b', LIBRARY },
	  .verdict = { R(UNKNOWN_SIGNER), C(TRAILER) } },
	{ "a catalog after a bad signature", TRAILER, 'a', FORGED, PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after a stranger's", ARMOR, 'u', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after one of no form", TRAILER, 'a', GARBAGE, PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after one of other bytes", TRAILER, 'a', OTHER_CONTENT, PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after an expired key", TRAILER, 'e', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after a revoked key, of another", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY }, .revoked_key = 'a',
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after a revoked key, of the same", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { WHOLE, 'a', LIBRARY }, .revoked_key = 'a',
	  .verdict = { R(REVOKED), C(CATALOG), 0, WHOLE, 'a' } },
	{ "after the kernel's by a stranger", MODSIG, 'u',
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "after a revoked content: nobody", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY }, .revoked = PAYLOAD,
	  .verdict = { R(REVOKED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "listed and revoked", .catalog = { WHOLE, 'b', LIBRARY },
	  .revoked = WHOLE,
	  .verdict = { R(REVOKED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "no catalog where there was no memory", TRAILER, 'm',
	  .classes = PROGRAM, .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(NO_MEMORY), C(TRAILER), 0, NO, 'm' } },
	{ "no catalog for one who is killed", TRAILER, 'i', .classes = PROGRAM,
	  .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(INTERRUPTED), C(TRAILER), 0, NO, 'i' } },
	{ "listed for a path", .catalog = { WHOLE, 'b', LIBRARY, "/usr/*" },
	  .verdict = { R(UNSIGNED), NONE, 0, WHOLE } },

	{ "verity", .catalog = { VERITY, 'a', LIBRARY }, .verity = 1,
	  .verdict = { R(ALLOWED), C(VERITY), LIBRARY, VERITY, 'a' } },
	{ "verity before the file's own", TRAILER, 'b', .classes = PROGRAM,
	  .catalog = { VERITY, 'a', LIBRARY }, .verity = 1,
	  .verdict = { R(ALLOWED), C(VERITY), LIBRARY, VERITY, 'a' } },
	{ "another algorithm", .catalog = { VERITY, 'a', LIBRARY }, .verity = 2,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "a content is no verity digest", .catalog = { WHOLE, 'a', LIBRARY },
	  .verity = 1,
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'a' } },
	{ "verity, of nobody's list", TRAILER, 'a', .classes = PROGRAM,
	  .catalog = { PAYLOAD, 'a', LIBRARY }, .verity = 1,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "verity, revoked key", .catalog = { VERITY, 'a', LIBRARY },
	  .verity = 1, .revoked_key = 'a',
	  .verdict = { R(REVOKED), C(VERITY), 0, VERITY, 'a' } },
	{ "verity, revoked digest", .catalog = { VERITY, 'a', LIBRARY },
	  .verity = 1, .revoked = VERITY,
	  .verdict = { R(REVOKED), C(VERITY), LIBRARY, VERITY, 'a' } },
};

/* All that a row needs; bytes are freed in the end. */
static struct {
	struct eg_bytes payload, whole, catalog;
	u8 digest[4][EG_SHA256_SIZE]; /* by enum which */
	struct file file, catalog_file;
	struct inode inode, catalog_inode;
} world;

static struct eg_bytes manifest_for(const struct row *row)
{
	u8 other[EG_SHA256_SIZE + 1] = { 1 };
	struct forged_manifest manifest = {
		.identities = { { "org.example/tool", NULL, 7 } },
		.entries = { { world.digest[PAYLOAD], world.payload.size,
			       row->classes } },
	};

	if (row->defect == OTHER_CONTENT)
		manifest.entries[0].digest = other;
	if (row->defect == OTHER_SIZE)
		manifest.entries[0].size++;
	if (row->defect == VERITY_ENTRY)
		manifest.entries[0].kind = EG_DIGEST_VERITY;
	if (row->defect == PATTERN)
		manifest.identities[0].pattern = "/usr/*";
	if (row->defect == MORE_ENTRIES) {
		manifest.entries[1] = manifest.entries[0];
		manifest.entries[1].digest = other;
		manifest.entries[1].classes = EXECGATE_CLASS_DATA;
		manifest.entries[2] = manifest.entries[0];
		manifest.entries[2].digest = other + 1;
		manifest.entries[2].size++;
		manifest.entries[2].classes = LIBRARY;
	}
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

static struct eg_bytes message_for(const struct row *row)
{
	struct eg_bytes content, message;

	if (row->defect == GARBAGE)
		return bytes_copy("0\3garbage", 9);
	if (row->how == MODSIG) {
		content = bytes_copy(world.payload.data, world.payload.size);
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

static struct eg_bytes file_for(const struct row *row)
{
	struct eg_bytes message = {}, out = {}, more;

	if (row->how == PLAIN)
		return bytes_copy(world.payload.data, world.payload.size);
	message = message_for(row);
	switch (row->how) {
	case PLAIN:
		break;
	case TRAILER:
		out = forge_trailer(world.payload, message, EG_TRAILER_MAGIC);
		break;
	case MODSIG:
		out = forge_trailer(world.payload, message,
				    EG_TRAILER_MODSIG_MAGIC);
		break;
	case ARMOR:
		out = forge_armor(world.payload, message);
		break;
	}
	bytes_free(message);
	if (row->defect != BEHIND)
		return out;
	more = forge_joined(out, (struct eg_bytes){ (const u8 *)"\n", 1 });
	bytes_free(out);
	return more;
}

static void load_catalog(const struct row *row)
{
	enum which which = row->catalog.digest;
	struct forged_manifest manifest = {
		.name = "c",
		.identities = { { "org.example/listed", row->catalog.pattern,
				  9 } },
		.entries = { { world.digest[which],
			       which == PAYLOAD ? world.payload.size :
						  world.whole.size,
			       row->catalog.classes, which == VERITY } },
	};
	struct eg_catalog_info info;
	struct eg_bytes content;
	const char *why = "";

	if (!which)
		return;
	content = forge_manifest(&manifest);
	world.catalog = forge_message(row->catalog.signer, content);
	bytes_free(content);
	fake_file(&world.catalog_file, &world.catalog_inode, world.catalog);
	expect_equal(eg_catalog_add(&world.catalog_file, &info, &why), 0, why);
	bytes_free(world.catalog);
}

static void revoke(u8 kind, const u8 *value)
{
	struct eg_revocation item = { .kind = kind };

	memcpy(item.value, value, sizeof(item.value));
	assert_int_equal(eg_revocation_add(&item, 1), 0);
}

static void set_up(const struct row *row)
{
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];
	const char *text;

	memset(&world, 0, sizeof(world));
	fake_fail_read(0, 0);
	assert_int_equal(eg_catalog_init(), 0);
	text = row->how == MODSIG && !row->script ? MODULE_BYTES : TEXT;
	world.payload = bytes_copy(text, sizeof(TEXT) - 1);
	sha256_of(text, sizeof(TEXT) - 1, world.digest[PAYLOAD]);
	memset(world.digest[VERITY], 0x77, EG_SHA256_SIZE);
	world.whole = file_for(row);
	sha256_of(world.whole.data, world.whole.size, world.digest[WHOLE]);
	fake_file(&world.file, &world.inode, world.whole);
	if (row->verity) {
		world.inode.i_flags = S_VERITY;
		world.inode.verity_algorithm = row->verity;
		memcpy(world.inode.verity, world.digest[VERITY],
		       EG_SHA256_SIZE);
	}
	load_catalog(row);
	memset(fingerprint, row->revoked_key, sizeof(fingerprint));
	if (row->revoked_key)
		revoke(EXECGATE_REVOCATION_KEY, fingerprint);
	if (row->revoked)
		revoke(EXECGATE_REVOCATION_DIGEST, world.digest[row->revoked]);
}

static void tear_down(void)
{
	struct eg_revocation item;

	bytes_free(world.payload);
	bytes_free(world.whole);
	eg_catalog_exit();
	while (eg_revocation_get(0, &item))
		assert_int_equal(eg_revocation_remove(&item), 0);
	assert_int_equal(shim_allocated(), 0);
}

static void judge(const struct row *row, struct eg_verdict *verdict)
{
	struct eg_evidence *ev = kvmalloc(sizeof(*ev), GFP_KERNEL);

	if (row->how == MODSIG && !row->as_file)
		eg_reader_of_memory(&ev->reader, world.whole.data,
				    world.whole.size);
	else
		eg_reader_of_inode(&ev->reader, &world.inode);
	ev->classes = row->wanted ?: EG_MANIFEST_CLASSES;
	memset(verdict, 0, sizeof(*verdict));
	verdict->cacheable = true;
	eg_carrier_judge(ev, verdict);
	kvfree(ev);
}

static void expect_verdict(const struct row *row,
			   const struct eg_verdict *verdict)
{
	bool listed = verdict->carrier == C(CATALOG) ||
		      verdict->carrier == C(VERITY);

	expect_equal(verdict->reason, row->verdict.reason, row->why);
	expect_equal(verdict->carrier, row->verdict.carrier, row->why);
	expect_equal(verdict->classes, row->verdict.classes, row->why);
	expect_equal(verdict->has_signer, row->verdict.signer != 0, row->why);
	expect_equal(verdict->signer[0], row->verdict.signer, row->why);
	expect_equal(verdict->signer[31], row->verdict.signer, row->why);
	expect_equal(verdict->cacheable, true, row->why);
	expect_equal(verdict->has_digest, row->verdict.digest != NO, row->why);
	if (verdict->has_digest)
		assert_memory_equal(verdict->digest,
				    world.digest[row->verdict.digest],
				    EG_SHA256_SIZE);
	if (verdict->reason != R(ALLOWED) || verdict->carrier == C(MODSIG))
		return;
	expect_equal(verdict->identity_version, listed ? 9 : 7, row->why);
	expect_equal(verdict->identity_size, listed ? 18 : 16, row->why);
	assert_memory_equal(verdict->identity,
			    listed ? "org.example/listed" : "org.example/tool",
			    verdict->identity_size);
}

static void test_rows(void **state)
{
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_up(&rows[i]);
		judge(&rows[i], &verdict);
		expect_verdict(&rows[i], &verdict);
		tear_down();
	}
}

static enum execgate_reason reason_of(int error)
{
	return error == -ENOMEM ? R(NO_MEMORY) :
	       error == -EINTR	? R(INTERRUPTED) :
				  R(IO_ERROR);
}

/*
 * Whichever read fails, and however: the reason is that one, nothing else is
 * asked, and no catalog vouches for what could not be read.
 */
static void test_reading_fails(void **state)
{
	static const int errors[] = { -EIO, -ENOMEM, -EINTR, -EACCES };
	struct eg_verdict verdict;
	unsigned int nth, all;
	size_t i, e;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		set_up(&rows[i]);
		fake_fail_read(0, 0);
		judge(&rows[i], &verdict);
		all = fake_reads();
		for (nth = 1; nth <= all; nth++)
			for (e = 0; e < ARRAY_SIZE(errors); e++) {
				fake_fail_read(nth, errors[e]);
				judge(&rows[i], &verdict);
				expect_equal(fake_reads(), nth, rows[i].why);
				expect_equal(verdict.reason,
					     reason_of(errors[e]), rows[i].why);
				expect_equal(verdict.has_digest, false,
					     rows[i].why);
			}
		tear_down();
	}
}

/* How much is hashed, and verified, to come to the verdict. */
static void test_costs(void **state)
{
	static const struct {
		struct row row;
		unsigned int verified;
		enum which hashed;
	} costs[] = {
		{ { "unsigned, nothing listed" }, 0, NO },
		{ { "verity", .catalog = { VERITY, 'a', LIBRARY },
		    .verity = 1 },
		  0,
		  NO },
		{ { "a stranger", TRAILER, 'u', .classes = PROGRAM }, 1, NO },
		{ { "a stranger of the kernel's", MODSIG, 'u' }, 1, NO },
		{ { "forged", TRAILER, 'a', FORGED, PROGRAM }, 1, NO },
		{ { "signed", TRAILER, 'a', .classes = PROGRAM,
		    .catalog = { WHOLE, 'a', LIBRARY } },
		  1,
		  PAYLOAD },
	};
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(costs); i++) {
		set_up(&costs[i].row);
		fake_verified = 0;
		fake_hashed = 0;
		judge(&costs[i].row, &verdict);
		expect_equal(fake_verified, costs[i].verified,
			     costs[i].row.why);
		expect_equal(fake_hashed,
			     costs[i].hashed == PAYLOAD ? world.payload.size :
							  0,
			     costs[i].row.why);
		tear_down();
	}
}

/* A file of any size down to none; its end is what is looked at. */
static void test_small_files(void **state)
{
	static const struct row row = { "small" };
	struct eg_verdict verdict;
	size_t size;

	for (size = 0; size <= 2 * EG_TRAILER_SIZE; size++) {
		set_up(&row);
		bytes_free(world.whole);
		world.whole = bytes_copy("0123456789012345678901234567890123456"
					 "789~execgate signature v1 end~\n"
					 "~execgate signature v1 end~\n",
					 size);
		fake_file(&world.file, &world.inode, world.whole);
		judge(&row, &verdict);
		/* Where the magic ends exactly, with fields that are none. */
		assert_int_equal(verdict.reason,
				 size == 68 ? R(MALFORMED) : R(UNSIGNED));
		tear_down();
	}
}

/* The bound on what the kernel verifies in memory: not a byte is asked for. */
static void test_modsig_bound(void **state)
{
	static const struct {
		u64 payload;
		enum execgate_reason reason;
	} bounds[] = {
		{ 32 << 20, R(ALLOWED) },
		{ (32 << 20) + 1, R(TOO_LARGE) },
	};
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bounds); i++) {
		struct eg_bytes message;
		static const struct row row = { "large", MODSIG, 'k' };

		set_up(&row);
		bytes_free(world.payload);
		bytes_free(world.whole);
		world.payload = (struct eg_bytes){ calloc(1, bounds[i].payload),
						   bounds[i].payload };
		memcpy((u8 *)world.payload.data, MODULE_BYTES, 4);
		/* Over nothing: the fake signature is made of small ones. */
		message = forge_detached('k', (struct eg_bytes){ NULL, 0 });
		sha256_of(world.payload.data, world.payload.size,
			  (u8 *)message.data + message.size - EG_SHA256_SIZE);
		world.whole = forge_trailer(world.payload, message,
					    EG_TRAILER_MODSIG_MAGIC);
		bytes_free(message);
		fake_file(&world.file, &world.inode, world.whole);
		judge(&row, &verdict);
		assert_int_equal(verdict.reason, bounds[i].reason);
		assert_int_equal(verdict.carrier, C(MODSIG));
		tear_down();
	}
}

/* The last bytes, as many as a trailer has, or all there are. */
static void test_end(void **state)
{
	struct eg_evidence *ev = kvmalloc(sizeof(*ev), GFP_KERNEL);
	size_t size;

	for (size = 0; size <= 2 * EG_TRAILER_SIZE; size++) {
		struct eg_bytes end;

		ev->tail = (struct eg_bytes){ ev->tail_buffer, size };
		end = eg_carrier_end(ev);
		assert_int_equal(end.size, min(size, EG_TRAILER_SIZE));
		assert_ptr_equal(end.data + end.size, ev->tail_buffer + size);
	}
	kvfree(ev);
}

/* What is listed for another use only is hashed up to a size, to say so. */
static void test_other_use(void **state)
{
	static const struct {
		u64 size;
		u16 listed;
		u64 hashed;
	} files[] = {
		{ 16 << 20, PROGRAM, 16 << 20 },
		{ (16 << 20) + 1, PROGRAM, 0 },
		{ (16 << 20) + 1, LIBRARY, (16 << 20) + 1 },
	};
	static const struct row nothing = { "large" };
	struct eg_verdict verdict;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		struct row row = { "large",
				   .catalog = { WHOLE, 'a', files[i].listed } };

		set_up(&nothing);
		bytes_free(world.whole);
		world.whole = (struct eg_bytes){ calloc(1, files[i].size),
						 files[i].size };
		sha256_of(world.whole.data, world.whole.size,
			  world.digest[WHOLE]);
		fake_file(&world.file, &world.inode, world.whole);
		load_catalog(&row);
		fake_hashed = 0;
		judge(&(struct row){ .wanted = LIBRARY }, &verdict);
		assert_int_equal(fake_hashed, files[i].hashed);
		assert_int_equal(verdict.reason,
				 files[i].hashed ? R(ALLOWED) : R(UNSIGNED));
		assert_int_equal(verdict.classes,
				 files[i].hashed ? files[i].listed : 0);
		tear_down();
	}
}

static void test_reasons(void **state)
{
	static const struct {
		enum eg_format format;
		enum execgate_reason reason;
	} formats[] = {
		{ EG_FORMAT_OK, R(ALLOWED) },
		{ EG_FORMAT_ABSENT, R(UNSIGNED) },
		{ EG_FORMAT_MALFORMED, R(MALFORMED) },
		{ EG_FORMAT_WEAK_ALGORITHM, R(WEAK_ALGORITHM) },
		{ EG_FORMAT_TOO_LARGE, R(TOO_LARGE) },
		{ EG_FORMAT_TOO_LARGE + 1, R(MALFORMED) },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(formats); i++)
		assert_int_equal(eg_carrier_reason(formats[i].format),
				 formats[i].reason);
	assert_int_equal(eg_carrier_reason_of_errno(0), R(ALLOWED));
	assert_int_equal(eg_carrier_reason_of_errno(-ENOMEM), R(NO_MEMORY));
	assert_int_equal(eg_carrier_reason_of_errno(-EINTR), R(INTERRUPTED));
	assert_int_equal(eg_carrier_reason_of_errno(-EIO), R(IO_ERROR));
	assert_int_equal(eg_carrier_reason_of_errno(1), R(IO_ERROR));
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_rows),		KERNEL_CASE(test_reading_fails),
		KERNEL_CASE(test_costs),	KERNEL_CASE(test_small_files),
		KERNEL_CASE(test_modsig_bound), KERNEL_CASE(test_end),
		KERNEL_CASE(test_other_use),	KERNEL_CASE(test_reasons),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
