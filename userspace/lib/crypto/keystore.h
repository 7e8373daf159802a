/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The folder of certificates that the daemon hands to the kernel at boot. One
 * file each: FINGERPRINT16.WORD....pem, where FINGERPRINT16 is the first 16 hex
 * digits of the fingerprint. The words are the purposes that the key is trusted for
 * (EXECGATE_PURPOSES), "ca" or "leaf" for one that is that, and "allow-expired" when the operator has explicitly allowed
 * it past its notAfter. Files that an administrator puts there by hand may have any
 * name ending in .pem, .der, .crt or .cer, with these words before that or not; one
 * without a purpose is for code, and a leaf for what its CA is for.
 */
#ifndef EXECGATE_KEYSTORE_H
#define EXECGATE_KEYSTORE_H

#include "lib/crypto/certificate.h"

#define EXECGATE_KEYSTORE_DIR "/etc/execgate/keys"

/**
 * struct execgate_keystore_entry - one file of the folder
 * @path: its full path
 * @certificate: NULL if it could not be read
 * @allow_expired: its name has the word .allow-expired
 * @as: as its name says
 * @is_old: its name could be from when a key for code was for policies too
 * @problem: why it may not be trusted (unreadable, weak, no EKU); NULL if it may.
 *	     Its end is not a problem: what it signed before stays good
 */
struct execgate_keystore_entry {
	const char *path;
	const struct execgate_certificate *certificate;
	bool allow_expired;
	struct execgate_enrolment as;
	bool is_old;
	const struct execgate_error *problem;
};

/* Non-zero ends the walk and is returned by it. */
typedef int (*execgate_keystore_visit)(
	const struct execgate_keystore_entry *entry, void *arg);

/**
 * execgate_keystore_list() - visit the folder's files in order of their names
 *
 * A missing folder is an empty one. One bad file is an entry with @problem, not
 * a failure: it must not keep the machine from trusting the others.
 */
int execgate_keystore_list(const char *dir, execgate_keystore_visit visit,
			   void *arg, struct execgate_error *err);

/**
 * execgate_keystore_add() - write a certificate into the folder, atomically
 * @path: filled with the file's path; @path_size bytes
 *
 * Creates the folder if need be. The certificate must have been checked. A file
 * that has it for other purposes, or does not say what for, is replaced.
 */
int execgate_keystore_add(const char *dir,
			  const struct execgate_certificate *cert,
			  const struct execgate_enrolment *as,
			  bool allow_expired, char *path, size_t path_size,
			  struct execgate_error *err);

/* Remove every file of the folder that holds this certificate: how many in @count. */
int execgate_keystore_remove(
	const char *dir, const uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE],
	unsigned int *count, struct execgate_error *err);

#endif /* EXECGATE_KEYSTORE_H */
