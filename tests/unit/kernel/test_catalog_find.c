// SPDX-License-Identifier: GPL-2.0
/* What several catalogs say of one file. */
#include "trust/catalog.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "trust/floor.h"
#include "listed.h"
#include "trust/revocation.h"

/* Several list one digest: what each says, and whose word does not count. */
static void test_several(void **state)
{
	struct eg_revocation key = { .kind = EXECGATE_REVOCATION_KEY };
	struct eg_verdict verdict;

	catalogs_begin();
	memset(key.value, 'a', sizeof(key.value));
	assert_int_equal(load('a', "a", 1, 9, EXECGATE_CLASS_PROGRAM), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.classes, EXECGATE_CLASS_PROGRAM);
	assert_int_equal(verdict.signer[0], 'a');
	assert_int_equal(verdict.identity_version, 9);
	assert_int_equal(verdict.identity_size, strlen("org.example/x"));
	assert_memory_equal(verdict.identity, "org.example/x", 13);

	assert_int_equal(eg_revocation_add(&key, 1), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_REVOKED);
	assert_true(verdict.has_signer);
	assert_int_equal(verdict.signer[0], 'a');
	assert_int_equal(find(8, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_false(verdict.has_signer);

	assert_int_equal(load('c', "c", 1, 9, EXECGATE_CLASS_LIBRARY), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.classes, EXECGATE_CLASS_LIBRARY);
	assert_int_equal(verdict.signer[0], 'c');
	catalogs_end();
}

static void revoke_key(char revoked)
{
	struct eg_revocation key = { .kind = EXECGATE_REVOCATION_KEY };
	struct eg_verdict verdict;

	catalogs_begin();
	fake_issuer = 'i';
	assert_int_equal(load('a', "a", 1, 9, EXECGATE_CLASS_PROGRAM), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_ALLOWED);
	memset(key.value, revoked, sizeof(key.value));
	assert_int_equal(eg_revocation_add(&key, 1), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_REVOKED);
	catalogs_end();
}

/* A key that is revoked takes with it what is signed by those it issued. */
static void test_signer_revoked(void **state)
{
	revoke_key('a');
}

static void test_issuer_revoked(void **state)
{
	revoke_key('i');
}

/* Whose code it is, say all who call it code. */
static void test_note(void **state)
{
	static const u16 classes[] = { EXECGATE_CLASS_DATA,
				       EXECGATE_CLASS_PROGRAM,
				       EXECGATE_CLASS_PROGRAM |
					       EXECGATE_CLASS_DATA };
	static struct eg_draft draft;
	struct eg_verdict verdict;
	size_t i;

	catalogs_begin();
	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		assert_int_equal(load('a', "a", 1, 9, classes[i]), 0);
		eg_draft_begin(&draft);
		memset(&verdict, 0, sizeof(verdict));
		verdict.draft = &draft;
		assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[9],
						 LISTED_SIZE,
						 EG_MANIFEST_CLASSES, false,
						 &paths, &verdict),
				 EXECGATE_REASON_ALLOWED);
		assert_int_equal(draft.statements, i ? 1 : 0);
		assert_int_equal(eg_catalog_remove("a", 1), 0);
	}
	catalogs_end();
}

/* Who lists a file, and for what; and whose word the verdict is. */
static const struct {
	struct {
		char signer;
		u16 classes;
	} lists[3];
	u16 wanted;
	u16 classes;
	char signer;
	const char *why;
} votes[] = {
	{ { { 'a', 1 } }, 1, 1, 'a', "one" },
	{ { { 'a', 2 } }, 1, 2, 'a', "one, for something else" },
	{ { { 'a', 1 }, { 'b', 1 } }, 1, 1, 'a', "the first of two" },
	{ { { 'a', 2 }, { 'b', 1 } }, 1, 3, 'b', "who lists it for this" },
	{ { { 'a', 1 }, { 'b', 2 } }, 1, 3, 'a', "whichever is first" },
	{ { { 'a', 2 }, { 'b', 4 } }, 1, 6, 'a', "nobody for this" },
	{ { { 'a', 2 }, { 'b', 1 }, { 'c', 1 } },
	  1,
	  3,
	  'b',
	  "the first who does" },
	{ { { 'c', 1 }, { 'a', 1 } }, 1, 1, 'c', "the first, though it ends" },
	{ { { 'c', 1 }, { 'd', 2 } }, 1, 3, 'c', "two that end" },
};

