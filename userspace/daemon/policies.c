// SPDX-License-Identifier: GPL-2.0
#include "daemon/policies.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/rescue.h"
#include "lib/base/names.h"
#include "lib/config/policy_file.h"
#include "lib/crypto/tpm.h"

/* A moment's want of memory, or of an answer of the disk, is waited out. */
#define TRIES 3

static void say_rejected(const struct daemon *daemon, const char *path,
			 const char *why)
{
	bool other = daemon->status.policy.version;
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_POLICY_REJECTED, LOG_ALERT);
	execgate_record_bytes(record, "EXECGATE_FILE", path, strlen(path));
	journal_finish(record, "%s: %s",
		       other ? "the policy file is not put in force, another "
			       "signed policy is" :
			       "NO signed policy is put in force, only the "
			       "configuration applies",
		       why);
}

static void say_missing(const struct daemon *daemon, const char *path,
			const struct execgate_policy_known *known)
{
	char why[PATH_MAX + 512];

	snprintf(
		why, sizeof(why),
		"version %" PRIu64 " was in force here, but %s is gone. Put "
		"it back; if it was taken away on purpose, say so by \"execgate "
		"mode --persist MODE\" and remove " EXECGATE_POLICY_VERSION_FILE
		"%s",
		known->version, path,
		known->tpm ? ", and from the TPM by " EXECGATE_TPM_FORGET : "");
	say_rejected(daemon, path, why);
}

/* A record that says nothing of the past must not keep the machine from booting. */
static void read_known(const struct daemon *daemon,
		       struct execgate_policy_known *known)
{
	execgate_policy_known_read(EXECGATE_POLICY_VERSION_FILE,
				   daemon->intent.config.tpm, known, NULL);
	if (known->problem[0])
		journal_say(EXECGATE_MESSAGE_POLICY_RECORD, LOG_ALERT, "%s",
			    known->problem);
}

/* Does the file or a TPM that answers say less than @version? */
static bool is_behind(const struct execgate_policy_known *known,
		      uint64_t version)
{
	return known->file < version ||
	       (known->state == EXECGATE_POLICY_TPM_ASKED &&
		(known->tpm < version || known->bound < version));
}

/* @known: as it was read, with the version that was put in force since */
static void keep_known(const struct daemon *daemon,
		       const struct execgate_policy_known *known)
{
	struct execgate_error err;

	if (is_behind(known, known->version) &&
	    execgate_policy_known_raise(EXECGATE_POLICY_VERSION_FILE,
					daemon->intent.config.tpm,
					known->version, &err))
		journal_say(EXECGATE_MESSAGE_POLICY_RECORD, LOG_ERR,
			    "version %" PRIu64 " of the signed policy is not "
			    "kept wherever it should be, and an older one "
			    "could be taken after a boot: %s",
			    known->version, err.message);
}

/* The word of the administrator of a machine that does not boot is stronger. */
static bool is_rescued(const struct execgate_policy_file *file, int boot)
{
	int mode = boot < 0 ? EXECGATE_MODE_AUDIT : boot;

	if (boot == -ENOENT || (u32)mode >= file->object.mode)
		return false;
	journal_say(EXECGATE_MESSAGE_POLICY_REJECTED, LOG_WARNING,
		    "the kernel command line says execgate.mode=%s: the signed "
		    "policy %s, version %" PRIu64 ", which says %s, is NOT in "
		    "force in this boot",
		    boot < 0 ? "" : execgate_mode_name((unsigned int)mode),
		    file->name, file->object.version,
		    execgate_mode_name(file->object.mode));
	return true;
}

static bool may_load(struct daemon *daemon, const char *path,
		     const struct execgate_policy_file *file, int boot,
		     unsigned int limit)
{
	/* Put in force in this boot already: whatever is newer stays. */
	if (daemon->status.policy.version)
		return file->object.version >= daemon->status.policy.version;
	return !is_rescued(file, boot) &&
	       (file->object.mode != EXECGATE_MODE_ENFORCE ||
		rescue_may_enforce(daemon, limit, path));
}

static void say_loaded(const char *path,
		       const struct execgate_policy_file *file)
{
	char text[EXECGATE_PROFILE_TEXT], floors[EXECGATE_POLICY_FLOORS_TEXT];
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_POLICY_LOADED, LOG_INFO);
	execgate_record_bytes(record, "EXECGATE_FILE", path, strlen(path));
	journal_finish(record,
		       "signed policy %s, version %" PRIu64
		       ", is in force: mode %s, profile %s%s",
		       file->name, file->object.version,
		       execgate_mode_name(file->object.mode),
		       execgate_profile_describe(file->object.profile,
						 file->gates, text),
		       execgate_policy_floors_text(file->object.floors,
						   floors));
}

