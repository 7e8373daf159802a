// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/common/signing_key.h"
#include "cli/policy/policy.h"
#include "lib/base/digits.h"
#include "lib/config/constrained.h"
#include "lib/base/names.h"
#include "lib/base/profile.h"

const char cmd_policy_make_options[] =
	"Without options it says what the configuration says now.\n"
	"\n"
	"  --mode MODE            off, audit or enforce\n"
	"  --profile NAME         basic, standard or strict\n"
	"  --gate NAME=on|off     whatever the profile; may be repeated\n"
	"  --floor \"NAME VERSION\" what is signed as identity NAME in a lower version\n"
	"                         is denied; may be repeated\n"
	"  --constrain USER       hold the user to signed scripts and memory, as\n"
	"                         \"execgate constrain\" does; may be repeated\n"
	"  --config DIR           whose configuration (" EXECGATE_CONFIG_DIR
	")\n"
	"  --name NAME            of the policy (local)\n"
	"  --version N            higher than that of any earlier policy of the\n"
	"                         machine (default: the time in seconds, or one\n"
	"                         more than the newest known here)\n"
	"  --sign                 sign it too:\n" SIGNING_KEY_OPTIONS_HELP
	"  -o OUT                 where to (NAME.policy; without --sign NAME.object)\n"
	"\n"
	"To sign it elsewhere without execgate:\n"
	"  openssl cms -sign -binary -nodetach -noattr -nocerts -md sha256\n"
	"      -outform DER -inkey KEY -signer CERT -in NAME.object -out NAME.policy\n";

const char cmd_policy_sign_options[] = SIGNING_KEY_OPTIONS_HELP
	"  -o OUT                 the signed policy\n";

enum {
	OPT_MODE = 300,
	OPT_PROFILE,
	OPT_GATE,
	OPT_FLOOR,
	OPT_CONSTRAIN,
	OPT_CONFIG,
	OPT_NAME,
	OPT_VERSION,
	OPT_SIGN,
};

/**
 * struct run - one command line
 * @mode: -1 = of the configuration; @profile too
 * @select: the gates that were named; they come after the configuration's
 * @floors: as the object has them; @users too
 */
struct run {
	const char *config_dir;
	const char *name;
	const char *out;
	struct signing_key_choice key;
	uint64_t version;
	int mode;
	int profile;
	uint32_t gates;
	uint32_t select;
	bool sign;
	size_t floors_size;
	u8 floors[EG_POLICY_FLOORS_SIZE_MAX];
	size_t users_size;
	u8 users[EG_POLICY_USERS_SIZE_MAX];
};

static int take_gate(const struct command *self, struct run *run)
{
	char name[64];
	const char *equals = strchr(optarg, '=');
	size_t length = equals ? (size_t)(equals - optarg) : 0;
	int gate = -EINVAL, on = -EINVAL;

	if (length && length < sizeof(name)) {
		memcpy(name, optarg, length);
		name[length] = '\0';
		gate = execgate_gate_find(name);
		on = execgate_profile_switch(equals + 1);
	}
	if (gate < 0 || on < 0)
		return cmd_usage_error(self,
				       "--gate takes a gate and on or off, as "
				       "seal=on, not \"%s\"; \"execgate gate\" "
				       "lists the gates",
				       optarg);
	run->select |= EXECGATE_GATE_BIT(gate);
	if (on)
		run->gates |= EXECGATE_GATE_BIT(gate);
	else
		run->gates &= ~EXECGATE_GATE_BIT(gate);
	return 0;
}

/* "NAME VERSION": as a line of the list of what is revoked, the other way round. */
static bool parse_floor(const char *text, struct eg_policy_floor *out)
{
	const char *blank = strrchr(text, ' ');

	if (!blank || !execgate_number_read(blank + 1, &out->below))
		return false;
	while (blank > text && blank[-1] == ' ')
		blank--;
	out->name =
		(struct eg_bytes){ (const u8 *)text, (size_t)(blank - text) };
	return true;
}

