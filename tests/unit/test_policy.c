// SPDX-License-Identifier: GPL-2.0
#include "format/policy.h"
#include "support.h"

#define NAME "web+db_1.x-2"
#define SIZE (EG_POLICY_OBJECT_HEADER_SIZE + sizeof(NAME) - 1)

static void put(u8 *at, size_t width, u64 value)
{
	while (width--) {
		*at++ = (u8)value;
		value >>= 8;
	}
}

static struct eg_bytes good_policy(void)
{
	u8 p[SIZE] = EG_POLICY_OBJECT_MAGIC;

	put(p + 8, 2, 1);
	put(p + 10, 2, 64);
	put(p + 12, 4, SIZE);
	put(p + 16, 8, 0xfedcba9876543210);
	put(p + 24, 8, 1790000000);
	put(p + 32, 4, 2);
	put(p + 36, 4, 1);
	put(p + 40, 4, 0x0201);
	put(p + 44, 4, 0x0309);
	put(p + 52, 4, sizeof(NAME) - 1);
	memcpy(p + 64, NAME, sizeof(NAME) - 1);
	return bytes_copy(p, sizeof(p));
}

static void test_good(void **state)
{
	struct eg_bytes in = good_policy();
	struct eg_policy_object object;

	(void)state;
	expect_format(eg_policy_object_parse(in, &object), EG_FORMAT_OK,
		      "a good policy");
	assert_true(object.version == 0xfedcba9876543210);
	assert_int_equal(object.created_at, 1790000000);
	assert_int_equal(object.mode, 2);
	assert_int_equal(object.profile, 1);
	assert_int_equal(object.gates, 0x0201);
	assert_int_equal(object.select, 0x0309);
	expect_within(object.name, in);
	assert_int_equal(object.name.size, sizeof(NAME) - 1);
	assert_memory_equal(object.name.data, NAME, sizeof(NAME) - 1);
	bytes_free(in);
}

static const struct {
	size_t at;
	size_t width;
	u64 value;
	enum eg_format expected;
	const char *why;
} fields[] = {
	{ 0, 1, 'F', EG_FORMAT_MALFORMED, "another magic" },
	{ 4, 4, 0x45544147, EG_FORMAT_MALFORMED, "that of a manifest" },
	{ 8, 2, 0, EG_FORMAT_MALFORMED, "format version 0" },
	{ 8, 2, 2, EG_FORMAT_MALFORMED, "format version 2" },
	{ 10, 2, 63, EG_FORMAT_MALFORMED, "a shorter header" },
	{ 10, 2, 65, EG_FORMAT_MALFORMED, "a longer header" },
	{ 12, 4, SIZE - 1, EG_FORMAT_MALFORMED, "a byte behind it" },
	{ 12, 4, SIZE + 1, EG_FORMAT_MALFORMED, "a byte too few" },
	{ 12, 4, 0xffffffff, EG_FORMAT_MALFORMED, "the largest size" },
	{ 16, 8, 0, EG_FORMAT_MALFORMED, "version 0" },
	{ 16, 8, 1, EG_FORMAT_OK, "the first version" },
	{ 16, 8, ~0ull, EG_FORMAT_OK, "the last version" },
	{ 24, 8, ~0ull, EG_FORMAT_OK, "any time" },
	{ 32, 4, 0, EG_FORMAT_OK, "mode off" },
	{ 32, 4, 3, EG_FORMAT_MALFORMED, "the next mode" },
	{ 32, 4, 0xffffffff, EG_FORMAT_MALFORMED, "the last mode" },
	{ 36, 4, 2, EG_FORMAT_OK, "profile strict" },
	{ 36, 4, 3, EG_FORMAT_MALFORMED, "the next profile" },
	{ 36, 4, 0x80000000, EG_FORMAT_MALFORMED, "a negative profile" },
	{ 40, 4, 0, EG_FORMAT_OK, "all selected gates off" },
	{ 40, 4, 0x0309, EG_FORMAT_OK, "all selected gates on" },
	{ 40, 4, 0x0002, EG_FORMAT_MALFORMED, "a gate not selected" },
	{ 40, 4, 0x80000001, EG_FORMAT_MALFORMED, "the last gate" },
	{ 44, 4, 0x3fff, EG_FORMAT_OK, "all gates selected" },
	{ 44, 4, 0x4309, EG_FORMAT_MALFORMED, "the next gate selected" },
	{ 44, 4, 0x80000309, EG_FORMAT_MALFORMED, "the last gate selected" },
	{ 44, 4, 0, EG_FORMAT_MALFORMED, "gates, but none selected" },
	{ 48, 4, 1, EG_FORMAT_MALFORMED, "a flag" },
	{ 48, 4, 0x80000000, EG_FORMAT_MALFORMED, "the last flag" },
	{ 52, 4, 0, EG_FORMAT_MALFORMED, "no name, but its bytes" },
	{ 52, 4, sizeof(NAME) - 2, EG_FORMAT_MALFORMED, "a shorter name" },
	{ 52, 8, (sizeof(NAME) - 2) | 1ull << 32, EG_FORMAT_MALFORMED,
	  "a shorter name, and a floor of one byte" },
	{ 52, 8, 0xfffffffffull, EG_FORMAT_MALFORMED, "a sum that wraps" },
	{ 52, 4, sizeof(NAME), EG_FORMAT_MALFORMED, "a longer name" },
	{ 52, 4, 0xffffffff, EG_FORMAT_MALFORMED, "the longest name" },
	{ 56, 4, 1, EG_FORMAT_MALFORMED, "floors that are not there" },
	{ 56, 4, 0xffffffff, EG_FORMAT_MALFORMED, "the most floors" },
	{ 56, 8, 4 | 0xfffffffcull << 32, EG_FORMAT_MALFORMED,
	  "floors and users whose sum wraps" },
	{ 60, 4, 1, EG_FORMAT_MALFORMED, "users that are not there" },
	{ 60, 4, 1u << 31, EG_FORMAT_MALFORMED, "the most users" },
	{ 64, 1, '.', EG_FORMAT_MALFORMED, "a name that starts with a dot" },
	{ 64, 1, '-', EG_FORMAT_MALFORMED, "a name that starts with a dash" },
	{ 65, 1, 0, EG_FORMAT_MALFORMED, "a zero in the name" },
	{ 65, 1, '/', EG_FORMAT_MALFORMED, "a slash in the name" },
	{ 65, 1, ' ', EG_FORMAT_MALFORMED, "a blank in the name" },
	{ 65, 1, 0x1b, EG_FORMAT_MALFORMED, "an escape in the name" },
	{ 65, 1, 0xe4, EG_FORMAT_MALFORMED, "more than ASCII in the name" },
	{ 65, 1, '@', EG_FORMAT_MALFORMED, "before A" },
	{ 65, 1, '[', EG_FORMAT_MALFORMED, "behind Z" },
	{ 65, 1, '`', EG_FORMAT_MALFORMED, "before a" },
	{ 65, 1, '{', EG_FORMAT_MALFORMED, "behind z" },
	{ 65, 1, ':', EG_FORMAT_MALFORMED, "behind 9" },
	{ 65, 1, 'Z', EG_FORMAT_OK, "a capital" },
};

