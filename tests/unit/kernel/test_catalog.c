// SPDX-License-Identifier: GPL-2.0
/* Catalogs that come, go and are revoked. */
#include "trust/catalog.h"

#include <linux/err.h>
#include <linux/kernel.h>

#include "cases.h"
#include "listed.h"
#include "core/policy.h"
#include "support.h"

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
	{ LOAD, 'w', "a", 7, 4, -ENOPKG, 2, 3 << 1, "of a weak one" },
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

	catalogs_begin();
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
	catalogs_end();
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

	catalogs_begin();
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
	catalogs_end();
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
	struct inode inode;
	struct file file;
	unsigned int nth;

	catalogs_begin();
	fake_file(&file, &inode, message);
	inode.i_mode = S_IFDIR | 0755;
	assert_int_equal(eg_catalog_add(&file, &info), -EBADMSG);
	fake_file(&file, &inode, message);
	inode.i_size = 0;
	shim_fail_allocation(0);
	assert_int_equal(eg_catalog_add(&file, &info), -EBADMSG);
	assert_int_equal(shim_allocations(), 0);
	inode.i_size = -1;
	assert_int_equal(eg_catalog_add(&file, &info), -EBADMSG);
	inode.i_size = EXECGATE_CATALOG_SIZE_MAX + 1;
	assert_int_equal(eg_catalog_add(&file, &info), -EFBIG);
	/* As large as it may be: only that there is no memory just now. */
	inode.i_size = EXECGATE_CATALOG_SIZE_MAX;
	shim_fail_allocation(1);
	assert_int_equal(eg_catalog_add(&file, &info), -ENOMEM);
	shim_fail_allocation(0);
	inode.i_size = message.size - 1;
	assert_int_equal(eg_catalog_add(&file, &info), -EBADMSG);
	inode.i_size = message.size;
	file.f_mode = 0;
	assert_int_equal(eg_catalog_add(&file, &info), -EBADF);
	file.f_mode = FMODE_READ;
	for (nth = 1; nth <= 1; nth++) {
		fake_fail_read(nth, -EINTR);
		assert_int_equal(eg_catalog_add(&file, &info), -EINTR);
	}
	fake_fail_read(0, 0);
	assert_int_equal(load_bytes(policy, &info), -EBADMSG);
	assert_int_equal(file.references, 0);
	assert_false(eg_catalog_get(0, &info));
	assert_int_equal(eg_catalog_add(&file, &info), 0);
	bytes_free(content);
	bytes_free(message);
	bytes_free(policy);
	catalogs_end();
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

	catalogs_begin();
	*(u8 *)memmem(message.data, message.size, "forged", 6) = 'F';
	assert_int_equal(load_bytes(message, &info), -EKEYREJECTED);
	*(u8 *)memmem(message.data, message.size, "Forged", 6) = 'f';
	assert_int_equal(load_bytes(message, &info), 0);
	bytes_free(content);
	bytes_free(message);
	catalogs_end();
}

/* A key that was removed between verifying and loading. */
static void test_removed_key(void **state)
{
	catalogs_begin();
	fake_removed = 'a';
	assert_int_equal(load('a', "a", 1, 1, 1), -ENOKEY);
	fake_removed = 0;
	assert_int_equal(load('a', "a", 1, 1, 1), 0);
	catalogs_end();
}

static void test_get(void **state)
{
	struct eg_catalog_info info;

	catalogs_begin();
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
	/* The first free place is taken. */
	assert_int_equal(load('a', "four", 4, 4, 1), 0);
	assert_true(eg_catalog_get(0, &info));
	assert_int_equal(info.sequence, 4);

	assert_int_equal(eg_catalog_revoke("two", 3, 7), 0);
	assert_int_equal(eg_catalog_revoke("other", 5, 0), 0);
	assert_true(eg_catalog_revoked_get(0, &info));
	assert_int_equal(info.sequence, 7);
	assert_memory_equal(info.name, "two", 4);
	assert_true(eg_catalog_revoked_get(1, &info));
	assert_int_equal(info.sequence, 0);
	assert_int_equal(info.name_size, 5);
	assert_false(eg_catalog_revoked_get(2, &info));
	catalogs_end();
}

/* Names: as many as there are places, also of what is gone or only revoked. */
static void test_many(void **state)
{
	struct eg_catalog_info info;
	char name[16];
	int i;

	catalogs_begin();
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
	assert_true(eg_catalog_revoked_get(0, &info));
	assert_false(eg_catalog_revoked_get(1, &info));
	catalogs_end();
}

/* All or nothing; and taking trust away does not fail. */
static void test_no_memory(void **state)
{
	struct eg_catalog_totals totals;
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];
	unsigned int nth, had;

	catalogs_begin();
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
	assert_int_equal(nth, 14);
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
	catalogs_end();
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
	catalogs_begin();
	catalogs_end();
}

static void test_totals(void **state)
{
	struct eg_catalog_totals totals;
	size_t empty;

	catalogs_begin();
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
	catalogs_end();
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_steps),       KERNEL_CASE(test_names),
		KERNEL_CASE(test_files),       KERNEL_CASE(test_forged),
		KERNEL_CASE(test_removed_key), KERNEL_CASE(test_get),
		KERNEL_CASE(test_many),	       KERNEL_CASE(test_no_memory),
		KERNEL_CASE(test_init_fails),  KERNEL_CASE(test_totals),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
