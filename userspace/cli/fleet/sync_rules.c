// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of the server, and the signed files that they name. A rule decides nothing but
 * which file is looked at: the signature, the names of sync.conf, sequences and versions
 * decide, in the code that an administrator's commands use.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/fleet/sync.h"
#include "cli/key/key.h"
#include "lib/base/digits.h"
#include "lib/base/io.h"

/* In the place of an exit code: nothing was installed, or had to be. */
#define UNCHANGED (-1)
#define FILE_SIZE_MAX (64u << 20)
#define FILES_SIZE_MAX (256u << 20)

/* A denial takes back what waits to be installed, and nothing that is. */
static void take_rule(struct sync_run *run, const json_t *rule)
{
	struct execgate_sync_rule read;

	run->received++;
	execgate_sync_rule_read(rule, &run->config, &read);
	if (read.kind == EXECGATE_SYNC_RULE_FILE ||
	    read.kind == EXECGATE_SYNC_RULE_KEY) {
		run->forgotten +=
			!execgate_sync_state_want(&run->state, &read.file);
		return;
	}
	run->ignored[read.kind]++;
	if (read.kind == EXECGATE_SYNC_RULE_UNSIGNED_DENIAL && read.has_digest)
		execgate_sync_state_drop(&run->state, read.file.digest);
}

/* The next request tells the server that we have these, so they are written first. */
static int take_page(struct sync_run *run, const json_t *request, json_t **next,
		     struct execgate_error *err)
{
	const json_t *rules, *rule;
	json_t *answer;
	const char *cursor;
	long status;
	size_t i;
	int ret;

	*next = NULL;
	ret = execgate_sync_call(&run->session, EXECGATE_SYNC_RULEDOWNLOAD,
				 request, &answer, &status, err);
	if (ret)
		return ret;
	ret = execgate_sync_page_read(answer, &rules, &cursor, err);
	if (!ret) {
		json_array_foreach(rules, i, rule)
			take_rule(run, rule);
		if (cursor)
			*next = json_pack("{s:s, s:s}", "machine_id",
					  run->config.machine_id, "cursor",
					  cursor);
	}
	json_decref(answer);
	if (!ret)
		ret = execgate_sync_state_save(run->state_file, &run->state,
					       err);
	return ret;
}

/* A server that has a next page for ever is not followed for ever. */
static int take_pages(struct sync_run *run, struct execgate_error *err)
{
	json_t *request =
		       json_pack("{s:s}", "machine_id", run->config.machine_id),
	       *next;
	unsigned int pages = 0;
	int ret = 0;

	while (request && !ret) {
		ret = take_page(run, request, &next, err);
		json_decref(request);
		request = ret ? NULL : next;
		if (request && (++pages >= EXECGATE_SYNC_PAGES_MAX ||
				run->received > EXECGATE_SYNC_RULES_MAX)) {
			json_decref(request);
			return execgate_error_set(
				err, -E2BIG, EXECGATE_EXIT_ERROR,
				"the server has more than %d rules or %d pages "
				"of them, and this sync ends here; leave out "
				"there what names no signed file",
				EXECGATE_SYNC_RULES_MAX,
				EXECGATE_SYNC_PAGES_MAX);
		}
	}
	return ret;
}

/* Servers keep old rules beside new ones, so this is not a failure. */
static int note_old(struct sync_run *run, const struct execgate_error *why)
{
	output_message("%s", why->message);
	run->ignored[EXECGATE_SYNC_RULE_OLD]++;
	return UNCHANGED;
}

static int install_catalog(struct sync_run *run, const char *path,
			   const char *url,
			   const struct execgate_catalog_file *file)
{
	struct execgate_error err;
	char kept[PATH_MAX];
	json_t *rows;
	int ret;

	if (!execgate_sync_config_lists(run->config.catalogs, file->name) &&
	    (execgate_catalog_file_path(run->catalogs.catalogs_dir, file->name,
					kept, NULL) ||
	     access(kept, F_OK) != 0)) {
		output_message("%s is catalog %s, which this machine does not "
			       "have; name it in catalogs of sync.conf, if the "
			       "server may bring it",
			       url, file->name);
		return EXECGATE_EXIT_ERROR;
	}
	if (catalog_check_sequence(run->catalogs.sequences, url, file, &err) ==
	    -ESTALE)
		return note_old(run, &err);
	rows = json_array();
	ret = catalog_install_file(&run->catalogs, path, url, rows);
	json_decref(rows);
	return ret;
}

/* One name alone counts: a policy that was signed for other machines may be a looser one. */
static int install_policy(struct sync_run *run, const char *path,
			  const char *url,
			  const struct execgate_policy_file *file)
{
	struct execgate_policy_known known;
	struct execgate_policy_file kept;
	struct execgate_error err;
	int ret;
	bool same = !strcmp(run->config.policy, file->name);

	if (!run->config.policy[0] &&
	    !execgate_policy_file_load(run->policy.policy, &kept, NULL)) {
		same = !strcmp(kept.name, file->name);
		execgate_policy_file_free(&kept);
	}
	if (!same) {
		output_message("%s is policy %s, which is not this machine's; "
			       "set policy in sync.conf, if the server may "
			       "bring it",
			       url, file->name);
		return EXECGATE_EXIT_ERROR;
	}
	if (!execgate_policy_known_read_file(run->policy.versions, &known,
					     &err) &&
	    execgate_policy_file_check(url, file, known.file, &err))
		return note_old(run, &err);
	ret = policy_load_file(&run->policy, path);
	if (ret)
		output_message("so %s is not in force", url);
	return ret;
}