/* In its place in the order. Return: false if it is there already, or does not fit. */
static bool insert_floor(struct run *run, const u8 *bytes, size_t size,
			 const struct eg_policy_floor *floor)
{
	struct eg_bytes rest = { run->floors, run->floors_size };
	struct eg_policy_floor other;
	size_t at = 0;

	if (size > sizeof(run->floors) - run->floors_size)
		return false;
	while (eg_policy_floor_next(&rest, &other)) {
		if (!eg_policy_floor_before(other.name, floor->name))
			break;
		at = run->floors_size - rest.size;
	}
	memmove(run->floors + at + size, run->floors + at,
		run->floors_size - at);
	memcpy(run->floors + at, bytes, size);
	run->floors_size += size;
	return eg_policy_floors_check(
		(struct eg_bytes){ run->floors, run->floors_size });
}

static int take_floor(const struct command *self, struct run *run)
{
	u8 bytes[EG_POLICY_FLOOR_HEADER_SIZE + 255];
	struct eg_policy_floor floor;
	size_t size = 0;

	if (parse_floor(optarg, &floor))
		size = eg_policy_floor_write(&floor, bytes, sizeof(bytes));
	if (!size)
		return cmd_usage_error(self,
				       "--floor takes the name of an identity "
				       "and the first version that counts, 1 "
				       "or more, as \"org.example/tool 7\", "
				       "not \"%.300s\"",
				       optarg);
	if (!insert_floor(run, bytes, size, &floor))
		return cmd_usage_error(self,
				       "the floor \"%.300s\" is one too many: "
				       "a name has one, and all together %d "
				       "bytes",
				       optarg, EG_POLICY_FLOORS_SIZE_MAX);
	return 0;
}

/* In its place in the order. Return: false if there is no room. Once is enough. */
static bool insert_user(struct run *run, u32 uid)
{
	struct eg_bytes rest = { run->users, run->users_size };
	size_t at = 0;
	u32 other;

	while (eg_policy_user_next(&rest, &other) && other <= uid) {
		if (other == uid)
			return true;
		at += EG_POLICY_USER_SIZE;
	}
	if (run->users_size == sizeof(run->users))
		return false;
	memmove(run->users + at + EG_POLICY_USER_SIZE, run->users + at,
		run->users_size - at);
	eg_policy_user_write(uid, run->users + at);
	run->users_size += EG_POLICY_USER_SIZE;
	return true;
}

static int take_user(const struct command *self, struct run *run)
{
	struct execgate_constrained item;
	struct execgate_error err;

	if (execgate_constrained_parse(optarg, &item, &err))
		return output_error(&err);
	if (item.kind != EXECGATE_CONSTRAINT_USER)
		return cmd_usage_error(self,
				       "a policy constrains users, whose "
				       "numbers stay; each start of a unit "
				       "makes a new group, so let %s do it: "
				       "execgate-constrain(1)",
				       optarg);
	if (!item.uid)
		return cmd_usage_error(self, "root cannot be constrained");
	if (!insert_user(run, item.uid))
		return cmd_usage_error(self,
				       "a policy constrains %d users, no more",
				       EG_POLICY_USERS_SIZE_MAX /
					       EG_POLICY_USER_SIZE);
	return 0;
}

static int take_what(const struct command *self, int answer, struct run *run)
{
	switch (answer) {
	case OPT_MODE:
		run->mode = execgate_mode_find(optarg);
		if (run->mode >= 0)
			return 0;
		return cmd_usage_error(
			self,
			"unknown mode \"%s\"; modes are off, audit, "
			"enforce",
			optarg);
	case OPT_PROFILE:
		run->profile = execgate_profile_find(optarg);
		if (run->profile >= 0)
			return 0;
		return cmd_usage_error(
			self,
			"unknown profile \"%s\"; profiles are basic, "
			"standard or strict",
			optarg);
	case OPT_VERSION:
		if (execgate_number_read(optarg, &run->version) && run->version)
			return 0;
		return cmd_usage_error(self,
				       "--version takes a number from 1 on, "
				       "not \"%s\"",
				       optarg);
	case OPT_FLOOR:
		return take_floor(self, run);
	case OPT_CONSTRAIN:
		return take_user(self, run);
	}
	return take_gate(self, run);
}