static void test_fields(void **state)
{
	struct eg_policy_object object;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(fields); i++) {
		struct eg_bytes in = good_policy();

		put((u8 *)in.data + fields[i].at, fields[i].width,
		    fields[i].value);
		expect_format(eg_policy_object_parse(in, &object),
			      fields[i].expected, fields[i].why);
		bytes_free(in);
	}
}

static void test_sizes(void **state)
{
	struct eg_bytes good = good_policy(), in;
	struct eg_policy_object object;
	u8 large[EG_POLICY_OBJECT_MAX + 1] = { 0 };
	size_t size;

	(void)state;
	for (size = 0; size < good.size; size++) {
		in = bytes_copy(good.data, size);
		expect_format(eg_policy_object_parse(in, &object),
			      EG_FORMAT_MALFORMED, "cut");
		bytes_free(in);
	}
	memcpy(large, good.data, 64);
	memset(large + 64, 'a', sizeof(large) - 64);
	put(large + 56, 4, 0);
	for (size = 64 + 64; size <= 64 + 65; size++) {
		put(large + 12, 4, size);
		put(large + 52, 4, size - 64);
		in = bytes_copy(large, size);
		expect_format(eg_policy_object_parse(in, &object),
			      size == 64 + 64 ? EG_FORMAT_OK :
						EG_FORMAT_MALFORMED,
			      "the longest name, and one byte more");
		bytes_free(in);
	}
	put(large + 12, 4, sizeof(large));
	in = bytes_copy(large, sizeof(large));
	expect_format(eg_policy_object_parse(in, &object), EG_FORMAT_TOO_LARGE,
		      "a byte more than any may have");
	bytes_free(in);
	bytes_free(good);
}

static size_t put_floor(u8 *at, u64 below, const char *name)
{
	size_t size = strlen(name);

	put(at, 8, below);
	put(at + 8, 1, size);
	memcpy(at + 9, name, size);
	return 9 + size;
}

/* What is read is what was written, in the order it was written. */
static void test_floors(void **state)
{
	static const char *const names[] = { "b", "org.example/sudo",
					     "org.example/sudp" };
	struct eg_bytes good = good_policy(), in;
	struct eg_policy_object object;
	struct eg_policy_floor floor;
	u8 floors[128], out[EG_POLICY_OBJECT_MAX];
	size_t i, size = 0;

	(void)state;
	eg_policy_object_parse(good, &object);
	assert_int_equal(object.floors.size, 0);
	assert_false(eg_policy_floor_next(&object.floors, &floor));
	for (i = 0; i < ARRAY_SIZE(names); i++)
		size += put_floor(floors + size, i + 7, names[i]);
	object.floors = bytes_copy(floors, size);
	in = object.floors;
	size = eg_policy_object_write(&object, out);
	assert_int_equal(size, good.size + in.size);
	bytes_free(in);
	in = bytes_copy(out, size);
	expect_format(eg_policy_object_parse(in, &object), EG_FORMAT_OK,
		      "a policy with floors");
	expect_within(object.floors, in);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		assert_true(eg_policy_floor_next(&object.floors, &floor));
		assert_int_equal(floor.below, i + 7);
		assert_int_equal(floor.name.size, strlen(names[i]));
		assert_memory_equal(floor.name.data, names[i], floor.name.size);
	}
	assert_false(eg_policy_floor_next(&object.floors, &floor));
	bytes_free(in);
	bytes_free(good);
}

