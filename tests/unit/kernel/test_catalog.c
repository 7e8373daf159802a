// SPDX-License-Identifier: GPL-2.0
#include "catalog.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "catalog_index.h"
#include "fake.h"
#include "policy.h"
#include "revocation.h"
#include "support.h"

/* Digests are one byte, 32 times. */
static u8 digests[256][EG_SHA256_SIZE];

static void begin(void)
{
	int i;

	for (i = 0; i < 256; i++)
		memset(digests[i], i, EG_SHA256_SIZE);
	assert_int_equal(eg_catalog_init(), 0);
}

static void end(void)
{
	eg_catalog_exit();
	eg_revocation_exit();
	assert_int_equal(shim_allocated(), 0);
}

/* Load these bytes. Return: as eg_catalog_add(). */
static int load_bytes(struct eg_bytes bytes, struct eg_catalog_info *info)
{
	const char *why = NULL;
	struct inode inode;
	struct file file;
	int err;

	fake_file(&file, &inode, bytes);
	err = eg_catalog_add(&file, info, &why);
	/* A sentence if and only if it failed. */
	assert_int_equal(!why, !err);
	assert_int_equal(file.references, 0);
	return err;
}

static int load_manifest(char signer, const struct forged_manifest *manifest)
{
	struct eg_bytes content = forge_manifest(manifest);
	struct eg_bytes message = forge_message(signer, content);
	struct eg_catalog_info info;
	int err = load_bytes(message, &info);

	bytes_free(content);
	bytes_free(message);
	if (!err) {
		assert_int_equal(info.sequence, manifest->sequence);
		assert_int_equal(info.created, manifest->created);
		assert_int_equal(info.name_size, strlen(manifest->name));
		assert_memory_equal(info.name, manifest->name, info.name_size);
		assert_int_equal(info.signer[0], signer);
	}
	return err;
}

/* A catalog that lists one digest, as content. */
static int load(char signer, const char *name, u64 sequence, u8 digest,
		u16 classes)
{
	const struct forged_manifest manifest = {
		.name = name,
		.sequence = sequence,
		.created = 1700000000,
		.identities = { { "org.example/x", NULL, digest } },
		.entries = { { digests[digest], 5, classes } },
	};

	return load_manifest(signer, &manifest);
}

static enum execgate_reason find(u8 digest, struct eg_verdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	return eg_catalog_find(EG_DIGEST_CONTENT, digests[digest], 5,
			       EG_MANIFEST_CLASSES, verdict);
}

static bool lists(u8 digest)
{
	struct eg_verdict verdict;

	return find(digest, &verdict) == EXECGATE_REASON_ALLOWED;
}

/*
 * Steps, each on what those before it left; after it: what it gave, how many
 * catalogs there are, and which of the digests 1 to 6 are listed, as bits.
 */
enum verb { LOAD, REMOVE, REMOVE_SIGNER, REVOKE, UNREVOKE };

