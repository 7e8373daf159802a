// SPDX-License-Identifier: GPL-2.0
#include "trust/signed_policy.h"

#include <linux/file.h>
#include <linux/slab.h>

#include "core/digest.h"
#include "trust/keyring.h"
#include "trust/verify.h"

/* The parser is pure and has numbers of its own: a new mode must reach it. */
static_assert(EG_POLICY_OBJECT_MODES == EXECGATE_MODE_COUNT);
static_assert(EG_POLICY_OBJECT_PROFILES == EXECGATE_PROFILE_COUNT);
static_assert(EG_POLICY_OBJECT_GATES == (1U << EXECGATE_GATE_COUNT) - 1);
static_assert(EG_POLICY_OBJECT_NAME_MAX == EXECGATE_POLICY_NAME_MAX);
static_assert(EXECGATE_POLICY_NAME_MAX <= EG_MANIFEST_NAME_MAX);
static_assert(EG_POLICY_FLOORS_SIZE_MAX == EXECGATE_POLICY_FLOORS_MAX);
static_assert(EG_POLICY_USERS_SIZE_MAX == EXECGATE_POLICY_USERS_MAX);
static_assert(EG_POLICY_OBJECT_MAX < EXECGATE_POLICY_SIZE_MAX);

u64 eg_policy_content_floor(const struct eg_policy_content *content,
			    struct eg_bytes name)
{
	struct eg_bytes list = eg_policy_content_floors(content);
	struct eg_policy_floor floor;

	while (eg_policy_floor_next(&list, &floor))
		if (floor.name.size == name.size &&
		    !memcmp(floor.name.data, name.data, name.size))
			return floor.below;
	return 0;
}

bool eg_policy_content_has_user(const struct eg_policy_content *content,
				u64 uid)
{
	struct eg_bytes list = eg_policy_content_users(content);
	u32 named;

	while (eg_policy_user_next(&list, &named))
		if (named == uid)
			return true;
	return false;
}

static void take_content(const struct eg_policy_object *object,
			 struct eg_bytes bytes, struct eg_policy_content *out)
{
	memcpy(out->bytes, bytes.data, bytes.size);
	out->size = bytes.size;
	out->users_at = bytes.size - object->users.size;
	out->floors_at = out->users_at - object->floors.size;
}

static void take_object(const struct eg_policy_object *object,
			const struct eg_verdict *verdict,
			struct eg_signed_policy *out)
{
	struct eg_policy_change change = {
		.has_mode = true,
		.has_profile = true,
		.mode = object->mode,
		.profile = object->profile,
		.gates = object->gates,
		.select = object->select,
	};

	memset(out, 0, sizeof(*out));
	out->version = object->version;
	out->created = object->created_at;
	eg_policy_apply(&out->says, &change);
	memcpy(out->signer, verdict->signer, sizeof(out->signer));
	memcpy(out->name, object->name.data, object->name.size);
}

/*
 * Verified before it is parsed; so a message of a file or a catalog, by a key
 * that may sign policies too, comes as far as the parser, and its magic ends it
 * there.
 */
static enum execgate_reason judge_message(struct eg_bytes message,
					  struct eg_verdict *verdict,
					  struct eg_signed_policy *out,
					  struct eg_policy_content *content)
{
	struct eg_policy_object object;
	enum execgate_reason reason;
	struct eg_cms cms;

	reason = eg_verify_reason(eg_cms_parse(message, &cms));
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	reason = eg_verify_message(message, &cms, (struct eg_bytes){},
				   EXECGATE_PURPOSE_POLICY, verdict);
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	reason = eg_verify_reason(eg_policy_object_parse(cms.content, &object));
	if (reason != EXECGATE_REASON_ALLOWED)
		return reason;
	if (!eg_keyring_in_time(verdict->not_after, object.created_at))
		return EXECGATE_REASON_EXPIRED;
	/* An event about it has its name and version, as of a file's identity. */
	eg_verdict_name(verdict, object.name, object.version);
	take_object(&object, verdict, out);
	take_content(&object, cms.content, content);
	return EXECGATE_REASON_ALLOWED;
}

static int read_all(struct file *file, void *buffer, size_t size)
{
	struct file *reader = eg_digest_open(file);
	int err = PTR_ERR_OR_ZERO(reader);

	if (!err) {
		err = eg_digest_read(reader, 0, buffer, size);
		fput(reader);
	}
	return err;
}

void eg_signed_policy_read(struct file *file, struct eg_verdict *verdict,
			   struct eg_signed_policy *out,
			   struct eg_policy_content *content)
{
	struct inode *inode = file_inode(file);
	loff_t size = i_size_read(inode);
	u8 *bytes;
	int err;

	memset(verdict, 0, sizeof(*verdict));
	if (!S_ISREG(inode->i_mode)) {
		verdict->reason = EXECGATE_REASON_NOT_REGULAR;
		return;
	}
	if (size > EXECGATE_POLICY_SIZE_MAX) {
		verdict->reason = EXECGATE_REASON_TOO_LARGE;
		return;
	}
	if (size <= 0) {
		verdict->reason = EXECGATE_REASON_UNSIGNED;
		return;
	}
	bytes = kmalloc(size, GFP_KERNEL);
	/* From here on it is a copy: the file may change as it likes. */
	err = bytes ? read_all(file, bytes, size) : -ENOMEM;
	verdict->reason = err ? eg_verify_reason_of_errno(err) :
				judge_message((struct eg_bytes){ bytes, size },
					      verdict, out, content);
	kfree(bytes);
}
