// SPDX-License-Identifier: GPL-2.0
#include "cli/common/policy_view.h"

#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common/output.h"
#include "cli/common/policy_print.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/base/profile.h"

struct policy_view policy_view_of_file(const struct execgate_policy_file *file)
{
	const struct eg_policy_object *object = &file->object;

	return (struct policy_view){
		.name = file->name,
		.version = object->version,
		.created_at = object->created_at,
		.mode = object->mode,
		.profile = object->profile,
		.gates = file->gates,
		.floors = object->floors,
		.users = object->users,
	};
}

struct policy_view
policy_view_of_kernel(const struct execgate_loaded_policy *policy)
{
	return (struct policy_view){
		.name = policy->name,
		.version = policy->version,
		.created_at = policy->created_at,
		.mode = policy->mode,
		.profile = policy->profile,
		.gates = policy->gates.on,
		.signer = policy->signer,
		.floors = { policy->floors, policy->floors_size },
		.users = { policy->users, policy->users_size },
	};
}

json_t *policy_view_floors(struct eg_bytes floors)
{
	json_t *array = json_array(), *row;
	struct eg_policy_floor floor;

	while (eg_policy_floor_next(&floors, &floor)) {
		row = json_object();
		output_json_set_bytes(row, "identity", floor.name.data,
				      floor.name.size);
		json_object_set_new(row, "below",
				    json_integer((json_int_t)floor.below));
		json_array_append_new(array, row);
	}
	return array;
}

static json_t *list_users(struct eg_bytes users)
{
	json_t *array = json_array();
	u32 uid;

	while (eg_policy_user_next(&users, &uid))
		json_array_append_new(array, json_integer(uid));
	return array;
}

json_t *policy_view_json(const struct policy_view *view)
{
	struct execgate_status status = {
		.profile = view->profile,
		.gates = { .on = view->gates },
	};
	json_t *object = json_object();

	json_object_set_new(object, "name", json_string(view->name));
	json_object_set_new(object, "version",
			    json_integer((json_int_t)view->version));
	json_object_set_new(object, "created_at",
			    json_integer((json_int_t)view->created_at));
	json_object_set_new(object, "mode",
			    json_string(execgate_mode_name(view->mode)));
	policy_json(object, &status);
	json_object_set_new(object, "floors", policy_view_floors(view->floors));
	json_object_set_new(object, "users", list_users(view->users));
	if (view->signer)
		output_json_set_hex(object, "signer", view->signer,
				    EXECGATE_FINGERPRINT_SIZE);
	return object;
}

char *policy_view_text(uint32_t mode, uint32_t profile, uint32_t gates,
		       char out[POLICY_VIEW_TEXT])
{
	char text[EXECGATE_PROFILE_TEXT];

	snprintf(out, POLICY_VIEW_TEXT, "mode %s, profile %s",
		 execgate_mode_name(mode),
		 execgate_profile_describe(profile, gates, text));
	return out;
}

static void print_floors(struct eg_bytes floors)
{
	struct eg_policy_floor floor;
	char *name;

	while (eg_policy_floor_next(&floors, &floor)) {
		name = output_escape(floor.name.data, floor.name.size);
		output_field("Floor", "%s: from version %" PRIu64 " on", name,
			     floor.below);
		free(name);
	}
}

/* The number is what counts; the name is the one that it has here. */
static void print_users(struct eg_bytes users)
{
	const struct passwd *user;
	char *name;
	u32 uid;

	while (eg_policy_user_next(&users, &uid)) {
		user = getpwuid(uid);
		name = output_escape(user ? user->pw_name : "",
				     user ? strlen(user->pw_name) : 0);
		output_field("Constrained", user ? "user %u (%s)" : "user %u",
			     uid, name);
		free(name);
	}
}

void policy_view_print(const struct policy_view *view)
{
	char when[OUTPUT_TIME_SIZE], text[EXECGATE_PROFILE_TEXT];
	char hex[2 * EXECGATE_FINGERPRINT_SIZE + 1];

	output_field("Name", "%s", view->name);
	output_field("Version", "%" PRIu64, view->version);
	output_field("Created", "%s", output_time(when, view->created_at));
	output_field("Mode", "%s (%s)", execgate_mode_name(view->mode),
		     execgate_mode_text(view->mode));
	output_field("Profile", "%s",
		     execgate_profile_describe(view->profile, view->gates,
					       text));
	print_floors(view->floors);
	print_users(view->users);
	if (view->signer)
		output_field("Signer", "%s",
			     execgate_hex_write(hex, view->signer,
						EXECGATE_FINGERPRINT_SIZE));
}