static const struct {
	enum verb verb;
	char signer;
	const char *name;
	u64 sequence;
	u8 digest;
	int result;
	u64 catalogs;
	u32 listed;
	const char *why;
} steps[] = {
	{ REMOVE, 0, "a", 0, 0, -ENOENT, 0, 0, "nothing to remove" },
	{ UNREVOKE, 0, "a", 0, 0, -ENOENT, 0, 0, "nothing to take back" },
	{ LOAD, 'a', "a", 5, 1, 0, 1, 1 << 1, "the first" },
	{ LOAD, 'a', "b", 0, 2, 0, 2, 3 << 1, "sequence 0" },
	{ LOAD, 'a', "a", 5, 3, 0, 2, 6 << 1, "the same sequence again" },
	{ LOAD, 'a', "a", 4, 1, -ESTALE, 2, 6 << 1, "an older one" },
	{ LOAD, 'b', "a", 6, 1, 0, 2, 3 << 1, "a newer one, of another key" },
	{ LOAD, 'u', "a", 7, 4, -ENOKEY, 2, 3 << 1, "of nobody's key" },
	{ LOAD, 'e', "a", 7, 4, -EKEYEXPIRED, 2, 3 << 1, "of an expired key" },
	{ LOAD, 'm', "a", 7, 4, -ENOMEM, 2, 3 << 1, "verifying: no memory" },
	{ LOAD, 'i', "a", 7, 4, -EINTR, 2, 3 << 1, "verifying: interrupted" },
	{ LOAD, 'w', "a", 7, 4, -EKEYREJECTED, 2, 3 << 1, "of a weak one" },
	{ LOAD, 'a', "aa", 1, 1, 0, 3, 3 << 1, "a digest twice" },
	{ REMOVE, 0, "a", 0, 0, 0, 2, 3 << 1, "one of the two" },
	{ LOAD, 'a', "a", 5, 3, -ESTALE, 2, 3 << 1, "it is remembered" },
	{ LOAD, 'a', "a", 6, 3, 0, 3, 7 << 1, "but may come back" },
	{ REVOKE, 0, "a", 5, 0, 0, 3, 7 << 1, "revoked was an older one" },
	{ REVOKE, 0, "a", 6, 0, 0, 2, 3 << 1, "revoked is this one" },
	{ LOAD, 'a', "a", 6, 3, -ECANCELED, 2, 3 << 1, "for good" },
	{ REVOKE, 0, "a", 2, 0, 0, 2, 3 << 1, "less is no less" },
	{ LOAD, 'a', "a", 6, 3, -ECANCELED, 2, 3 << 1, "as said" },
	{ LOAD, 'a', "a", 7, 3, 0, 3, 7 << 1, "a newer one is none of it" },
	{ UNREVOKE, 0, "a", 0, 0, 0, 3, 7 << 1, "taken back" },
	{ UNREVOKE, 0, "a", 0, 0, -ENOENT, 3, 7 << 1, "once only" },
	{ LOAD, 'a', "a", 6, 4, -ESTALE, 3, 7 << 1, "which makes it no newer" },
	{ REVOKE, 0, "new", 3, 0, 0, 3, 7 << 1, "one that nobody has seen" },
	{ LOAD, 'a', "new", 3, 4, -ECANCELED, 3, 7 << 1, "it may not come" },
	{ LOAD, 'a', "new", 4, 4, 0, 4, 15 << 1, "its successor may" },
	{ UNREVOKE, 0, "b", 0, 0, -ENOENT, 4, 15 << 1, "loaded, not revoked" },
	{ LOAD, 'b', "of-b", 0, 5, 0, 5, 31 << 1, "one of another key" },
	{ REMOVE_SIGNER, 'a', NULL, 0, 0, 0, 1, 16 << 1, "all of a key" },
	{ REMOVE_SIGNER, 'a', NULL, 0, 0, 0, 1, 16 << 1, "nothing of it" },
	{ REMOVE, 0, "of-", 0, 0, -ENOENT, 1, 16 << 1, "half a name" },
	{ REMOVE, 0, "of-b", 0, 0, 0, 0, 0, "the last" },
};

static int step(size_t i)
{
	const char *name = steps[i].name;
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];

	switch (steps[i].verb) {
	case LOAD:
		return load(steps[i].signer, name, steps[i].sequence,
			    steps[i].digest, 1);
	case REMOVE:
		return eg_catalog_remove(name, strlen(name));
	case REMOVE_SIGNER:
		memset(fingerprint, steps[i].signer, sizeof(fingerprint));
		eg_catalog_remove_signer(fingerprint);
		return 0;
	case REVOKE:
		return eg_catalog_revoke(name, strlen(name), steps[i].sequence);
	case UNREVOKE:
		return eg_catalog_unrevoke(name, strlen(name));
	}
	return -EINVAL;
}