static int install_key(struct sync_run *run, const char *path, const char *url)
{
	if (run->config.keys && run->catalogs.load)
		return key_enroll_leaf(path, run->catalogs.keys_dir);
	output_message("%s is a certificate, and %s", url,
		       run->config.keys ?
			       "only the module can tell whether a CA that is "
			       "trusted signed it: leave --no-load away" :
			       "keys are not taken from the server; set keys "
			       "in sync.conf, if it may bring those that a CA "
			       "signed");
	return EXECGATE_EXIT_ERROR;
}

static int install_file(struct sync_run *run, const char *path,
			const struct execgate_sync_file *file)
{
	const char *url = file->url;
	struct execgate_catalog_file catalog;
	struct execgate_policy_file policy;
	struct execgate_error err;
	int ret;

	if (file->is_key)
		return install_key(run, path, url);
	if (!execgate_policy_file_load(path, &policy, NULL)) {
		ret = install_policy(run, path, url, &policy);
		execgate_policy_file_free(&policy);
		return ret;
	}
	if (execgate_catalog_file_load(path, &catalog, &err)) {
		output_message("%s is neither a policy nor a catalog that is "
			       "well formed: %s",
			       url, err.message);
		return err.code;
	}
	ret = install_catalog(run, path, url, &catalog);
	execgate_catalog_file_free(&catalog);
	return ret;
}

/* One name for all: what a sync leaves behind when it is killed, the next writes over. */
static int install_fetched(struct sync_run *run,
			   const struct execgate_sync_file *file,
			   const struct execgate_http_reply *reply)
{
	struct execgate_error err;
	char path[PATH_MAX];
	int ret;

	if (!execgate_sync_is_file(reply->body, reply->size, file->digest)) {
		output_message("%s is not the file that the rule names: it has "
			       "another SHA-256; see who changed it",
			       file->url);
		return EXECGATE_EXIT_BAD_SIGNATURE;
	}
	if (snprintf(path, sizeof(path), "%s.download", run->state_file) >=
	    (int)sizeof(path))
		return EXECGATE_EXIT_ERROR;
	if (execgate_io_create_file(path, 0600, true, reply->body, reply->size,
				    &err)) {
		output_message("%s", err.message);
		return err.code;
	}
	ret = install_file(run, path, file);
	unlink(path);
	return ret;
}

/* An exit code, or UNCHANGED. @left: how many bytes more may come in this sync */
static int fetch_and_install(struct sync_run *run,
			     const struct execgate_sync_file *file,
			     size_t *left)
{
	size_t max = *left < FILE_SIZE_MAX ? *left : FILE_SIZE_MAX;
	struct execgate_http_reply reply;
	struct execgate_error why;
	int code;

	/* sync.conf may have changed since the rule came. */
	if (!execgate_sync_config_reaches(&run->config, file->url)) {
		run->ignored[EXECGATE_SYNC_RULE_FOREIGN]++;
		return UNCHANGED;
	}
	if (execgate_sync_fetch(&run->session, file->url, max, &reply, &why)) {
		output_message("%s", why.message);
		return why.code;
	}
	*left -= reply.size;
	code = install_fetched(run, file, &reply);
	execgate_http_reply_free(&reply);
	return code;
}

static void note_installed(struct sync_run *run,
			   const struct execgate_sync_file *file)
{
	char hex[EXECGATE_HEX_SIZE(EG_SHA256_SIZE)];

	execgate_hex_write(hex, file->digest, sizeof(file->digest));
	json_array_append_new(run->installed, json_pack("{s:s, s:s}", "sha256",
							hex, "url", file->url));
	execgate_sync_state_done(&run->state, file->digest);
}

/* One that cannot be had or is refused is not the end of the others. It waits on. */
static int install_pending(struct sync_run *run, struct execgate_error *err)
{
	size_t left = FILES_SIZE_MAX, at = 0;
	struct execgate_sync_file file;
	int code, ret = 0;

	while (!ret && at < run->state.pending_count) {
		file = run->state.pending[at];
		code = fetch_and_install(run, &file, &left);
		if (code && code != UNCHANGED) {
			run->code = cmd_worse(run->code, code);
			at++;
			continue;
		}
		if (code == UNCHANGED)
			execgate_sync_state_drop(&run->state, file.digest);
		else
			note_installed(run, &file);
		ret = execgate_sync_state_save(run->state_file, &run->state,
					       err);
	}
	return ret;
}

/* Without the module files wait, and events are sent all the same. */
static bool may_install(struct sync_run *run)
{
	struct execgate_error err;

	if (!catalog_install_open(&run->catalogs, &err))
		return true;
	output_message("files that the server names are not installed: %s",
		       err.message);
	run->code = cmd_worse(run->code, err.code);
	return false;
}

int sync_rules(struct sync_run *run, struct execgate_error *err)
{
	int ret = take_pages(run, err);

	if (!ret && run->state.pending_count && may_install(run))
		ret = install_pending(run, err);
	if (run->forgotten)
		output_warning("%" PRIu64 " files more are named than are "
			       "remembered (%d), and the oldest are forgotten; "
			       "leave out at the server what this machine does "
			       "not take",
			       run->forgotten, EXECGATE_SYNC_PENDING_MAX);
	return ret;
}