static int take_option(const struct command *self, int answer, char **argv,
		       struct run *run)
{
	if (signing_key_take(answer, &run->key))
		return 0;
	if (answer == 'o')
		run->out = optarg;
	else if (answer == OPT_CONFIG)
		run->config_dir = optarg;
	else if (answer == OPT_NAME)
		run->name = optarg;
	else if (answer == OPT_SIGN)
		run->sign = true;
	else if (answer >= OPT_MODE && answer <= OPT_VERSION)
		return take_what(self, answer, run);
	else
		return cmd_option_error(self, answer, argv);
	return 0;
}

/* A fleet has no common counter, but a common clock. */
static uint64_t next_version(uint64_t now)
{
	struct execgate_policy_known known;

	execgate_policy_known_read_file(EXECGATE_POLICY_VERSION_FILE, &known,
					NULL);
	if (known.file >= now)
		return known.file + 1;
	return now ? now : 1;
}

static int collect_options(struct run *run, struct eg_policy_object *object,
			   struct execgate_error *err)
{
	struct execgate_config config;
	int ret = execgate_config_load(run->config_dir, &config, err);

	if (ret)
		return ret;
	if (run->mode < 0)
		run->mode = config.mode;
	if (run->mode < 0)
		return execgate_error_set(
			err, -ENOENT, EXECGATE_EXIT_USAGE,
			"neither --mode nor the configuration in %s says a "
			"mode, and a policy must",
			run->config_dir);
	/* A profile on the command line is all of it. */
	if (run->profile < 0) {
		run->profile = config.profile < 0 ? EXECGATE_PROFILE_DEFAULT :
						    config.profile;
		run->gates |= config.gates & ~run->select;
		run->select |= config.select;
	}
	object->created_at = output_date();
	object->version = run->version ? run->version :
					 next_version(object->created_at);
	object->mode = (u32)run->mode;
	object->profile = (u32)run->profile;
	object->gates = run->gates & run->select;
	object->select = run->select;
	object->floors = (struct eg_bytes){ run->floors, run->floors_size };
	object->users = (struct eg_bytes){ run->users, run->users_size };
	object->name =
		(struct eg_bytes){ (const u8 *)run->name, strlen(run->name) };
	return 0;
}

static void print_made(const char *out, const struct policy_view *view,
		       bool is_signed)
{
	char text[POLICY_VIEW_TEXT], floors[EXECGATE_POLICY_FLOORS_TEXT];
	json_t *object;

	if (output_is_json()) {
		object = policy_view_json(view);
		json_object_set_new(object, "signed", json_boolean(is_signed));
		output_json_set_bytes(object, "file", out, strlen(out));
		output_json(object);
		return;
	}
	printf("%s: policy %s, version %" PRIu64 "%s: %s%s\n", out, view->name,
	       view->version, is_signed ? ", signed" : "",
	       policy_view_text(view->mode, view->profile, view->gates, text),
	       execgate_policy_floors_text(view->floors, floors));
	if (!is_signed)
		output_message(
			"it is not signed yet: \"execgate policy sign\"");
}