static void test_votes(void **state)
{
	struct eg_verdict verdict;
	char name[2] = "0";
	size_t i, n;

	catalogs_begin();
	for (i = 0; i < ARRAY_SIZE(votes); i++) {
		for (n = 0; n < 3 && votes[i].lists[n].signer; n++) {
			name[0] = '0' + n;
			assert_int_equal(load(votes[i].lists[n].signer, name, 1,
					      9, votes[i].lists[n].classes),
					 0);
		}
		memset(&verdict, 0, sizeof(verdict));
		assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[9],
						 5, votes[i].wanted, false,
						 &paths, &verdict),
				 EXECGATE_REASON_ALLOWED);
		expect_equal(verdict.classes, votes[i].classes, votes[i].why);
		expect_equal(verdict.signer[0], votes[i].signer, votes[i].why);
		assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[9],
						 6, votes[i].wanted, false,
						 &paths, &verdict),
				 EXECGATE_REASON_UNSIGNED);
		while (n--) {
			name[0] = '0' + n;
			assert_int_equal(eg_catalog_remove(name, 1), 0);
		}
	}
	catalogs_end();
}

/* What a catalog says of its own time decides, when it is loaded; no clock. */
static const struct {
	char signer;
	u64 created;
	int err;
	const char *why;
} times[] = {
	{ 'c', 0, 0, "long before" },
	{ 'c', FAKE_NOT_AFTER, 0, "the last second" },
	{ 'c', FAKE_NOT_AFTER + 1, -EKEYEXPIRED, "the one after" },
	{ 'c', ~0ull, -EKEYEXPIRED, "the end of time" },
	{ 'a', ~0ull, 0, "the same, of a key without end" },
};

static void test_times(void **state)
{
	static const time64_t clocks[] = { 0, FAKE_NOT_AFTER,
					   FAKE_NOT_AFTER + 1, 4294967296ll };
	time64_t now = shim_now;
	struct eg_verdict verdict;
	size_t i, n;

	catalogs_begin();
	for (i = 0; i < ARRAY_SIZE(times); i++) {
		const struct forged_manifest manifest = {
			.name = "c",
			.created = times[i].created,
			.identities = { { "org.example/x", NULL, 1 } },
			.entries = { { digests[9], 5, 1 } },
		};

		for (n = 0; n < ARRAY_SIZE(clocks); n++) {
			shim_now = clocks[n];
			expect_equal(load_manifest(times[i].signer, &manifest),
				     times[i].err, times[i].why);
		}
		for (n = 0; n < ARRAY_SIZE(clocks); n++) {
			shim_now = clocks[n];
			expect_equal(find(9, &verdict),
				     times[i].err ? EXECGATE_REASON_UNSIGNED :
						    EXECGATE_REASON_ALLOWED,
				     times[i].why);
		}
		eg_catalog_remove("c", 1);
	}
	shim_now = now;
	catalogs_end();
}

static enum execgate_reason find_placeless(u8 digest,
					   struct eg_verdict *verdict)
{
	return eg_catalog_find(EG_DIGEST_CONTENT, digests[digest], LISTED_SIZE,
			       EG_MANIFEST_CLASSES, false, NULL, verdict);
}

