/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A policy object in a file: as signed, or as it is yet to be signed. And where
 * the one for the next boot is kept.
 */
#ifndef EXECGATE_POLICY_FILE_H
#define EXECGATE_POLICY_FILE_H

#include "format/policy.h"
#include "lib/config/config.h"
#include "lib/config/policy_known.h"
#include "lib/crypto/verify.h"

#define EXECGATE_POLICY_FILE EXECGATE_CONFIG_DIR "/policy"

/**
 * struct execgate_policy_file - one read into memory
 * @bytes: owned; the rest points into it
 * @is_signed: it is a message; @cms is set
 * @name: of the object, terminated
 * @gates: that it comes to: the profile's, with those of select
 */
struct execgate_policy_file {
	uint8_t *bytes;
	size_t size;
	bool is_signed;
	struct eg_cms cms;
	struct eg_policy_object object;
	char name[EG_POLICY_OBJECT_NAME_MAX + 1];
	uint32_t gates;
};

/**
 * execgate_policy_file_load() - read and hold against the format
 * @out: freed by the caller, after success only
 *
 * -EBADMSG: it is not well formed. The signer is not checked.
 */
int execgate_policy_file_load(const char *path,
			      struct execgate_policy_file *out,
			      struct execgate_error *err);
void execgate_policy_file_free(struct execgate_policy_file *file);

/* As execgate_catalog_file_verify(). */
int execgate_policy_file_verify(const char *path,
				const struct execgate_policy_file *file,
				const struct execgate_trust *trust,
				const struct execgate_certificate **signer,
				struct execgate_error *err);

/* -ESTALE if @file is older than @known, what was in force here before. */
int execgate_policy_file_check(const char *path,
			       const struct execgate_policy_file *file,
			       uint64_t known, struct execgate_error *err);

/* Keep it at @path for the next boot, atomically, then note its version. */
int execgate_policy_file_keep(const char *path, const char *versions,
			      const struct execgate_policy_file *file,
			      struct execgate_error *err);

/* ", 1 floor" or ", 7 floors"; empty without any. */
#define EXECGATE_POLICY_FLOORS_TEXT 32
char *execgate_policy_floors_text(struct eg_bytes floors,
				  char out[EXECGATE_POLICY_FLOORS_TEXT]);

/*
 * The mode of @config, or the policy that is kept if that says more:
 * what the next boot begins in. The kernel will check the signer.
 */
void execgate_policy_file_raise_mode(struct execgate_config *config);

#endif /* EXECGATE_POLICY_FILE_H */
