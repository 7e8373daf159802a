// SPDX-License-Identifier: GPL-2.0
#include "policy.h"

#define FLOOR_NAME_MAX 255 /* as an identity's: manifest.h */

/* Plain ASCII: the name goes to logs, terminals and file names as it is. */
static bool is_name_byte(u8 c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '+' ||
	       c == '-';
}

bool eg_policy_object_name(struct eg_bytes name)
{
	size_t i;

	if (!name.size || name.size > EG_POLICY_OBJECT_NAME_MAX ||
	    name.data[0] == '.' || name.data[0] == '-')
		return false;
	for (i = 0; i < name.size; i++)
		if (!is_name_byte(name.data[i]))
			return false;
	return true;
}

/* Shown to people and kept in a text: no controls, and no blank at its ends. */
static bool is_floor(const struct eg_policy_floor *floor)
{
	struct eg_bytes name = floor->name;
	size_t i;

	if (!floor->below || !name.size || name.size > FLOOR_NAME_MAX ||
	    name.data[0] == ' ' || name.data[name.size - 1] == ' ')
		return false;
	for (i = 0; i < name.size; i++)
		if (name.data[i] < ' ' || name.data[i] == 0x7f)
			return false;
	return true;
}

bool eg_policy_floor_before(struct eg_bytes a, struct eg_bytes b)
{
	if (a.size != b.size)
		return a.size < b.size;
	return memcmp(a.data, b.data, a.size) < 0;
}

bool eg_policy_floor_next(struct eg_bytes *list, struct eg_policy_floor *out)
{
	size_t size;

	if (list->size < EG_POLICY_FLOOR_HEADER_SIZE)
		return false;
	size = list->data[8];
	if (size > list->size - EG_POLICY_FLOOR_HEADER_SIZE)
		return false;
	out->below = eg_le64(list->data);
	out->name.data = list->data + EG_POLICY_FLOOR_HEADER_SIZE;
	out->name.size = size;
	list->data += EG_POLICY_FLOOR_HEADER_SIZE + size;
	list->size -= EG_POLICY_FLOOR_HEADER_SIZE + size;
	return true;
}

/* Equal floors are equal bytes, as there is one order. */
bool eg_policy_floors_check(struct eg_bytes list)
{
	struct eg_policy_floor floor, before = { .below = 0 };

	if (list.size > EG_POLICY_FLOORS_SIZE_MAX)
		return false;
	while (eg_policy_floor_next(&list, &floor)) {
		if (!is_floor(&floor) ||
		    (before.below &&
		     !eg_policy_floor_before(before.name, floor.name)))
			return false;
		before = floor;
	}
	/* A rest is a floor cut off. */
	return !list.size;
}

bool eg_policy_user_next(struct eg_bytes *list, u32 *uid)
{
	if (list->size < EG_POLICY_USER_SIZE)
		return false;
	*uid = eg_le32(list->data);
	list->data += EG_POLICY_USER_SIZE;
	list->size -= EG_POLICY_USER_SIZE;
	return true;
}

bool eg_policy_users_check(struct eg_bytes list)
{
	u32 uid, before = 0;

	if (list.size > EG_POLICY_USERS_SIZE_MAX)
		return false;
	/* Root, 0, is before the first. */
	while (eg_policy_user_next(&list, &uid)) {
		if (uid <= before || uid == (u32)-1)
			return false;
		before = uid;
	}
	return !list.size;
}

static bool is_known(const struct eg_policy_object *object)
{
	return object->version && object->mode < EG_POLICY_OBJECT_MODES &&
	       object->profile < EG_POLICY_OBJECT_PROFILES &&
	       !(object->select & ~(u32)EG_POLICY_OBJECT_GATES) &&
	       !(object->gates & ~object->select) &&
	       eg_policy_object_name(object->name) &&
	       eg_policy_floors_check(object->floors) &&
	       eg_policy_users_check(object->users);
}

enum eg_format eg_policy_object_parse(struct eg_bytes in,
				      struct eg_policy_object *out)
{
	const u8 *p = in.data;
	u32 strings;