static void put_users(u8 *out, const u32 *uids, size_t count)
{
	for (size_t i = 0; i < count; i++)
		eg_policy_user_write(uids[i], out + 4 * i);
}

static void test_users(void **state)
{
	static const struct {
		u32 uids[3];
		size_t size;
		bool good;
		const char *why;
	} lists[] = {
		{ {}, 0, true, "nobody" },
		{ { 1 }, 4, true, "one" },
		{ { 1, 2, 0xfffffffe }, 12, true, "up to the last" },
		{ { 0, 1 }, 8, false, "root" },
		{ { 0xffffffff }, 4, false, "none" },
		{ { 5, 5 }, 8, false, "one twice" },
		{ { 6, 5 }, 8, false, "another order" },
		{ { 5, 6 }, 7, false, "one cut off" },
		{ { 5 }, 3, false, "a part of one" },
	};
	u8 bytes[EG_POLICY_USERS_SIZE_MAX + 4], out[EG_POLICY_OBJECT_MAX];
	struct eg_policy_object object, again;
	struct eg_bytes list;
	u32 uid;

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		put_users(bytes, lists[i].uids, 3);
		list = bytes_copy(bytes, lists[i].size);
		if (eg_policy_users_check(list) != lists[i].good)
			fail_msg("%s", lists[i].why);
		bytes_free(list);
	}
	for (uid = 0; uid < sizeof(bytes) / 4; uid++)
		eg_policy_user_write(uid + 1, bytes + (size_t)4 * uid);
	assert_true(eg_policy_users_check(
		(struct eg_bytes){ bytes, EG_POLICY_USERS_SIZE_MAX }));
	assert_false(eg_policy_users_check(
		(struct eg_bytes){ bytes, sizeof(bytes) }));
	object = (struct eg_policy_object){ .version = 1,
					    .name = { (const u8 *)"a", 1 },
					    .users = { bytes, 8 } };
	list = bytes_copy(out, eg_policy_object_write(&object, out));
	assert_int_equal(eg_policy_object_parse(list, &again), EG_FORMAT_OK);
	expect_within(again.users, list);
	assert_true(eg_policy_user_next(&again.users, &uid) && uid == 1);
	assert_true(eg_policy_user_next(&again.users, &uid) && uid == 2);
	assert_false(eg_policy_user_next(&again.users, &uid));
	bytes_free(list);
}

static void test_floor_write(void **state)
{
	struct eg_policy_floor floor = { 3, { (const u8 *)"name", 4 } };
	u8 out[13];

	(void)state;
	assert_int_equal(eg_policy_floor_write(&floor, out, 12), 0);
	assert_int_equal(eg_policy_floor_write(&floor, out, 8), 0);
	assert_int_equal(eg_policy_floor_write(&floor, out, 13), 13);
	assert_true(eg_policy_floors_check((struct eg_bytes){ out, 13 }));
	floor.below = 0;
	assert_int_equal(eg_policy_floor_write(&floor, out, 13), 0);
	floor.below = 3;
	floor.name.data = (const u8 *)"a\nb";
	floor.name.size = 3;
	assert_int_equal(eg_policy_floor_write(&floor, out, 13), 0);
}

/* What is written is what was parsed; nothing else is written at all. */
static void test_write(void **state)
{
	struct eg_bytes good = good_policy();
	struct eg_policy_object object, wrong;
	u8 out[EG_POLICY_OBJECT_MAX];

	(void)state;
	memset(out, 0xff, sizeof(out));
	eg_policy_object_parse(good, &object);
	assert_int_equal(eg_policy_object_write(&object, out), good.size);
	assert_memory_equal(out, good.data, good.size);
	wrong = object;
	wrong.version = 0;
	assert_int_equal(eg_policy_object_write(&wrong, out), 0);
	wrong = object;
	wrong.mode = 3;
	assert_int_equal(eg_policy_object_write(&wrong, out), 0);
	wrong = object;
	wrong.name.size = 0;
	assert_int_equal(eg_policy_object_write(&wrong, out), 0);
	wrong.name.size = EG_POLICY_OBJECT_NAME_MAX + 1;
	assert_int_equal(eg_policy_object_write(&wrong, out), 0);
	bytes_free(good);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_floors),
		cmocka_unit_test(test_users),
		cmocka_unit_test(test_floor_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
