// SPDX-License-Identifier: GPL-2.0
#include "lib/config/policy_known.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/io.h"
#include "lib/catalog/sequences.h"
#include "lib/crypto/tpm.h"

bool execgate_policy_tpm_setting(const char *setting)
{
	return !strcmp(setting, EXECGATE_POLICY_TPM_AUTO) ||
	       !strcmp(setting, EXECGATE_POLICY_TPM_OFF) ||
	       !strncmp(setting, "device:/", strlen("device:/")) ||
	       !strncmp(setting, "swtpm:", strlen("swtpm:"));
}

static bool is_off(const char *tpm)
{
	return !strcmp(tpm, EXECGATE_POLICY_TPM_OFF);
}

const char *execgate_policy_tpm_tcti(const char *tpm)
{
	return *tpm && strcmp(tpm, EXECGATE_POLICY_TPM_AUTO) != 0 ? tpm : NULL;
}

/* A machine without a TPM, or without the library for it, is as one was before. */
static bool is_absent(int ret)
{
	return ret == -ENODEV || ret == -ENOPKG;
}

int execgate_policy_known_read_file(const char *path,
				    struct execgate_policy_known *out,
				    struct execgate_error *err)
{
	struct execgate_sequences all;
	int ret;

	memset(out, 0, sizeof(*out));
	ret = execgate_sequences_load(path, &all, err);
	if (ret)
		return ret;
	out->file = execgate_sequences_get(&all, EXECGATE_POLICY_VERSION_NAME);
	out->bound = execgate_sequences_get(&all, EXECGATE_POLICY_VERSION_TPM);
	execgate_sequences_free(&all);
	return 0;
}

uint64_t execgate_policy_known_bound(const char *path)
{
	struct execgate_policy_known known;

	execgate_policy_known_read_file(path, &known, NULL);
	return known.bound;
}

static void read_tpm(const char *tpm, struct execgate_policy_known *out)
{
	struct execgate_error err;
	int ret;

	if (is_off(tpm))
		return;
	ret = execgate_tpm_read(execgate_policy_tpm_tcti(tpm), &out->tpm, &err);
	out->state = !ret	    ? EXECGATE_POLICY_TPM_ASKED :
		     is_absent(ret) ? EXECGATE_POLICY_TPM_ABSENT :
				      EXECGATE_POLICY_TPM_FAILED;
	if (ret)
		strcpy(out->why, err.message);
}

/* @damage: what is wrong with the file, or NULL */
static void describe_file(const char *path, const char *damage,
			  struct execgate_policy_known *out)
{
	if (damage && !out->tpm)
		snprintf(out->problem, sizeof(out->problem),
			 "an older signed policy that was put back is NOT "
			 "refused: %s",
			 damage);
	else if (damage)
		snprintf(out->problem, sizeof(out->problem),
			 "the TPM says version %" PRIu64
			 " of the signed policy, which counts, because %s",
			 out->tpm, damage);
	else if (out->tpm > out->file && out->file)
		snprintf(out->problem, sizeof(out->problem),
			 "%s says version %" PRIu64 " of the signed policy and "
			 "the TPM %" PRIu64 ": an older file was put back. The "
			 "TPM's counts",
			 path, out->file, out->tpm);
	else if (out->tpm > out->file)
		snprintf(out->problem, sizeof(out->problem),
			 "%s is gone or says nothing, and the TPM says version "
			 "%" PRIu64 " of the signed policy: somebody removed "
			 "it, or the disk is another one. The TPM's counts",
			 path, out->tpm);
}

static void describe_tpm(const char *path, struct execgate_policy_known *out)
{
	if (out->state == EXECGATE_POLICY_TPM_FAILED)
		snprintf(out->problem, sizeof(out->problem),
			 "the TPM does not say which signed policy is too old, "
			 "so that version %" PRIu64 " counts%s: %s",
			 out->version, out->tpm ? "" : " and root can lower it",
			 out->why);
	else if (out->bound > out->tpm && out->why[0])
		snprintf(out->problem, sizeof(out->problem),
			 "the TPM that has version %" PRIu64 " of the signed "
			 "policy cannot be asked, so that only %s says which "
			 "one is too old: %s",
			 out->bound, path, out->why);
	else if (out->bound > out->tpm &&
		 out->state == EXECGATE_POLICY_TPM_ASKED)
		snprintf(out->problem, sizeof(out->problem),
			 "the TPM had version %" PRIu64 " of the signed policy "
			 "and has it no more: it was cleared or replaced, or "
			 "root removed it. Version %" PRIu64
			 " of %s counts and is given to it again",
			 out->bound, out->version, path);
}

int execgate_policy_known_read(const char *path, const char *tpm,
			       struct execgate_policy_known *out,
			       struct execgate_error *err)
{
	struct execgate_error cause;
	int ret;

	ret = execgate_policy_known_read_file(path, out, &cause);
	read_tpm(tpm, out);
	out->version = out->file > out->tpm ? out->file : out->tpm;
	describe_file(path, ret ? cause.message : NULL, out);
	/* A failure of the TPM says more than what follows from it. */
	if (!out->problem[0] || out->state == EXECGATE_POLICY_TPM_FAILED)
		describe_tpm(path, out);
	if (ret && err)
		*err = cause;
	return ret;
}

static int raise_tpm(const char *path, const char *tpm, uint64_t version,
		     struct execgate_error *err)
{
	int fd = execgate_io_lock_folder(path, err), ret;

	if (fd < 0)
		return fd;
	ret = execgate_tpm_raise(execgate_policy_tpm_tcti(tpm), version, err);
	close(fd);
	return ret;
}

int execgate_policy_known_raise(const char *path, const char *tpm,
				uint64_t version, struct execgate_error *err)
{
	int ret = execgate_sequences_raise(path, EXECGATE_POLICY_VERSION_NAME,
					   version, err);
	int of_tpm = 0;

	/* One of them is better than none. */
	if (!is_off(tpm))
		of_tpm = raise_tpm(path, tpm, version, ret ? NULL : err);
	if (!ret && !of_tpm && !is_off(tpm))
		ret = execgate_sequences_raise(path,
					       EXECGATE_POLICY_VERSION_TPM,
					       version, err);
	if (ret)
		return ret;
	return is_absent(of_tpm) ? 0 : of_tpm;
}
