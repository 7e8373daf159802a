// SPDX-License-Identifier: GPL-2.0
#include "trust/signed_policy.h"

#include <linux/kernel.h>

#include "cases.h"
#include "fake.h"
#include "trust/revocation.h"
#include "support.h"

#define SEAL BIT(EXECGATE_GATE_SEAL)
#define INJECT BIT(EXECGATE_GATE_INJECT)

static const struct eg_policy_object good = {
	.version = 7,
	.created_at = 1700000000,
	.mode = EXECGATE_MODE_ENFORCE,
	.profile = EXECGATE_PROFILE_BASIC,
	.gates = SEAL,
	.select = SEAL | INJECT | BIT(EXECGATE_GATE_MMAP),
	.name = { (const u8 *)"web-1", 5 },
};

static struct eg_bytes object_of(const struct eg_policy_object *object)
{
	u8 out[EG_POLICY_OBJECT_MAX];

	return bytes_copy(out, eg_policy_object_write(object, out));
}

static struct eg_bytes signed_by(char signer)
{
	struct eg_bytes content = object_of(&good);
	struct eg_bytes message = forge_message(signer, content);

	bytes_free(content);
	return message;
}

static struct eg_policy_content read_content;

static void read_policy(struct eg_bytes bytes, struct eg_verdict *verdict,
			struct eg_signed_policy *out)
{
	static struct eg_policy_content content;
	struct inode inode;
	struct file file;

	fake_file(&file, &inode, bytes);
	memset(verdict, 0xff, sizeof(*verdict));
	eg_signed_policy_read(&file, verdict, out, &content);
	read_content = content;
	assert_int_equal(file.references, 0);
	assert_int_equal(shim_allocated(), 0);
}

static void test_good(void **state)
{
	struct eg_bytes content = object_of(&good), bytes = signed_by('a');
	struct eg_signed_policy policy;
	struct eg_verdict verdict;

	memset(&policy, 0xff, sizeof(policy));
	read_policy(bytes, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_ALLOWED);
	assert_true(verdict.has_signer);
	assert_int_equal(verdict.signer[0], 'a');
	assert_int_equal(verdict.identity_version, 7);
	assert_int_equal(verdict.identity_size, 5);
	assert_memory_equal(verdict.identity, "web-1", 5);
	assert_int_equal(policy.version, 7);
	assert_int_equal(policy.created, 1700000000);
	assert_int_equal(policy.says.mode, EXECGATE_MODE_ENFORCE);
	assert_int_equal(policy.says.profile, EXECGATE_PROFILE_BASIC);
	assert_int_equal(policy.says.gates, BIT(EXECGATE_GATE_EXEC) | SEAL);
	assert_int_equal(policy.signer[31], 'a');
	assert_string_equal(policy.name, "web-1");
	assert_int_equal(read_content.size, content.size);
	assert_memory_equal(read_content.bytes, content.data, content.size);
	assert_int_equal(eg_policy_content_floors(&read_content).size, 0);
	bytes_free(content);
	bytes_free(bytes);
}

/* What it says of versions is at the end of it, and only what was signed is seen. */
static void test_floors(void **state)
{
	const struct eg_policy_floor floor = { 7, { (const u8 *)"sudo", 4 } };
	struct eg_policy_object object = good;
	struct eg_signed_policy policy = {};
	struct eg_verdict verdict;
	struct eg_policy_floor seen;
	struct eg_bytes bytes, content, list;
	u8 floors[32], user[EG_POLICY_USER_SIZE];
	u32 uid;

	eg_policy_user_write(33, user);
	object.users = (struct eg_bytes){ user, sizeof(user) };
	object.floors.data = floors;
	object.floors.size =
		eg_policy_floor_write(&floor, floors, sizeof(floors));
	content = object_of(&object);
	bytes = forge_message('a', content);
	read_policy(bytes, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_ALLOWED);
	list = eg_policy_content_floors(&read_content);
	assert_true(eg_policy_floor_next(&list, &seen));
	assert_int_equal(seen.below, 7);
	assert_memory_equal(seen.name.data, "sudo", 4);
	assert_false(eg_policy_floor_next(&list, &seen));
	list = eg_policy_content_users(&read_content);
	assert_true(eg_policy_user_next(&list, &uid) && uid == 33);
	assert_false(eg_policy_user_next(&list, &uid));
	assert_true(eg_policy_content_has_user(&read_content, 33));
	assert_false(eg_policy_content_has_user(&read_content, 0));
	assert_false(eg_policy_content_has_user(&read_content, 34));
	assert_int_equal(eg_policy_content_floor(&read_content, floor.name), 7);
	assert_int_equal(eg_policy_content_floor(&read_content,
						 (struct eg_bytes){
							 floor.name.data, 3 }),
			 0);
	bytes_free(bytes);
	bytes_free(content);
}

static const struct {
	const char *signers; /* each of them */
	enum execgate_reason reason;
	bool signer;
} others[] = {
	{ "abcp", EXECGATE_REASON_ALLOWED, true },
	{ "fgk", EXECGATE_REASON_WRONG_PURPOSE, true },
	{ "u", EXECGATE_REASON_UNKNOWN_SIGNER, false },
	{ "e", EXECGATE_REASON_EXPIRED, true },
	{ "w", EXECGATE_REASON_WEAK_ALGORITHM, true },
	{ "m", EXECGATE_REASON_NO_MEMORY, true },
	{ "i", EXECGATE_REASON_INTERRUPTED, true },
};

