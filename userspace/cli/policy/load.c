// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/common/mode_deadline.h"
#include "cli/policy/policy.h"
#include "cli/preflight/ask.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"
#include "lib/netlink/netlink.h"

const char cmd_policy_load_options[] =
	"  --persist        put it in force in the next boots, too\n"
	"  --no-load        only that: not now\n"
	"  --force          although the machine could not boot or be logged into\n"
	"  --keys-dir DIR   with --no-load: who may sign it\n"
	"                   (" EXECGATE_KEYSTORE_DIR ")\n"
	"  --policy FILE    where it is kept (" EXECGATE_POLICY_FILE ")\n"
	"  --versions FILE  the highest version that was in force\n"
	"                   (" EXECGATE_POLICY_VERSION_FILE ")\n"
	"\n"
	"From then on mode, profile and gates can be tightened by hand, but not\n"
	"loosened: only a signed policy of a higher version does that. Its floors are\n"
	"raised until the next boot, also beyond the next policy. Try one that\n"
	"enforces with \"execgate mode enforce --for 10min\" first.\n";

enum {
	OPT_PERSIST = 300,
	OPT_NO_LOAD,
	OPT_FORCE,
	OPT_KEYS_DIR,
	OPT_POLICY,
	OPT_VERSIONS,
};

static int parse_options(const struct command *self, int argc, char **argv,
			 struct policy_loading *run)
{
	static const struct option options[] = {
		{ "persist", no_argument, NULL, OPT_PERSIST },
		{ "no-load", no_argument, NULL, OPT_NO_LOAD },
		{ "force", no_argument, NULL, OPT_FORCE },
		{ "keys-dir", required_argument, NULL, OPT_KEYS_DIR },
		{ "policy", required_argument, NULL, OPT_POLICY },
		{ "versions", required_argument, NULL, OPT_VERSIONS },
		{ 0 },
	};
	int answer;

	while ((answer = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (answer == OPT_PERSIST)
			run->persist = true;
		else if (answer == OPT_NO_LOAD)
			run->load = false;
		else if (answer == OPT_FORCE)
			run->force = true;
		else if (answer == OPT_KEYS_DIR)
			run->keys_dir = optarg;
		else if (answer == OPT_POLICY)
			run->policy = optarg;
		else if (answer == OPT_VERSIONS)
			run->versions = optarg;
		else
			return cmd_option_error(self, answer, argv);
	}
	if (optind + 1 != argc)
		return cmd_usage_error(self, "which one policy?");
	return 0;
}

static int failed(const struct policy_loading *run,
		  const struct execgate_error *err)
{
	if (!run->quiet)
		return output_error(err);
	output_message("%s", err->message);
	return err->code;
}

/*
 * The kernel's record is of this boot, the file's of those before. Refusing is left to
 * the kernel, so that there is an event.
 */
static int check_version(const struct policy_loading *run, const char *path,
			 const struct execgate_policy_file *file,
			 uint64_t in_force, struct execgate_error *err)
{
	struct execgate_policy_known known;
	int ret;

	if (in_force > file->object.version)
		return 0;
	ret = execgate_policy_known_read(run->versions, run->tpm, &known, err);
	if (ret)
		return ret;
	if (known.problem[0])
		output_warning("%s", known.problem);
	return execgate_policy_file_check(path, file, known.version, err);
}

/* As before "mode enforce" and "revoke version": this cannot even be taken back by hand. */
static int prepare_policy(const struct policy_loading *run,
			  struct execgate_netlink *nl,
			  const struct execgate_policy_file *file,
			  const struct execgate_status *before)
{
	int ret = 0;

	if (run->force || file->object.version <= before->policy.version)
		return 0;
	if (file->object.mode == EXECGATE_MODE_ENFORCE &&
	    before->mode != EXECGATE_MODE_ENFORCE)
		ret = preflight_guard(file->object.gates);
	/* In audit, too: they are still there when it enforces. */
	return ret ? ret : policy_floors_guard(nl, file->object.floors);
}

static int load_policy(struct execgate_netlink *nl, const char *path,
		       const struct execgate_policy_file *file,
		       uint64_t in_force, struct execgate_error *err)
{
	struct execgate_error cause;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), ret;

	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = execgate_netlink_policy_load(nl, fd, &cause);
	close(fd);
	if (!ret)
		return 0;
	/* It is the file that is wrong, and no privilege makes it right. */
	if (ret == -EPERM && file->object.version <= in_force)
		return execgate_error_set(
			err, ret, EXECGATE_EXIT_BAD_SIGNATURE,
			"%.300s: the kernel does not take version %" PRIu64
			" of policy %s: version %" PRIu64 " is in force, and "
			"it takes a higher one; sign it anew with that",
			path, file->object.version, file->name, in_force);
	return execgate_error_set(err, ret, cause.code, "%.300s: %.600s", path,
				  cause.message);
}

