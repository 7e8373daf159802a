// SPDX-License-Identifier: GPL-2.0
#include "lib/config/policy_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/io.h"
#include "lib/base/profile.h"
#include "lib/catalog/sequences.h"
#include "lib/crypto/signature.h"

_Static_assert(EG_POLICY_OBJECT_MODES == EXECGATE_MODE_COUNT &&
		       EG_POLICY_OBJECT_PROFILES == EXECGATE_PROFILE_COUNT &&
		       EG_POLICY_OBJECT_GATES ==
			       (1u << EXECGATE_GATE_COUNT) - 1 &&
		       EG_POLICY_OBJECT_NAME_MAX == EXECGATE_POLICY_NAME_MAX &&
		       EG_POLICY_FLOORS_SIZE_MAX ==
			       EXECGATE_POLICY_FLOORS_MAX &&
		       EG_POLICY_USERS_SIZE_MAX == EXECGATE_POLICY_USERS_MAX,
	       "format/policy.h knows what linux/execgate.h has");

static int is_malformed(const char *path, const char *what,
			struct execgate_error *err)
{
	return execgate_error_set(
		err, -EBADMSG, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s is not a policy: %s; make it again with \"execgate policy "
		"make --sign\"",
		path, what);
}

static int parse_file(const char *path, struct execgate_policy_file *file,
		      struct execgate_error *err)
{
	struct eg_bytes content;
	struct eg_policy_object *object = &file->object;
	const char *fault = execgate_signature_open(
		(struct eg_bytes){ file->bytes, file->size },
		EG_POLICY_OBJECT_MAGIC, &file->is_signed, &file->cms, &content);

	if (fault)
		return is_malformed(path, fault, err);
	if (eg_policy_object_parse(content, object))
		return is_malformed(
			path,
			"what is signed is something else, or has a "
			"mode, profile, gate, floor or user that this version "
			"of execgate does not know",
			err);
	memcpy(file->name, object->name.data, object->name.size);
	file->gates = execgate_profile_effective(object->profile, object->gates,
						 object->select);
	return 0;
}

int execgate_policy_file_load(const char *path,
			      struct execgate_policy_file *out,
			      struct execgate_error *err)
{
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_io_read_file(path, EXECGATE_POLICY_SIZE_MAX, &out->bytes,
				    &out->size, err);
	if (ret)
		return ret;
	ret = parse_file(path, out, err);
	if (ret)
		execgate_policy_file_free(out);
	return ret;
}

void execgate_policy_file_free(struct execgate_policy_file *file)
{
	free(file->bytes);
	memset(file, 0, sizeof(*file));
}

int execgate_policy_file_verify(const char *path,
				const struct execgate_policy_file *file,
				const struct execgate_trust *trust,
				const struct execgate_certificate **signer,
				struct execgate_error *err)
{
	return execgate_verify_signed(path, file->is_signed ? &file->cms : NULL,
				      EXECGATE_PURPOSE_POLICY, "policy sign",
				      trust, file->object.created_at, signer,
				      err);
}

int execgate_policy_file_check(const char *path,
			       const struct execgate_policy_file *file,
			       uint64_t known, struct execgate_error *err)
{
	if (file->object.version >= known)
		return 0;
	return execgate_error_set(
		err, -ESTALE, EXECGATE_EXIT_BAD_SIGNATURE,
		"%s is older than a policy that was in force before (version "
		"%" PRIu64 ", it must be %" PRIu64 " or more): an old policy "
		"can allow what a newer one no longer does; sign it anew with "
		"a higher version",
		path, file->object.version, known);
}

int execgate_policy_file_keep(const char *path, const char *versions,
			      const struct execgate_policy_file *file,
			      struct execgate_error *err)
{
	int ret = execgate_io_create_file(path, 0644, true, file->bytes,
					  file->size, err);

	/* Last: as long as the file is the old one, it must not be too old. */
	return ret ? ret :
		     execgate_sequences_raise(versions,
					      EXECGATE_POLICY_VERSION_NAME,
					      file->object.version, err);
}

char *execgate_policy_floors_text(struct eg_bytes floors,
				  char out[EXECGATE_POLICY_FLOORS_TEXT])
{
	struct eg_policy_floor floor;
	unsigned int count = 0;

	while (eg_policy_floor_next(&floors, &floor))
		count++;
	out[0] = '\0';
	if (count)
		snprintf(out, EXECGATE_POLICY_FLOORS_TEXT, ", %u floor%s",
			 count, count == 1 ? "" : "s");
	return out;
}

void execgate_policy_file_raise_mode(struct execgate_config *config)
{
	struct execgate_policy_file file;

	if (execgate_policy_file_load(EXECGATE_POLICY_FILE, &file, NULL))
		return;
	if (file.is_signed && (int)file.object.mode > config->mode) {
		config->mode = (int)file.object.mode;
		strcpy(config->mode_file, EXECGATE_POLICY_FILE);
	}
	execgate_policy_file_free(&file);
}