static void test_steps(void **state)
{
	struct eg_catalog_totals totals;
	u64 epoch;
	size_t i;
	u8 digest;

	begin();
	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		u32 listed = 0;

		epoch = eg_policy_epoch();
		expect_equal(step(i), steps[i].result, steps[i].why);
		eg_catalog_totals(&totals);
		expect_equal(totals.catalogs, steps[i].catalogs, steps[i].why);
		for (digest = 1; digest <= 6; digest++)
			listed |= lists(digest) << digest;
		expect_equal(listed, steps[i].listed, steps[i].why);
		expect_equal(eg_catalog_may_have(EG_DIGEST_CONTENT, 5, 1),
			     steps[i].catalogs > 0, steps[i].why);
		assert_false(eg_catalog_may_have(EG_DIGEST_VERITY, 5, 1));
		/* Verdicts are void exactly when what is listed has changed. */
		if (i && (steps[i].catalogs != steps[i - 1].catalogs ||
			  steps[i].listed != steps[i - 1].listed))
			assert_true(eg_policy_epoch() > epoch);
		if (steps[i].result)
			assert_int_equal(eg_policy_epoch(), epoch);
	}
	end();
}

static const char long_name[EXECGATE_CATALOG_NAME_MAX + 1] = {
	[0 ... EXECGATE_CATALOG_NAME_MAX - 1] = 'n'
};

static void test_names(void **state)
{
	struct forged_manifest manifest = {
		.identities = { { "x" } },
		.entries = { { digests[1], 1, 1 } },
	};
	struct eg_bytes content, message;
	struct eg_catalog_info info;

	begin();
	assert_int_equal(load('a', long_name, 0, 1, 1), 0);
	assert_true(eg_catalog_get(0, &info));
	assert_int_equal(info.name_size, EXECGATE_CATALOG_NAME_MAX);
	assert_int_equal(load_manifest('a', &manifest), -EBADMSG);

	/* A zero inside it, put there before it is signed. */
	manifest.name = "ab";
	content = forge_manifest(&manifest);
	*(u8 *)memmem(content.data, content.size, "ab", 2) = 0;
	message = forge_message('a', content);
	assert_int_equal(load_bytes(message, &info), -EBADMSG);
	bytes_free(content);
	bytes_free(message);
	end();
}

static void test_files(void **state)
{
	const struct forged_manifest manifest = {
		.name = "a",
		.identities = { { "x" } },
		.entries = { { digests[1], 1, 1 } },
	};
	struct eg_bytes content = forge_manifest(&manifest);
	struct eg_bytes message = forge_message('a', content);
	struct eg_bytes policy =
		forge_message('a',
			      (struct eg_bytes){ (const u8 *)"EXECGPOL", 8 });
	struct eg_catalog_info info;
	const char *why = NULL;
	struct inode inode;
	struct file file;
	unsigned int nth;

	begin();
	fake_file(&file, &inode, message);
	inode.i_mode = S_IFDIR | 0755;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EBADMSG);
	fake_file(&file, &inode, message);
	inode.i_size = 0;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EBADMSG);
	inode.i_size = -1;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EBADMSG);
	inode.i_size = EXECGATE_CATALOG_SIZE_MAX + 1;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EFBIG);
	/* As large as it may be: only that there is no memory just now. */
	inode.i_size = EXECGATE_CATALOG_SIZE_MAX;
	shim_fail_allocation(1);
	assert_int_equal(eg_catalog_add(&file, &info, &why), -ENOMEM);
	shim_fail_allocation(0);
	inode.i_size = message.size - 1;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EBADMSG);
	inode.i_size = message.size;
	file.f_mode = 0;
	assert_int_equal(eg_catalog_add(&file, &info, &why), -EBADF);
	file.f_mode = FMODE_READ;
	for (nth = 1; nth <= 1; nth++) {
		fake_fail_read(nth, -EINTR);
		assert_int_equal(eg_catalog_add(&file, &info, &why), -EINTR);
	}
	fake_fail_read(0, 0);
	assert_int_equal(load_bytes(policy, &info), -EBADMSG);
	assert_int_equal(file.references, 0);
	assert_false(eg_catalog_get(0, &info));
	assert_int_equal(eg_catalog_add(&file, &info, &why), 0);
	bytes_free(content);
	bytes_free(message);
	bytes_free(policy);
	end();
}

