/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy object: what a signed policy says. It is the content of a CMS
 * message (cms.h), as a manifest is, under a magic of its own, so that no
 * signature of a file or of a catalog can ever be taken for a policy or a
 * policy for one of them. Little endian:
 *
 *	 0  8  magic "EXECGPOL"
 *	 8  2  format version, 1
 *	10  2  header size, 64
 *	12  4  total size: exactly the size of the whole object
 *	16  8  version of the policy, >= 1; it never goes back on a machine
 *	24  8  created at, seconds since 1970 UTC; not after the end of its key
 *	32  4  mode, enum execgate_mode
 *	36  4  profile, enum execgate_profile: sets its gates
 *	40  4  gates, bits by enum execgate_gate: those of @select as here
 *	44  4  select: the gates that are set by themselves, whatever the profile
 *	48  4  flags, 0
 *	52  4  name size, 1 to 64
 *	56  4  size of the floors, 0 to 4096
 *	60  4  size of the users, 0 to 512
 *	64  n  name: letters, digits and ._+-, the first no dot or dash
 *	    m  floors, one after the other, a shorter name first, of one size in
 *	       their order of bytes, none twice:
 *
 *	 0  8  version, >= 1: what is signed with a lower one is code no longer
 *	 8  1  size of the name, 1 to 255
 *	 9  n  name of an identity: no controls, and no blank at its ends
 *
 *	    k  users that are constrained, 4 bytes each: ascending numbers, none
 *	       twice, neither 0 nor the last, which stands for none
 *
 * Mode, profile, gates: a policy says all of it, so what it comes to does not
 * depend on what was in force before. A mode, profile, gate or flag that this
 * reader does not know is refused, not ignored: a policy must never mean less
 * to an older reader than its signer meant. Where there were no floors or users
 * yet, their size was reserved.
 */
#ifndef EG_FORMAT_POLICY_H
#define EG_FORMAT_POLICY_H

#include "format.h"

#define EG_POLICY_OBJECT_MAGIC "EXECGPOL"
#define EG_POLICY_OBJECT_VERSION 1
#define EG_POLICY_OBJECT_HEADER_SIZE 64
#define EG_POLICY_OBJECT_NAME_MAX 64
#define EG_POLICY_FLOORS_SIZE_MAX 4096 /* bytes of all of them */
#define EG_POLICY_FLOOR_HEADER_SIZE 9
#define EG_POLICY_USERS_SIZE_MAX 512 /* bytes of all of them */
#define EG_POLICY_USER_SIZE 4
#define EG_POLICY_OBJECT_MAX                                        \
	(EG_POLICY_OBJECT_HEADER_SIZE + EG_POLICY_OBJECT_NAME_MAX + \
	 EG_POLICY_FLOORS_SIZE_MAX + EG_POLICY_USERS_SIZE_MAX)

/* The values of linux/execgate.h; whoever includes both asserts that they agree. */
#define EG_POLICY_OBJECT_MODES 3
#define EG_POLICY_OBJECT_PROFILES 3
#define EG_POLICY_OBJECT_GATES 0x3fff

struct eg_policy_object {
	u64 version;
	u64 created_at;
	u32 mode;
	u32 profile;
	u32 gates; /* within @select */
	u32 select;
	struct eg_bytes name;
	struct eg_bytes floors; /* for eg_policy_floor_next() */
	struct eg_bytes users;	/* for eg_policy_user_next() */
};

struct eg_policy_floor {
	u64 below;
	struct eg_bytes name; /* of an identity, 1 to 255 bytes */
};

/**
 * eg_policy_object_parse() - check a whole policy object
 * @in: untrusted bytes; must be the object exactly, to its last byte
 * @out: filled on EG_FORMAT_OK
 *
 * Bounded by EG_POLICY_OBJECT_MAX: of what is larger the magic alone is seen.
 * Return: EG_FORMAT_OK, EG_FORMAT_MALFORMED, EG_FORMAT_TOO_LARGE.
 */
enum eg_format eg_policy_object_parse(struct eg_bytes in,
				      struct eg_policy_object *out);

/**
 * eg_policy_floor_next() - take the first floor off a list
 * @list: of an object that was parsed, or what is left of it
 *
 * Return: false at the end.
 */
bool eg_policy_floor_next(struct eg_bytes *list, struct eg_policy_floor *out);

/* Are these floors as an object has them? Linear in their size. */
bool eg_policy_floors_check(struct eg_bytes list);

/* Does @a come before @b? Neither does of the same name. */
bool eg_policy_floor_before(struct eg_bytes a, struct eg_bytes b);

/**
 * eg_policy_floor_write() - the bytes of one floor
 * @room: of @out
 *
 * Return: how many they are; 0 if there is no room, or none would be read.
 */
size_t eg_policy_floor_write(const struct eg_policy_floor *floor, u8 *out,
			     size_t room);

/* Take the first user off a list, of an object that was parsed. False at the end. */
bool eg_policy_user_next(struct eg_bytes *list, u32 *uid);

/* Are these users as an object has them? Linear in their number. */
bool eg_policy_users_check(struct eg_bytes list);

/* The bytes of one user, at the end of a list that is then checked. */
void eg_policy_user_write(u32 uid, u8 out[EG_POLICY_USER_SIZE]);

/* May a policy be called so? */
bool eg_policy_object_name(struct eg_bytes name);

/**
 * eg_policy_object_write() - the bytes of an object
 * @out: EG_POLICY_OBJECT_MAX bytes
 *
 * Return: the size, or 0 for one that eg_policy_object_parse() would refuse.
 */
size_t eg_policy_object_write(const struct eg_policy_object *object,
			      u8 out[EG_POLICY_OBJECT_MAX]);

#endif /* EG_FORMAT_POLICY_H */