	memset(out, 0, sizeof(*out));
	if (in.size < EG_POLICY_OBJECT_HEADER_SIZE ||
	    memcmp(p, EG_POLICY_OBJECT_MAGIC, 8))
		return EG_FORMAT_MALFORMED;
	if (in.size > EG_POLICY_OBJECT_MAX)
		return EG_FORMAT_TOO_LARGE;
	strings = (u32)in.size - EG_POLICY_OBJECT_HEADER_SIZE;
	if (eg_le16(p + 8) != EG_POLICY_OBJECT_VERSION ||
	    eg_le16(p + 10) != EG_POLICY_OBJECT_HEADER_SIZE ||
	    eg_le32(p + 12) != in.size || eg_le32(p + 48) ||
	    eg_le32(p + 52) > strings ||
	    eg_le32(p + 56) > strings - eg_le32(p + 52) ||
	    eg_le32(p + 60) != strings - eg_le32(p + 52) - eg_le32(p + 56))
		return EG_FORMAT_MALFORMED;
	out->version = eg_le64(p + 16);
	out->created_at = eg_le64(p + 24);
	out->mode = eg_le32(p + 32);
	out->profile = eg_le32(p + 36);
	out->gates = eg_le32(p + 40);
	out->select = eg_le32(p + 44);
	out->name.data = p + EG_POLICY_OBJECT_HEADER_SIZE;
	out->name.size = eg_le32(p + 52);
	out->floors.data = out->name.data + out->name.size;
	out->floors.size = eg_le32(p + 56);
	out->users.data = out->floors.data + out->floors.size;
	out->users.size = eg_le32(p + 60);
	return is_known(out) ? EG_FORMAT_OK : EG_FORMAT_MALFORMED;
}

static void put(u8 *to, u64 value, size_t bytes)
{
	size_t i;

	for (i = 0; i < bytes; i++)
		to[i] = (u8)(value >> (8 * i));
}

size_t eg_policy_floor_write(const struct eg_policy_floor *floor, u8 *out,
			     size_t room)
{
	if (!is_floor(floor) || room < EG_POLICY_FLOOR_HEADER_SIZE ||
	    floor->name.size > room - EG_POLICY_FLOOR_HEADER_SIZE)
		return 0;
	put(out, floor->below, 8);
	put(out + 8, floor->name.size, 1);
	memcpy(out + EG_POLICY_FLOOR_HEADER_SIZE, floor->name.data,
	       floor->name.size);
	return EG_POLICY_FLOOR_HEADER_SIZE + floor->name.size;
}

void eg_policy_user_write(u32 uid, u8 out[EG_POLICY_USER_SIZE])
{
	put(out, uid, EG_POLICY_USER_SIZE);
}

size_t eg_policy_object_write(const struct eg_policy_object *object,
			      u8 out[EG_POLICY_OBJECT_MAX])
{
	u8 *name = out + EG_POLICY_OBJECT_HEADER_SIZE;
	size_t size;

	if (!is_known(object))
		return 0;
	size = EG_POLICY_OBJECT_HEADER_SIZE + object->name.size +
	       object->floors.size + object->users.size;
	memset(out, 0, EG_POLICY_OBJECT_HEADER_SIZE);
	memcpy(out, EG_POLICY_OBJECT_MAGIC, 8);
	put(out + 8, EG_POLICY_OBJECT_VERSION, 2);
	put(out + 10, EG_POLICY_OBJECT_HEADER_SIZE, 2);
	put(out + 12, size, 4);
	put(out + 16, object->version, 8);
	put(out + 24, object->created_at, 8);
	put(out + 32, object->mode, 4);
	put(out + 36, object->profile, 4);
	put(out + 40, object->gates, 4);
	put(out + 44, object->select, 4);
	put(out + 52, object->name.size, 4);
	put(out + 56, object->floors.size, 4);
	put(out + 60, object->users.size, 4);
	memcpy(name, object->name.data, object->name.size);
	if (object->floors.size)
		memcpy(name + object->name.size, object->floors.data,
		       object->floors.size);
	if (object->users.size)
		memcpy(name + object->name.size + object->floors.size,
		       object->users.data, object->users.size);
	return size;
}