static int keep_policy(const struct policy_loading *run,
		       const struct execgate_policy_file *file,
		       struct execgate_error *err)
{
	struct execgate_error cause;
	int ret;

	if (!run->persist)
		return 0;
	ret = execgate_policy_file_keep(run->policy, run->versions, file,
					&cause);
	if (!ret && execgate_policy_known_raise(run->versions, run->tpm,
						file->object.version, &cause))
		output_warning("its version is not kept in the TPM, so that "
			       "root can put back an older policy: %s",
			       cause.message);
	if (ret)
		execgate_error_set(err, ret, cause.code,
				   "policy %s is %s, but %.800s", file->name,
				   run->load ? "in force until the next boot" :
					       "not installed",
				   cause.message);
	return ret;
}

/* A policy's floors, and @rows of them, which get what counted before. */
struct floors {
	struct eg_bytes list;
	json_t *rows;
};

static int note_floor(const struct execgate_revocation *item, void *arg)
{
	const struct floors *floors = arg;
	struct eg_bytes rest = floors->list;
	struct eg_policy_floor floor;

	if (item->kind != EXECGATE_REVOCATION_VERSION || !item->below)
		return 0;
	for (size_t i = 0; eg_policy_floor_next(&rest, &floor); i++)
		if (floor.name.size == strlen(item->name) &&
		    !memcmp(floor.name.data, item->name, floor.name.size))
			json_object_set_new(json_array_get(floors->rows, i),
					    "before",
					    json_integer(
						    (json_int_t)item->below));
	return 0;
}

/* [{identity, below, before}]: "before" is missing where all versions counted. */
static int compare_floors(struct execgate_netlink *nl,
			  const struct execgate_policy_file *file,
			  json_t **rows, struct execgate_error *err)
{
	struct floors floors = { file->object.floors,
				 policy_view_floors(file->object.floors) };
	int ret = file->object.floors.size ?
			  execgate_netlink_revoke_list(nl, note_floor, &floors,
						       err) :
			  0;

	*rows = floors.rows;
	return ret;
}

static void print_floor(const json_t *row)
{
	int64_t below = json_integer_value(json_object_get(row, "below"));
	const json_t *had = json_object_get(row, "before");
	int64_t before = json_integer_value(had);
	const char *name = json_string_value(json_object_get(row, "identity"));
	char *safe;

	if (had && before >= below)
		return;
	safe = output_escape(name, strlen(name));
	printf("floor: %s: from version %" PRId64 " on, was: ", safe, below);
	if (had)
		printf("from version %" PRId64 " on\n", before);
	else
		printf("all versions\n");
	free(safe);
}

static void print_floors(const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		print_floor(row);
}

static void print_json(const struct policy_loading *run,
		       const struct execgate_policy_file *file,
		       const struct execgate_status *before, json_t *floors)
{
	struct policy_view view = policy_view_of_file(file);
	char was[POLICY_VIEW_TEXT];
	json_t *object = policy_view_json(&view);

	json_object_set_new(object, "loaded", json_boolean(run->load));
	json_object_set_new(object, "persisted", json_boolean(run->persist));
	if (floors)
		json_object_set(object, "floors", floors);
	if (before)
		json_object_set_new(object, "before",
				    json_string(policy_view_text(
					    before->mode, before->profile,
					    before->gates.on, was)));
	output_json(object);
}

/* The policy before and after, and which gates that opens or shuts. */
static void print_change(const struct execgate_status *before,
			 const struct execgate_status *after)
{
	char was[POLICY_VIEW_TEXT], is[POLICY_VIEW_TEXT];
	uint32_t opened = before->gates.on & ~after->gates.on;

	policy_view_text(before->mode, before->profile, before->gates.on, was);
	policy_view_text(after->mode, after->profile, after->gates.on, is);
	if (!strcmp(was, is)) {
		printf("%s, as it was\n", is);
		return;
	}
	printf("was: %s\nis:  %s\n", was, is);
	if (after->mode < before->mode)
		output_warning("this is looser: mode %s was %s",
			       execgate_mode_name(after->mode),
			       execgate_mode_name(before->mode));
	for (unsigned int i = 0; i < EXECGATE_GATE_COUNT; i++)
		if (opened & (UINT32_C(1) << i))
			output_warning("this is looser: no longer judged: %s",
				       execgate_gate_text(i));
}