/* What has no place is nothing that a path rule lets in; what else lists it is. */
static void test_no_paths(void **state)
{
	const struct forged_manifest manifest = {
		.name = "p",
		.identities = { { "bound", "/usr/*", 1 }, { "free", NULL, 2 } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM, 0, 0 },
			     { digests[2], 5, EXECGATE_CLASS_PROGRAM, 0, 1 },
			     { digests[3], 5, EXECGATE_CLASS_PROGRAM, 1, 1 } },
	};
	struct eg_verdict verdict = {};

	catalogs_begin();
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find_placeless(1, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(find_placeless(2, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.identity_version, 2);
	assert_int_equal(find(3, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(eg_catalog_find(EG_DIGEST_VERITY, digests[3], 5, 1,
					 false, NULL, &verdict),
			 EXECGATE_REASON_ALLOWED);
	assert_int_equal(eg_catalog_find(EG_DIGEST_VERITY, digests[2], 5, 1,
					 false, NULL, &verdict),
			 EXECGATE_REASON_UNSIGNED);
	assert_true(eg_catalog_may_have(EG_DIGEST_VERITY, 5, 1));
	catalogs_end();
}

static int raise(const char *name, u64 below, enum eg_rule_strength strength)
{
	struct eg_floor floor;

	eg_floor_fill(&floor,
		      (struct eg_bytes){ (const u8 *)name, strlen(name) },
		      below, strength);
	return eg_floor_raise(&floor, 1);
}

/* Versions that are below their floor vouch for nothing; newer ones go on. */
static void test_floors(void **state)
{
	const struct forged_manifest old = {
		.name = "old",
		.identities = { { "tool", NULL, 4 } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM },
			     { digests[2], 5, EXECGATE_CLASS_PROGRAM } },
	};
	const struct forged_manifest new = {
		.name = "new",
		.identities = { { "tool", NULL, 5, "5" } },
		.entries = { { digests[2], 5, EXECGATE_CLASS_PROGRAM },
			     { digests[3], 5, EXECGATE_CLASS_PROGRAM } },
	};
	struct eg_verdict verdict;

	catalogs_begin();
	assert_int_equal(load_manifest('a', &old), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(raise("tool", 5, EG_RULE_REPORT), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.reported, EXECGATE_REASON_ROLLBACK);
	assert_int_equal(load_manifest('b', &new), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ROLLBACK);
	assert_int_equal(verdict.classes, 0);
	assert_int_equal(verdict.identity_version, 4);
	assert_memory_equal(verdict.identity, "tool", verdict.identity_size);
	assert_int_equal(verdict.signer[0], 'a');
	/* It is in the newer one too. */
	assert_int_equal(find(2, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.identity_version, 5);
	assert_int_equal(verdict.signer[0], 'b');
	assert_int_equal(verdict.reported, 0);
	assert_int_equal(find(3, &verdict), EXECGATE_REASON_ALLOWED);
	/* The floor outlives the catalog that said so. */
	assert_int_equal(eg_catalog_remove("new", 3), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ROLLBACK);
	assert_int_equal(find(2, &verdict), EXECGATE_REASON_ROLLBACK);
	assert_int_equal(find(3, &verdict), EXECGATE_REASON_UNSIGNED);
	eg_floor_exit();
	catalogs_end();
}

/* A catalog that is refused raises nothing, and one that fails to load neither. */
static void test_floors_of_refused(void **state)
{
	struct forged_manifest manifest = {
		.name = "c",
		.sequence = 1,
		.identities = { { "tool", NULL, 5, "5" } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM } },
	};
	unsigned int nth;

	catalogs_begin();
	assert_int_equal(load_manifest('u', &manifest), -ENOKEY);
	assert_int_equal(eg_floor_count(), 0);
	for (nth = 1;; nth++) {
		int err;

		shim_fail_allocation(nth);
		err = load_manifest('a', &manifest);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(eg_floor_count(), 0);
	}
	shim_fail_allocation(0);
	assert_int_equal(nth, 15);
	assert_int_equal(eg_floor_count(), 1);
	manifest.sequence = 0;
	manifest.identities[0].floor = "4";
	assert_int_equal(load_manifest('a', &manifest), -ESTALE);
	assert_int_equal(eg_floor_count(), 1);
	eg_floor_exit();
	catalogs_end();
}

/* Whoever says so: the others only say that it is good. */
static void test_hardened(void **state)
{
	struct forged_manifest manifest = {
		.name = "one",
		.identities = { { "a", NULL, 4 },
				{ "b", NULL, 1, NULL, true } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM, 0, 0 },
			     { digests[2], 5, EXECGATE_CLASS_PROGRAM, 0, 1 } },
	};
	struct eg_verdict verdict;

	catalogs_begin();
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_false(verdict.hardened);
	assert_int_equal(find(2, &verdict), EXECGATE_REASON_ALLOWED);
	assert_true(verdict.hardened);
	/* Another catalog lists both the other way round. */
	manifest.name = "two";
	manifest.entries[0].identity = 1;
	manifest.entries[1].identity = 0;
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_true(verdict.hardened);
	assert_int_equal(find(2, &verdict), EXECGATE_REASON_ALLOWED);
	assert_true(verdict.hardened);
	/* A version that does not count says nothing any more. */
	assert_int_equal(raise("b", 2, EG_RULE_DENY), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_false(verdict.hardened);
	eg_floor_exit();
	catalogs_end();
}

/* Who says where the file may be; nobody's word undoes another's. */
static void test_paths(void **state)
{
	struct forged_manifest manifest = {
		.name = "one",
		.identities = { { "a", "/usr/*", 4 }, { "b", "/opt/**", 1 } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM, 0, 0 },
			     { digests[2], 5, EXECGATE_CLASS_PROGRAM, 0, 1 } },
	};
	static const u8 one[] = "\x0a\0\2\0\6\0/usr/*";
	static const u8 both[] = "\x0a\0\2\0\6\0/usr/*\x0b\0\2\0\7\0/opt/**";
	struct eg_verdict verdict = {};

	catalogs_begin();
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(paths.size, sizeof(one) - 1);
	assert_memory_equal(paths.bytes, one, paths.size);
	manifest.name = "two";
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(paths.size, sizeof(one) - 1);
	manifest.name = "three";
	manifest.entries[0].identity = 1;
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(paths.size, sizeof(both) - 1);
	assert_memory_equal(paths.bytes, both, paths.size);
	/* Those that do not count any more say nothing, and of no file none does. */
	assert_int_equal(raise("a", 5, EG_RULE_DENY), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(paths.size, sizeof(both) - sizeof(one));
	assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[1], 5, 1,
					 false, NULL, &verdict),
			 EXECGATE_REASON_ROLLBACK);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(paths.size, 0);
	eg_floor_exit();
	catalogs_end();
}

/* What a key is for decides which catalogs are taken, and what for. */
static void test_purposes(void **state)
{
	struct eg_verdict verdict;

	catalogs_begin();
	assert_int_equal(load('f', "f", 1, 1, EXECGATE_CLASS_MODULE), -EACCES);
	assert_int_equal(load('p', "p", 1, 1, EXECGATE_CLASS_MODULE), -EACCES);
	assert_int_equal(load('k', "k", 1, 1, EXECGATE_CLASS_MODULE), -EACCES);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(load('g', "g", 1, 1,
			      EXECGATE_CLASS_MODULE | EXECGATE_CLASS_PROGRAM),
			 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(find_to_load(1, EXECGATE_CLASS_MODULE, &verdict),
			 EXECGATE_REASON_WRONG_PURPOSE);
	assert_true(verdict.has_signer);
	assert_int_equal(verdict.signer[0], 'g');
	/* Not listed for this: that is what is wrong, whoever signed it. */
	assert_int_equal(find_to_load(1, EXECGATE_CLASS_FIRMWARE, &verdict),
			 EXECGATE_REASON_ALLOWED);
	assert_false(verdict.classes & EXECGATE_CLASS_FIRMWARE);
	assert_int_equal(load('a', "a", 1, 1, EXECGATE_CLASS_MODULE), 0);
	assert_int_equal(find_to_load(1, EXECGATE_CLASS_MODULE, &verdict),
			 EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.classes, EXECGATE_CLASS_MODULE);
	assert_int_equal(verdict.signer[0], 'a');
	catalogs_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_several),
		KERNEL_CASE(test_votes),
		KERNEL_CASE(test_signer_revoked),
		KERNEL_CASE(test_issuer_revoked),
		KERNEL_CASE(test_note),
		KERNEL_CASE(test_times),
		KERNEL_CASE(test_no_paths),
		KERNEL_CASE(test_floors),
		KERNEL_CASE(test_floors_of_refused),
		KERNEL_CASE(test_hardened),
		KERNEL_CASE(test_paths),
		KERNEL_CASE(test_purposes),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