/* A message that was changed after it was signed. */
static void test_forged(void **state)
{
	const struct forged_manifest manifest = {
		.name = "forged",
		.identities = { { "x" } },
		.entries = { { digests[1], 1, 1 } },
	};
	struct eg_bytes content = forge_manifest(&manifest);
	struct eg_bytes message = forge_message('a', content);
	struct eg_catalog_info info;

	begin();
	*(u8 *)memmem(message.data, message.size, "forged", 6) = 'F';
	assert_int_equal(load_bytes(message, &info), -EKEYREJECTED);
	*(u8 *)memmem(message.data, message.size, "Forged", 6) = 'f';
	assert_int_equal(load_bytes(message, &info), 0);
	bytes_free(content);
	bytes_free(message);
	end();
}

/* Several list one digest: what each says, and whose word does not count. */
static void test_several(void **state)
{
	struct eg_revocation key = { .kind = EXECGATE_REVOCATION_KEY };
	struct eg_verdict verdict;

	begin();
	memset(key.value, 'a', sizeof(key.value));
	assert_int_equal(load('a', "a", 1, 9, EXECGATE_CLASS_PROGRAM), 0);
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.classes, EXECGATE_CLASS_PROGRAM);
	assert_int_equal(verdict.signer[0], 'a');
	assert_int_equal(verdict.identity_version, 9);
	assert_int_equal(verdict.identity_size, strlen("org.example/x"));
	assert_memory_equal(verdict.identity, "org.example/x", 13);
	assert_int_equal(verdict.not_after, 0);

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
	assert_int_equal(verdict.not_after, FAKE_NOT_AFTER);
	end();
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
	time64_t not_after;
	const char *why;
} votes[] = {
	{ { { 'a', 1 } }, 1, 1, 'a', 0, "one" },
	{ { { 'a', 2 } }, 1, 2, 'a', 0, "one, for something else" },
	{ { { 'a', 1 }, { 'b', 1 } }, 1, 1, 'a', 0, "the first of two" },
	{ { { 'a', 2 }, { 'b', 1 } }, 1, 3, 'b', 0, "who lists it for this" },
	{ { { 'a', 1 }, { 'b', 2 } }, 1, 3, 'a', 0, "whichever is first" },
	{ { { 'a', 2 }, { 'b', 4 } }, 1, 6, 'a', 0, "nobody for this" },
	{ { { 'a', 2 }, { 'b', 1 }, { 'c', 1 } },
	  1,
	  3,
	  'b',
	  FAKE_NOT_AFTER,
	  "the first who does" },
	{ { { 'a', 1 }, { 'c', 1 } }, 1, 1, 'a', FAKE_NOT_AFTER, "no limit" },
	{ { { 'c', 1 }, { 'a', 1 } }, 1, 1, 'c', FAKE_NOT_AFTER, "the same" },
	{ { { 'c', 1 }, { 'd', 2 } }, 1, 3, 'c', FAKE_SOONER, "the sooner" },
	{ { { 'd', 1 }, { 'c', 2 } }, 1, 3, 'd', FAKE_SOONER, "turned round" },
};

static void test_votes(void **state)
{
	struct eg_verdict verdict;
	char name[2] = "0";
	size_t i, n;

	begin();
	for (i = 0; i < ARRAY_SIZE(votes); i++) {
		for (n = 0; n < 3 && votes[i].lists[n].signer; n++) {
			name[0] = '0' + n;
			assert_int_equal(load(votes[i].lists[n].signer, name, 1,
					      9, votes[i].lists[n].classes),
					 0);
		}
		memset(&verdict, 0, sizeof(verdict));
		assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[9],
						 5, votes[i].wanted, &verdict),
				 EXECGATE_REASON_ALLOWED);
		expect_equal(verdict.classes, votes[i].classes, votes[i].why);
		expect_equal(verdict.signer[0], votes[i].signer, votes[i].why);
		expect_equal(verdict.not_after, votes[i].not_after,
			     votes[i].why);
		assert_int_equal(eg_catalog_find(EG_DIGEST_CONTENT, digests[9],
						 6, votes[i].wanted, &verdict),
				 EXECGATE_REASON_UNSIGNED);
		while (n--) {
			name[0] = '0' + n;
			assert_int_equal(eg_catalog_remove(name, 1), 0);
		}
	}
	end();
}

