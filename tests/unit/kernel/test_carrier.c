// SPDX-License-Identifier: GPL-2.0
/* A file, the keys, what is loaded and revoked: what the carriers make of it. */
#include "carriers/carrier.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "evidence.h"
#include "fake.h"

#define NONE EXECGATE_CARRIER_NONE

static const struct evidence_row rows[] = {
	{ "nothing", .verdict = { R(UNSIGNED), NONE } },
	{ "a trailer", TRAILER, 'a', .classes = PROGRAM,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "comments", ARMOR, 'a', .classes = LIBRARY,
	  .verdict = { R(ALLOWED), C(ARMOR), LIBRARY, PAYLOAD, 'a' } },
	{ "the kernel's", MODSIG, 'k',
	  .verdict = { R(ALLOWED), C(MODSIG), MODULE, PAYLOAD, 'k' } },
	{ "the kernel's, for a program", MODSIG, 'k', .wanted = PROGRAM,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, of a file", MODSIG, 'k', ON_DISK,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, of something else", MODSIG, 'k', NO_MODULE,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's, of no more than the magic", MODSIG, 'k', MAGIC_ALONE,
	  .verdict = { R(UNSIGNED), NONE } },
	{ "the kernel's by a key for code", MODSIG, 'a',
	  .verdict = { R(WRONG_PURPOSE), C(MODSIG), MODULE, NO, 'a' } },
	{ "a trailer by a key for modules", TRAILER, 'k', .classes = PROGRAM,
	  .verdict = { R(WRONG_PURPOSE), C(TRAILER), 0, NO, 'k' } },
	{ "a trailer by a key for catalogs", TRAILER, 'g', .classes = PROGRAM,
	  .verdict = { R(WRONG_PURPOSE), C(TRAILER), 0, NO, 'g' } },
	{ "a trailer by a key for files", TRAILER, 'f', .classes = PROGRAM,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'f' } },
	{ "a module by a key for code", TRAILER, 'a', IN_MEMORY, MODULE,
	  .wanted = MODULE,
	  .verdict = { R(ALLOWED), C(TRAILER), MODULE, PAYLOAD, 'a' } },
	{ "a module by a key for files", TRAILER, 'f', IN_MEMORY, MODULE,
	  .wanted = MODULE,
	  .verdict = { R(WRONG_PURPOSE), C(TRAILER), 0, NO, 'f' } },
	{ "a kernel image by a key for files", TRAILER, 'f', IN_MEMORY, PROGRAM,
	  .wanted = PROGRAM,
	  .verdict = { R(WRONG_PURPOSE), C(TRAILER), 0, NO, 'f' } },
	{ "a module by a key for files, but listed", TRAILER, 'f', IN_MEMORY,
	  MODULE, .catalog = { WHOLE, 'b', MODULE }, .wanted = MODULE,
	  .verdict = { R(ALLOWED), C(CATALOG), MODULE, WHOLE, 'b' } },
	{ "each class", TRAILER, 'a', .classes = 0x1ff,
	  .verdict = { R(ALLOWED), C(TRAILER), 0x1ff, PAYLOAD, 'a' } },

	{ "changed", TRAILER, 'a', OTHER_CONTENT, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, PAYLOAD, 'a' } },
	{ "changed", ARMOR, 'a', OTHER_CONTENT, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(ARMOR), 0, PAYLOAD, 'a' } },
	{ "changed", MODSIG, 'k', OTHER_CONTENT,
	  .verdict = { R(BAD_SIGNATURE), C(MODSIG), MODULE, PAYLOAD, 'k' } },
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
	{ "no entry but what follows them", TRAILER, 'a', PHANTOM, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, NO, 'a' } },
	{ "sizes of each other", TRAILER, 'a', SIZES_SWAPPED, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, PAYLOAD, 'a' } },
	{ "a digest of another kind", TRAILER, 'a', VERITY_ENTRY, PROGRAM,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, NO, 'a' } },
	{ "bound to a path", TRAILER, 'a', BOUND, PROGRAM, .path = "/usr/*",
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "bound, and for something else", TRAILER, 'a', BOUND, PROGRAM,
	  .wanted = LIBRARY,
	  .verdict = { R(WRONG_CLASS), C(TRAILER), 0, NO, 'a' } },
	{ "bound, but revoked", TRAILER, 'a', BOUND, PROGRAM,
	  .revoked = PAYLOAD,
	  .verdict = { R(REVOKED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "bound, below its floor, but listed", TRAILER, 'a', BOUND, PROGRAM,
	  .floor = 8, .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "at its floor", TRAILER, 'a', .classes = PROGRAM, .floor = 7,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "below its floor", TRAILER, 'a', .classes = PROGRAM, .floor = 8,
	  .verdict = { R(ROLLBACK), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "below its floor", ARMOR, 'a', .classes = PROGRAM, .floor = 8,
	  .verdict = { R(ROLLBACK), C(ARMOR), PROGRAM, PAYLOAD, 'a' } },
	{ "changed, and below its floor", TRAILER, 'a', OTHER_CONTENT, PROGRAM,
	  .floor = 8,
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, PAYLOAD, 'a' } },
	{ "below its floor, but listed", TRAILER, 'a', .classes = PROGRAM,
	  .floor = 8, .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "listed at its floor", .catalog = { WHOLE, 'b', LIBRARY },
	  .listed_floor = 9,
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "listed below its floor", .catalog = { WHOLE, 'b', LIBRARY },
	  .listed_floor = 10,
	  .verdict = { R(ROLLBACK), C(CATALOG), 0, WHOLE, 'b' } },
	{ "fs-verity, listed below its floor", .verity = 1,
	  .catalog = { VERITY, 'b', LIBRARY }, .listed_floor = 10,
	  .verdict = { R(ROLLBACK), C(VERITY), 0, VERITY, 'b' } },
	{ "both below their floors", TRAILER, 'a', .classes = PROGRAM,
	  .floor = 8, .listed_floor = 10, .catalog = { WHOLE, 'b', LIBRARY },
	  .verdict = { R(ROLLBACK), C(CATALOG), 0, WHOLE, 'b' } },
	{ "revoked, and below its floor", TRAILER, 'a', .classes = PROGRAM,
	  .floor = 8, .revoked = PAYLOAD,
	  .verdict = { R(REVOKED), C(TRAILER), PROGRAM, PAYLOAD, 'a' } },
	{ "no message", TRAILER, 'a', GARBAGE, PROGRAM,
	  .verdict = { R(MALFORMED), C(TRAILER) } },
	{ "no message", MODSIG, 'a', GARBAGE,
	  .verdict = { R(MALFORMED), C(MODSIG), MODULE } },
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
	{ "something behind it", MODSIG, 'a', BEHIND,
	  .verdict = { R(UNSIGNED), NONE } },

	{ "a stranger", TRAILER, 'u', .classes = PROGRAM,
	  .verdict = { R(UNKNOWN_SIGNER), C(TRAILER) } },
	{ "a stranger", MODSIG, 'u',
	  .verdict = { R(UNKNOWN_SIGNER), C(MODSIG), MODULE } },
	{ "a key that had ended", TRAILER, 'e', .classes = PROGRAM,
	  .verdict = { R(EXPIRED), C(TRAILER), 0, NO, 'e' } },
	{ "the last second of a key", TRAILER, 'c', .classes = PROGRAM,
	  .created = FAKE_NOT_AFTER,
	  .verdict = { R(ALLOWED), C(TRAILER), PROGRAM, PAYLOAD, 'c' } },
	{ "the one after", TRAILER, 'c', .classes = PROGRAM,
	  .created = FAKE_NOT_AFTER + 1,
	  .verdict = { R(EXPIRED), C(TRAILER), 0, NO, 'c' } },
	{ "the one after", ARMOR, 'c', .classes = PROGRAM,
	  .created = FAKE_NOT_AFTER + 1,
	  .verdict = { R(EXPIRED), C(ARMOR), 0, NO, 'c' } },
	{ "a forged one of a key that had ended", TRAILER, 'e', FORGED, PROGRAM,
	  .verdict = { R(BAD_SIGNATURE), C(TRAILER), 0, NO, 'e' } },
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
	  .verdict = { R(REVOKED), C(MODSIG), MODULE, PAYLOAD, 'k' } },
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
	{ "listed is another of its size", .catalog = { OTHER, 'b', LIBRARY },
	  .verdict = { R(UNSIGNED), NONE, 0, WHOLE } },
	{ "changed, and listed is another of its size", TRAILER, 'a',
	  OTHER_CONTENT, PROGRAM, .catalog = { OTHER, 'b', LIBRARY },
	  .verdict = { R(DIGEST_MISMATCH), C(TRAILER), 0, PAYLOAD, 'a' } },
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
	  .path = "/usr/*",
	  .verdict = { R(ALLOWED), C(CATALOG), LIBRARY, WHOLE, 'b' } },
	{ "fs-verity, listed for a path", .verity = 1, .path = "/opt/**",
	  .catalog = { VERITY, 'b', LIBRARY, "/opt/**" },
	  .verdict = { R(ALLOWED), C(VERITY), LIBRARY, VERITY, 'b' } },

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