static void test_signers(void **state)
{
	struct eg_signed_policy policy;
	struct eg_verdict verdict;
	const char *signer;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		for (signer = others[i].signers; *signer; signer++) {
			struct eg_bytes bytes = signed_by(*signer);

			memset(&policy, 0, sizeof(policy));
			read_policy(bytes, &verdict, &policy);
			expect_equal(verdict.reason, others[i].reason, signer);
			expect_equal(verdict.has_signer, others[i].signer,
				     signer);
			expect_equal(policy.version,
				     others[i].reason ? 0 : good.version,
				     signer);
			bytes_free(bytes);
		}
}

static void test_revoked(void **state)
{
	struct eg_revocation key = { .kind = EXECGATE_REVOCATION_KEY };
	struct eg_bytes bytes = signed_by('a');
	struct eg_signed_policy policy;
	struct eg_verdict verdict;
	struct inode inode;
	struct file file;

	memset(key.value, 'a', sizeof(key.value));
	assert_int_equal(eg_revocation_add(&key, 1), 0);
	fake_file(&file, &inode, bytes);
	eg_signed_policy_read(&file, &verdict, &policy, &read_content);
	assert_int_equal(verdict.reason, EXECGATE_REASON_REVOKED);
	bytes_free(bytes);
	eg_revocation_exit();
}

/* What is signed is something else, or what stands there is no message. */
static void test_objects(void **state)
{
	u8 digest[EG_SHA256_SIZE] = { 1 };
	const struct forged_manifest manifest = {
		.identities = { { "org.example/x" } },
		.entries = { { digest, 5, EXECGATE_CLASS_PROGRAM } },
	};
	struct eg_bytes of_a_file = forge_manifest(&manifest);
	struct eg_bytes object = object_of(&good);
	struct eg_bytes bytes = forge_message('a', of_a_file);
	struct eg_signed_policy policy = {};
	struct eg_verdict verdict;

	read_policy(bytes, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_MALFORMED);
	bytes_free(bytes);
	read_policy(object, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_MALFORMED);
	bytes = forge_detached('a', object);
	read_policy(bytes, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_MALFORMED);
	bytes_free(bytes);
	bytes = signed_by('a');
	((u8 *)bytes.data)[bytes.size - 1]++;
	read_policy(bytes, &verdict, &policy);
	assert_int_equal(verdict.reason, EXECGATE_REASON_BAD_SIGNATURE);
	bytes_free(bytes);
	assert_int_equal(policy.version, 0);
	bytes_free(object);
	bytes_free(of_a_file);
}

static const struct {
	umode_t mode;
	s64 size;
	int read; /* what reading gives */
	bool no_memory, closed;
	enum execgate_reason reason;
	const char *why;
} files[] = {
	{ S_IFDIR, 9, .reason = EXECGATE_REASON_NOT_REGULAR, "a directory" },
	{ S_IFREG, 0, .reason = EXECGATE_REASON_UNSIGNED, "empty" },
	{ S_IFREG, -1, .reason = EXECGATE_REASON_UNSIGNED, "less than that" },
	{ S_IFREG, 1, .reason = EXECGATE_REASON_MALFORMED, "a byte" },
	{ S_IFREG, EXECGATE_POLICY_SIZE_MAX,
	  .reason = EXECGATE_REASON_MALFORMED, "as large as may be" },
	{ S_IFREG, EXECGATE_POLICY_SIZE_MAX + 1,
	  .reason = EXECGATE_REASON_TOO_LARGE, "one byte more" },
	{ S_IFREG, 9, .no_memory = true, .reason = EXECGATE_REASON_NO_MEMORY,
	  "no memory" },
	{ S_IFREG, 9, .read = -EINTR, .reason = EXECGATE_REASON_INTERRUPTED,
	  "killed" },
	{ S_IFREG, 9, .read = -EIO, .reason = EXECGATE_REASON_IO_ERROR,
	  "a broken disk" },
	{ S_IFREG, 9, .closed = true, .reason = EXECGATE_REASON_IO_ERROR,
	  "not to be read" },
};

static void test_files(void **state)
{
	static const u8 zeros[EXECGATE_POLICY_SIZE_MAX + 1];
	struct eg_signed_policy policy;
	struct eg_verdict verdict;
	struct inode inode;
	struct file file;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(files); i++) {
		fake_file(&file, &inode, (struct eg_bytes){ zeros, 0 });
		inode.i_mode = files[i].mode;
		inode.i_size = files[i].size;
		file.f_mode = files[i].closed ? 0 : FMODE_READ;
		fake_fail_read(files[i].read ? 1 : 0, files[i].read);
		shim_fail_allocation(files[i].no_memory);
		eg_signed_policy_read(&file, &verdict, &policy, &read_content);
		expect_equal(verdict.reason, files[i].reason, files[i].why);
		expect_equal(verdict.has_signer, false, files[i].why);
		expect_equal(file.references, 0, files[i].why);
		expect_equal(shim_allocated(), 0, files[i].why);
	}
}

int main(void)
{
	static const struct kernel_case cases[] = {
		KERNEL_CASE(test_good),	   KERNEL_CASE(test_floors),
		KERNEL_CASE(test_signers), KERNEL_CASE(test_revoked),
		KERNEL_CASE(test_objects), KERNEL_CASE(test_files),
	};

	return kernel_cases_run(cases, ARRAY_SIZE(cases));
}