/* Up to and with its last second a key counts. */
static void test_expiry(void **state)
{
	struct eg_verdict verdict;

	begin();
	assert_int_equal(load('c', "c", 1, 9, 1), 0);
	assert_int_equal(load('a', "a", 1, 8, 1), 0);
	shim_now = FAKE_NOT_AFTER;
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_ALLOWED);
	shim_now = FAKE_NOT_AFTER + 1;
	assert_int_equal(find(9, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(find(8, &verdict), EXECGATE_REASON_ALLOWED);
	end();
}

/* What is bound to a path is not honoured; what else lists it is. */
static void test_paths(void **state)
{
	const struct forged_manifest manifest = {
		.name = "p",
		.identities = { { "bound", "/usr/*", 1 }, { "free", NULL, 2 } },
		.entries = { { digests[1], 5, EXECGATE_CLASS_PROGRAM, 0, 0 },
			     { digests[2], 5, EXECGATE_CLASS_PROGRAM, 0, 1 },
			     { digests[3], 5, EXECGATE_CLASS_PROGRAM, 1, 1 } },
	};
	struct eg_verdict verdict = {};

	begin();
	assert_int_equal(load_manifest('a', &manifest), 0);
	assert_int_equal(find(1, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(find(2, &verdict), EXECGATE_REASON_ALLOWED);
	assert_int_equal(verdict.identity_version, 2);
	assert_int_equal(find(3, &verdict), EXECGATE_REASON_UNSIGNED);
	assert_int_equal(eg_catalog_find(EG_DIGEST_VERITY, digests[3], 5, 1,
					 &verdict),
			 EXECGATE_REASON_ALLOWED);
	assert_int_equal(eg_catalog_find(EG_DIGEST_VERITY, digests[2], 5, 1,
					 &verdict),
			 EXECGATE_REASON_UNSIGNED);
	assert_true(eg_catalog_may_have(EG_DIGEST_VERITY, 5, 1));
	end();
}

/* A key that was removed between verifying and loading. */
static void test_removed_key(void **state)
{
	begin();
	fake_removed = 'a';
	assert_int_equal(load('a', "a", 1, 1, 1), -ENOKEY);
	fake_removed = 0;
	assert_int_equal(load('a', "a", 1, 1, 1), 0);
	end();
}

static void test_get(void **state)
{
	struct eg_catalog_info info;

	begin();
	assert_false(eg_catalog_get(0, &info));
	assert_false(eg_catalog_revoked_get(0, &info));
	assert_int_equal(load('a', "one", 1, 1, 1), 0);
	assert_int_equal(load('a', "two", 2, 2, 1), 0);
	assert_int_equal(load('a', "three", 3, 3, 1), 0);
	assert_int_equal(eg_catalog_remove("one", 3), 0);
	assert_true(eg_catalog_get(0, &info));
	assert_int_equal(info.sequence, 2);
	assert_int_equal(info.entries, 1);
	assert_true(eg_catalog_get(1, &info));
	assert_int_equal(info.sequence, 3);
	assert_false(eg_catalog_get(2, &info));

	assert_int_equal(eg_catalog_revoke("two", 3, 7), 0);
	assert_int_equal(eg_catalog_revoke("other", 5, 0), 0);
	assert_true(eg_catalog_revoked_get(0, &info));
	assert_int_equal(info.sequence, 7);
	assert_memory_equal(info.name, "two", 4);
	assert_true(eg_catalog_revoked_get(1, &info));
	assert_int_equal(info.sequence, 0);
	assert_int_equal(info.name_size, 5);
	assert_false(eg_catalog_revoked_get(2, &info));
	end();
}

/* Names: as many as there are places, also of what is gone or only revoked. */
static void test_many(void **state)
{
	struct eg_catalog_info info;
	char name[16];
	int i;

	begin();
	for (i = 0; i < EXECGATE_CATALOGS_MAX; i++) {
		sprintf(name, "n%d", i);
		assert_int_equal(load('a', name, 1, i % 200 + 1, 1), 0);
	}
	assert_true(eg_catalog_get(EXECGATE_CATALOGS_MAX - 1, &info));
	assert_false(eg_catalog_get(EXECGATE_CATALOGS_MAX, &info));
	assert_int_equal(load('a', "more", 1, 1, 1), -ENOSPC);
	assert_int_equal(eg_catalog_revoke("more", 4, 1), -ENOSPC);
	assert_int_equal(eg_catalog_remove("n5", 2), 0);
	assert_int_equal(load('a', "more", 1, 1, 1), -ENOSPC);
	assert_int_equal(load('a', "n5", 1, 222, 1), 0);
	assert_true(lists(222));
	assert_int_equal(eg_catalog_revoke("n1023", 5, 1), 0);
	end();
}

/* All or nothing; and taking trust away does not fail. */
static void test_no_memory(void **state)
{
	struct eg_catalog_totals totals;
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];
	unsigned int nth, had;

	begin();
	assert_int_equal(load('a', "a", 1, 1, 1), 0);
	had = shim_allocated();
	for (nth = 1;; nth++) {
		int err;

		shim_fail_allocation(nth);
		err = load('a', "a", 2, 2, 1);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(shim_allocated(), had);
		assert_true(lists(1));
		assert_false(lists(2));
	}
	assert_int_equal(nth, 13);
	shim_fail_allocation(1);
	assert_int_equal(eg_catalog_remove("a", 1), -ENOMEM);
	shim_fail_allocation(0);
	assert_true(lists(2));

	memset(fingerprint, 'a', sizeof(fingerprint));
	shim_fail_allocation(1);
	eg_catalog_remove_signer(fingerprint);
	shim_fail_allocation(0);
	assert_false(lists(2));
	eg_catalog_totals(&totals);
	assert_int_equal(totals.catalogs, 1);
	end();
}

static void test_init_fails(void **state)
{
	unsigned int nth;

	for (nth = 1; nth <= 7; nth++) {
		shim_fail_allocation(nth);
		assert_int_equal(eg_catalog_init(), -ENOMEM);
		assert_int_equal(shim_allocated(), 0);
	}
	shim_fail_allocation(0);
	begin();
	end();
}

static void test_totals(void **state)
{
	struct eg_catalog_totals totals;
	size_t empty;

	begin();
	empty = shim_allocated_bytes();
	eg_catalog_totals(&totals);
	assert_int_equal(totals.digests, 0);
	/* But for the sequences that are remembered, it is all that there is. */
	empty -= totals.bytes;
	assert_int_equal(load('a', "a", 1, 1, 1), 0);
	assert_int_equal(load('a', "b", 1, 1, 1), 0);
	eg_catalog_totals(&totals);
	assert_int_equal(totals.catalogs, 2);
	assert_int_equal(totals.digests, 2);
	assert_int_equal(totals.bytes, shim_allocated_bytes() - empty);
	end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_steps),       KERNEL_CASE(test_names),
		KERNEL_CASE(test_files),       KERNEL_CASE(test_forged),
		KERNEL_CASE(test_several),     KERNEL_CASE(test_votes),
		KERNEL_CASE(test_expiry),      KERNEL_CASE(test_paths),
		KERNEL_CASE(test_removed_key), KERNEL_CASE(test_get),
		KERNEL_CASE(test_many),	       KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_init_fails),  KERNEL_CASE(test_totals),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