static void print_loaded(const struct policy_loading *run,
			 const struct execgate_policy_file *file,
			 const struct execgate_status *before,
			 const struct execgate_status *after, json_t *floors)
{
	if (run->quiet)
		return;
	if (output_is_json()) {
		print_json(run, file, before, floors);
		return;
	}
	printf("Policy %s, version %" PRIu64 ", %s in force%s\n", file->name,
	       file->object.version,
	       before->policy.version == file->object.version ? "was already" :
								"is",
	       run->persist ? ", also after the next boot" : "");
	print_change(before, after);
	print_floors(floors);
	if (!run->persist)
		output_message(
			"this lasts until the next boot; --persist keeps "
			"it");
}

/* Only where it is put in force: one for an image is of another machine. */
static const char *configured_tpm(void)
{
	static struct execgate_config config;

	if (execgate_config_load(EXECGATE_CONFIG_DIR, &config, NULL))
		return EXECGATE_POLICY_TPM_AUTO;
	return config.tpm;
}

static int act_on_policy(const struct policy_loading *run,
			 struct execgate_netlink *nl, const char *path,
			 const struct execgate_policy_file *file)
{
	struct execgate_status before, after;
	struct execgate_error err;
	json_t *floors;
	int ret = execgate_netlink_status(nl, &before, &err);

	if (!ret)
		ret = check_version(run, path, file, before.policy.version,
				    &err);
	if (ret)
		return failed(run, &err);
	ret = prepare_policy(run, nl, file, &before);
	if (ret)
		return ret;
	ret = compare_floors(nl, file, &floors, &err);
	if (!ret)
		ret = load_policy(nl, path, file, before.policy.version, &err);
	if (!ret)
		ret = keep_policy(run, file, &err);
	if (!ret)
		ret = execgate_netlink_status(nl, &after, &err);
	if (ret) {
		json_decref(floors);
		return failed(run, &err);
	}
	/* It decides: a trial is over, and boots that failed are the past. */
	if (after.policy.mode == EXECGATE_MODE_ENFORCE) {
		mode_deadline_cancel();
		mode_boots_reset();
	}
	print_loaded(run, file, &before, &after, floors);
	json_decref(floors);
	return EXECGATE_EXIT_OK;
}

static int install_policy(const struct policy_loading *run, const char *path,
			  const struct execgate_policy_file *file)
{
	const struct execgate_certificate *signer;
	struct execgate_trust trust = { 0 };
	struct execgate_error err;
	int ret;

	ret = execgate_trust_add_dir(&trust, run->keys_dir, &err);
	if (!ret)
		ret = execgate_policy_file_verify(path, file, &trust, &signer,
						  &err);
	execgate_trust_free(&trust);
	if (!ret)
		ret = check_version(run, path, file, 0, &err);
	if (!ret)
		ret = keep_policy(run, file, &err);
	if (ret)
		return failed(run, &err);
	if (run->quiet)
		return EXECGATE_EXIT_OK;
	if (output_is_json())
		print_json(run, file, NULL, NULL);
	else
		printf("Policy %s, version %" PRIu64 ", is in force from the "
		       "next boot on\n",
		       file->name, file->object.version);
	return EXECGATE_EXIT_OK;
}

static int run_opened(const struct policy_loading *run, const char *path,
		      const struct execgate_policy_file *file)
{
	struct execgate_netlink *nl;
	struct execgate_error err;
	int ret;

	if (!file->is_signed) {
		execgate_error_set(&err, -ENODATA, EXECGATE_EXIT_UNSIGNED,
				   "%s is not signed yet; do it with "
				   "\"execgate policy sign\"",
				   path);
		return failed(run, &err);
	}
	if (!run->load)
		return install_policy(run, path, file);
	if (execgate_netlink_open(&nl, &err))
		return failed(run, &err);
	ret = act_on_policy(run, nl, path, file);
	execgate_netlink_close(nl);
	return ret;
}

int policy_load_file(const struct policy_loading *asked, const char *path)
{
	struct policy_loading run = *asked;
	struct execgate_policy_file file;
	struct execgate_error err;
	int ret;

	if (execgate_policy_file_load(path, &file, &err))
		return failed(&run, &err);
	if (run.load)
		run.tpm = configured_tpm();
	else
		run.persist = true;
	ret = run_opened(&run, path, &file);
	execgate_policy_file_free(&file);
	return ret;
}

int cmd_policy_load_run(const struct command *self, int argc, char **argv)
{
	struct policy_loading run = POLICY_LOADING;
	int ret = parse_options(self, argc, argv, &run);

	return ret ? ret : policy_load_file(&run, argv[optind]);
}
