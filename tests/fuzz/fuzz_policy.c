// SPDX-License-Identifier: GPL-2.0
/*
 * What is accepted is written again to the last byte, so nothing of it is
 * ignored; it has no mode, profile, gate or name that is not known; and no
 * manifest is ever a policy or a policy a manifest.
 */
#include "format/manifest.h"
#include "format/policy.h"
#include "fuzz.h"

static void check_known(const struct eg_policy_object *object)
{
	size_t i;

	HOLDS(object->version);
	HOLDS(object->mode < 3 && object->profile < 3);
	HOLDS(object->select < 1 << 14);
	HOLDS((object->gates & object->select) == object->gates);
	HOLDS(object->name.size >= 1 && object->name.size <= 64);
	for (i = 0; i < object->name.size; i++)
		HOLDS(object->name.data[i] > ' ' &&
		      object->name.data[i] < 127 &&
		      object->name.data[i] != '/');
}

/* Each floor says something, to people too; they ascend, and none is left over. */
static void check_floors(struct eg_bytes list)
{
	struct eg_policy_floor floor, before = { .below = 0 };
	u8 again[EG_POLICY_FLOORS_SIZE_MAX];
	size_t i, used = 0;
	struct eg_bytes all = list;

	while (eg_policy_floor_next(&list, &floor)) {
		HOLDS(floor.below && floor.name.size && floor.name.size < 256);
		HOLDS(is_within(floor.name, all));
		for (i = 0; i < floor.name.size; i++)
			HOLDS(floor.name.data[i] >= ' ');
		HOLDS(!before.below ||
		      (eg_policy_floor_before(before.name, floor.name) &&
		       !eg_policy_floor_before(floor.name, before.name)));
		used += eg_policy_floor_write(&floor, again + used,
					      sizeof(again) - used);
		before = floor;
	}
	HOLDS(!list.size && used == all.size);
	HOLDS(!used || !memcmp(again, all.data, used));
}

/* Each is somebody else than root; they ascend, and are written as they are read. */
static void check_users(struct eg_bytes list)
{
	u8 again[EG_POLICY_USER_SIZE];
	u32 uid, before = 0;
	const u8 *at;

	HOLDS(eg_policy_users_check(list));
	for (at = list.data; eg_policy_user_next(&list, &uid); at = list.data) {
		HOLDS(uid > before && uid < 0xffffffff);
		eg_policy_user_write(uid, again);
		HOLDS(!memcmp(again, at, sizeof(again)));
		before = uid;
	}
	HOLDS(!list.size);
}

/* Any one bit changed makes it another policy, or none; never the same one. */
static void check_flipped(const struct eg_policy_object *object,
			  struct eg_bytes in)
{
	struct eg_policy_object other;
	u8 copy[EG_POLICY_OBJECT_MAX], again[EG_POLICY_OBJECT_MAX];
	size_t bit = (size_t)(object->version % (in.size * 8));

	memcpy(copy, in.data, in.size);
	copy[bit / 8] ^= (u8)(1 << bit % 8);
	if (eg_policy_object_parse((struct eg_bytes){ copy, in.size }, &other))
		return;
	HOLDS(eg_policy_object_write(&other, again) == in.size);
	HOLDS(!memcmp(again, copy, in.size));
	HOLDS(memcmp(again, in.data, in.size));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct eg_bytes in = { data, size };
	struct eg_policy_object object;
	struct eg_manifest manifest;
	u8 out[EG_POLICY_OBJECT_MAX];

	if (eg_policy_object_parse(in, &object) != EG_FORMAT_OK)
		return 0;
	check_known(&object);
	HOLDS(is_within(object.name, in));
	HOLDS(is_within(object.floors, in));
	check_floors(object.floors);
	HOLDS(is_within(object.users, in));
	check_users(object.users);
	HOLDS(eg_policy_object_write(&object, out) == size);
	HOLDS(!memcmp(out, data, size));
	HOLDS(eg_manifest_parse(in, &manifest) != EG_FORMAT_OK);
	check_flipped(&object, in);
	return 0;
}