/* The rule as it was signed, and a verdict that says no has none. */
static void expect_paths(const struct evidence_row *row,
			 const struct eg_verdict *verdict)
{
	size_t size = row->path ? strlen(row->path) : 0;

	expect_equal(verdict->paths != NULL, row->path != NULL, row->why);
	if (!row->path)
		return;
	expect_equal(verdict->paths->binds, true, row->why);
	expect_equal(verdict->paths->size, 2 + EG_RULE_HEADER_SIZE + size,
		     row->why);
	assert_memory_equal(verdict->paths->bytes + 2 + EG_RULE_HEADER_SIZE,
			    row->path, size);
}

static void expect_verdict(const struct evidence_row *row,
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
				    evidence.digest[row->verdict.digest],
				    EG_SHA256_SIZE);
	expect_paths(row, verdict);
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
		evidence_set_up(&rows[i]);
		evidence_judge(&rows[i], &verdict);
		expect_verdict(&rows[i], &verdict);
		eg_paths_put(verdict.paths);
		evidence_tear_down();
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
		evidence_set_up(&rows[i]);
		fake_fail_read(0, 0);
		evidence_judge(&rows[i], &verdict);
		eg_paths_put(verdict.paths);
		all = fake_reads();
		for (nth = 1; nth <= all; nth++)
			for (e = 0; e < ARRAY_SIZE(errors); e++) {
				fake_fail_read(nth, errors[e]);
				evidence_judge(&rows[i], &verdict);
				expect_equal(fake_reads(), nth, rows[i].why);
				expect_equal(verdict.reason,
					     reason_of(errors[e]), rows[i].why);
				expect_equal(verdict.has_digest, false,
					     rows[i].why);
			}
		evidence_tear_down();
	}
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_rows),
		KERNEL_CASE(test_reading_fails),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
