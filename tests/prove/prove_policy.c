// SPDX-License-Identifier: GPL-2.0
/*
 * A signed policy. First one floor, whose name is looked at byte by byte; then any
 * list of them, and of users; then the object, of any size: once it is accepted no name leaves it.
 */
#include "format/policy.c"
#include "prove.h"

/* One floor, any: that it was looked at holds for all of them. */
static const u8 *watched;
static bool watched_good;

bool any_floor(const struct eg_policy_floor *floor)
{
	bool good = nondet_bool();

	HOLDS(is_readable(floor->name));
	if (floor->name.data == watched)
		watched_good = good;
	return good && floor->below;
}

bool any_before(struct eg_bytes a, struct eg_bytes b)
{
	HOLDS(is_readable(a));
	HOLDS(is_readable(b));
	return nondet_bool();
}

bool any_floors(struct eg_bytes list)
{
	HOLDS(is_readable(list));
	return nondet_bool();
}

bool any_users(struct eg_bytes list)
{
	HOLDS(is_readable(list));
	return nondet_bool();
}

bool any_name(struct eg_bytes name)
{
	HOLDS(is_readable(name));
	return name.size && name.size <= EG_POLICY_OBJECT_NAME_MAX &&
	       nondet_bool();
}

/* What may be shown is not empty, has no controls, and fits in its one byte of size. */
void prove_floor(void)
{
	struct eg_policy_floor floor = { .below = nondet_u64() };
	size_t at = nondet_size();

	ANY_BYTES(name);
	floor.name = name;
	if (!is_floor(&floor))
		return;
	HOLDS(floor.below && name.size && name.size <= 255);
	ASSUME(at < name.size);
	HOLDS(name.data[at] >= ' ' && name.data[at] != 0x7f);
}

void prove_list(void)
{
	size_t at = nondet_size();
	struct eg_policy_floor floor;

	ANY_OBJECT(list);
	ASSUME(at <= list.size);
	watched = list.data + at;
	if (!eg_policy_floors_check(list))
		return;
	while (eg_policy_floor_next(&list, &floor)) {
		HOLDS(is_readable(floor.name) && floor.below);
		HOLDS(floor.name.data != watched || watched_good);
	}
	HOLDS(!list.size);
}

/* Neither root nor nobody is among them, and none is twice. */
void prove_users(void)
{
	u32 uid, before = 0;

	ANY_OBJECT(list);
	if (!eg_policy_users_check(list))
		return;
	while (eg_policy_user_next(&list, &uid)) {
		HOLDS(uid > before && uid != (u32)-1);
		before = uid;
	}
	HOLDS(!list.size);
}

void prove_object(void)
{
	struct eg_policy_object object;

	ANY_OBJECT(in);
	if (eg_policy_object_parse(in, &object) != EG_FORMAT_OK)
		return;
	HOLDS(in.size <= EG_POLICY_OBJECT_MAX && object.version);
	HOLDS(object.name.size && is_within(object.name, in));
	HOLDS(is_within(object.floors, in));
	HOLDS(object.name.data + object.name.size == object.floors.data);
	HOLDS(is_within(object.users, in));
	HOLDS(object.floors.data + object.floors.size == object.users.data);
	HOLDS(object.floors.size + object.users.size ==
	      in.size - EG_POLICY_OBJECT_HEADER_SIZE - object.name.size);
}