static int send_file(struct daemon *daemon, const char *path,
		     struct execgate_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), ret;
	uint32_t mode = daemon->status.mode;

	if (fd < 0)
		return execgate_error_errno(err, -errno, "cannot open %s",
					    path);
	ret = execgate_netlink_policy_load(daemon->control, fd, err);
	close(fd);
	if (!ret)
		ret = execgate_netlink_status(daemon->control, &daemon->status,
					      err);
	if (!ret)
		journal_mode(mode, daemon->status.mode);
	return ret;
}

static bool load_policy(struct daemon *daemon, const char *path,
			const struct execgate_policy_file *file,
			struct execgate_policy_known *known)
{
	uint64_t before = daemon->status.policy.version;
	struct execgate_error err;
	int ret, tries = 0;

	ret = execgate_policy_file_check(path, file, known->version, &err);
	if (!ret)
		do
			ret = send_file(daemon, path, &err);
		while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret) {
		say_rejected(daemon, path, err.message);
		return false;
	}
	if (file->object.version == before)
		return false;
	say_loaded(path, file);
	known->version = file->object.version;
	return true;
}

bool policies_old_signer(const struct daemon *daemon, X509 *x509)
{
	struct execgate_policy_file file;
	struct execgate_policy_known known;
	struct execgate_error err;
	char path[PATH_MAX];
	bool is_signer;

	if (snprintf(path, sizeof(path), "%s/policy", daemon->config_dir) >=
		    (int)sizeof(path) ||
	    execgate_policy_known_read_file(EXECGATE_POLICY_VERSION_FILE,
					    &known, &err) ||
	    execgate_policy_file_load(path, &file, &err))
		return false;
	is_signer = file.is_signed && file.object.version <= known.file &&
		    execgate_verify_names(&file.cms, x509) &&
		    execgate_verify_message(&file.cms, x509);
	execgate_policy_file_free(&file);
	return is_signer;
}

static bool load_known(struct daemon *daemon, const char *path, int boot,
		       unsigned int limit, struct execgate_policy_known *known)
{
	struct execgate_policy_file file;
	struct execgate_error err;
	bool loaded;
	int ret, tries = 0;

	do
		ret = execgate_policy_file_load(path, &file, &err);
	while (execgate_error_may_pass(ret) && ++tries < TRIES);
	if (ret == -ENOENT) {
		if (known->version && !daemon->status.policy.version)
			say_missing(daemon, path, known);
		return false;
	}
	if (ret) {
		say_rejected(daemon, path, err.message);
		return false;
	}
	loaded = may_load(daemon, path, &file, boot, limit) &&
		 load_policy(daemon, path, &file, known);
	execgate_policy_file_free(&file);
	return loaded;
}

bool policies_load(struct daemon *daemon, int boot, unsigned int limit)
{
	struct execgate_policy_known known;
	char path[PATH_MAX];
	bool loaded;

	if (snprintf(path, sizeof(path), "%s/policy", daemon->config_dir) >=
	    (int)sizeof(path))
		return false;
	read_known(daemon, &known);
	loaded = load_known(daemon, path, boot, limit, &known);
	keep_known(daemon, &known);
	return loaded;
}

/* @looser: what the configuration says and the policy does not let it. */
static void say_wins(const struct daemon *daemon, const char *path,
		     const char *looser)
{
	const struct execgate_loaded_policy *policy = &daemon->status.policy;
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_POLICY_WINS, LOG_NOTICE);
	execgate_record_bytes(record, "EXECGATE_FILE", path, strlen(path));
	journal_finish(record,
		       "%s of %s is not applied: the signed policy %s, version "
		       "%" PRIu64 ", is stricter",
		       looser, path, policy->name, policy->version);
}

/*
 * All gates of both, and the mode of the policy: so what was set by hand since
 * goes, as without a policy, but nothing below the policy is ever asked for.
 */
void policies_tighten(struct daemon *daemon,
		      const struct execgate_config *config)
{
	const struct execgate_loaded_policy *policy = &daemon->status.policy;
	bool says = config->profile >= 0 || config->select;
	uint32_t gates = says ? execgate_config_gates(config) : 0;

	if (!policy->version)
		return;
	if (says && policy->gates.on & ~gates)
		say_wins(daemon, config->policy_file, "the profile");
	daemon->pending.profile = (enum execgate_profile)policy->profile;
	daemon->pending.gates = policy->gates.on | gates;
	daemon->pending.select = policy->gates.known;
}

bool policies_leave_mode(struct daemon *daemon,
			 const struct execgate_config *config)
{
	const struct execgate_loaded_policy *policy = &daemon->status.policy;

	if (!policy->version || (config->mode != EXECGATE_CONFIG_NO_MODE &&
				 (uint32_t)config->mode > policy->mode))
		return true;
	if (config->mode != EXECGATE_CONFIG_NO_MODE &&
	    (uint32_t)config->mode < policy->mode &&
	    daemon->resume->configured_mode != config->mode)
		say_wins(daemon, config->mode_file, "the mode");
	daemon->resume->configured_mode = config->mode;
	return false;
}