static int make_object(struct run *run)
{
	struct execgate_policy_file file = { 0 };
	struct eg_policy_object *object = &file.object;
	u8 bytes[EG_POLICY_OBJECT_MAX];
	char out[EG_POLICY_OBJECT_NAME_MAX + 16];
	const char *path = run->out ? run->out : out;
	struct execgate_error err;
	struct eg_bytes content = { bytes, 0 };
	struct policy_view view;
	int ret = collect_options(run, object, &err);

	if (ret)
		return output_error(&err);
	content.size = eg_policy_object_write(object, bytes);
	snprintf(file.name, sizeof(file.name), "%s", run->name);
	file.gates = execgate_profile_effective(object->profile, object->gates,
						object->select);
	if (!run->out)
		snprintf(out, sizeof(out), "%s.%s", file.name,
			 run->sign ? "policy" : "object");
	ret = run->sign ? signing_key_write(&run->key, content, path, &err) :
			  output_file(path, bytes, content.size, &err);
	if (ret)
		return output_error(&err);
	view = policy_view_of_file(&file);
	print_made(path, &view, run->sign);
	return EXECGATE_EXIT_OK;
}

int cmd_policy_make_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		{ "mode", required_argument, NULL, OPT_MODE },
		{ "profile", required_argument, NULL, OPT_PROFILE },
		{ "gate", required_argument, NULL, OPT_GATE },
		{ "floor", required_argument, NULL, OPT_FLOOR },
		{ "constrain", required_argument, NULL, OPT_CONSTRAIN },
		{ "config", required_argument, NULL, OPT_CONFIG },
		{ "name", required_argument, NULL, OPT_NAME },
		{ "version", required_argument, NULL, OPT_VERSION },
		{ "sign", no_argument, NULL, OPT_SIGN },
		SIGNING_KEY_OPTIONS,
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	struct run run = { .config_dir = EXECGATE_CONFIG_DIR,
			   .name = "local",
			   .mode = -1,
			   .profile = -1 };
	int answer, code;

	while ((answer = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		code = take_option(self, answer, argv, &run);
		if (code)
			return code;
	}
	if (optind < argc)
		return cmd_usage_error(self, "%s is one word too many",
				       argv[optind]);
	if (!run.sign &&
	    (run.key.key || run.key.certificate || run.key.passphrase_file))
		return cmd_usage_error(self, "a key, but no --sign?");
	if (!eg_policy_object_name((struct eg_bytes){ (const u8 *)run.name,
						      strlen(run.name) }))
		return cmd_usage_error(
			self,
			"\"%.80s\" cannot be the name of a policy: it takes 1 "
			"to %d letters, digits and any of ._+-, the first no "
			"dot or dash",
			run.name, EG_POLICY_OBJECT_NAME_MAX);
	return make_object(&run);
}

static int sign_file(const struct run *run, const char *path)
{
	struct execgate_policy_file file;
	struct execgate_error err;
	struct policy_view view;
	int ret = execgate_policy_file_load(path, &file, &err);

	if (ret)
		return output_error(&err);
	/* One that is signed already is signed anew, by another key maybe. */
	ret = signing_key_write(&run->key,
				file.is_signed ? file.cms.content :
						 (struct eg_bytes){ file.bytes,
								    file.size },
				run->out, &err);
	if (ret) {
		ret = output_error(&err);
	} else {
		view = policy_view_of_file(&file);
		print_made(run->out, &view, true);
	}
	execgate_policy_file_free(&file);
	return ret;
}

int cmd_policy_sign_run(const struct command *self, int argc, char **argv)
{
	static const struct option options[] = {
		SIGNING_KEY_OPTIONS,
		{ "output", required_argument, NULL, 'o' },
		{ 0 },
	};
	struct run run = { 0 };
	int answer;

	while ((answer = getopt_long(argc, argv, ":o:", options, NULL)) != -1)
		if (answer == 'o')
			run.out = optarg;
		else if (!signing_key_take(answer, &run.key))
			return cmd_option_error(self, answer, argv);
	if (optind + 1 != argc)
		return cmd_usage_error(self, "which one policy?");
	if (!run.out)
		return cmd_usage_error(self, "where to? Give -o OUT");
	return sign_file(&run, argv[optind]);
}
