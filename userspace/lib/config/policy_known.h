/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The newest version of the signed policy that was in force on this machine: in a file of
 * sequences.h, which root can remove or put back, and in the TPM where there is one. The
 * file also says what the TPM had, so that a TPM that forgot is noticed.
 */
#ifndef EXECGATE_POLICY_KNOWN_H
#define EXECGATE_POLICY_KNOWN_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

/* The highest version that was ever in force here; as lib/sequences.h has it. */
#define EXECGATE_POLICY_VERSION_FILE "/var/lib/execgate/policy-version"
/* One version for the machine, whatever policies are called. */
#define EXECGATE_POLICY_VERSION_NAME "policy"
/* The highest that the TPM had. */
#define EXECGATE_POLICY_VERSION_TPM "tpm"

/* Settings "tpm" of the configuration; all else is a TCTI. "" is auto. */
#define EXECGATE_POLICY_TPM_AUTO "auto"
#define EXECGATE_POLICY_TPM_OFF "off"

enum execgate_policy_tpm {
	EXECGATE_POLICY_TPM_ABSENT, /* none, not wanted, or no library for it */
	EXECGATE_POLICY_TPM_ASKED,
	EXECGATE_POLICY_TPM_FAILED,
};

/**
 * struct execgate_policy_known - what is on record
 * @version: the highest of both: an older policy is not put in force; 0 = none was
 * @file: what the file says; @bound: what it says that the TPM had
 * @tpm: what the TPM says
 * @why: why the TPM says nothing; "" = it was asked, or is not to be
 * @problem: what the administrator has to know; "" = both say the same
 */
struct execgate_policy_known {
	uint64_t version;
	uint64_t file;
	uint64_t bound;
	uint64_t tpm;
	enum execgate_policy_tpm state;
	char why[1024];
	char problem[PATH_MAX + 2048];
};

/**
 * execgate_policy_known_read() - ask both
 * @path: the file
 * @tpm: the setting of the configuration
 *
 * Fails if the file is damaged; @out is all that is known all the same.
 */
int execgate_policy_known_read(const char *path, const char *tpm,
			       struct execgate_policy_known *out,
			       struct execgate_error *err);

/* The file alone: @file and @bound. After a failure all is 0. */
int execgate_policy_known_read_file(const char *path,
				    struct execgate_policy_known *out,
				    struct execgate_error *err);

/*
 * Write @version, if it is higher, to both. The file is first: a crash before the TPM has
 * it looks like a TPM that is behind, which the next call mends in silence.
 */
int execgate_policy_known_raise(const char *path, const char *tpm,
				uint64_t version, struct execgate_error *err);

/* The version that the TPM had when it was last given one, by the file; 0 = none. */
uint64_t execgate_policy_known_bound(const char *path);

/* May this stand behind "tpm ="? Where a process is started (cmd:) it may not. */
bool execgate_policy_tpm_setting(const char *setting);

/* The TCTI of a setting that is not off, as lib/crypto/tpm.h has it. */
const char *execgate_policy_tpm_tcti(const char *tpm);

#endif /* EXECGATE_POLICY_KNOWN_H */
