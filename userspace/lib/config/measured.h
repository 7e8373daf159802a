/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which keys and which signed policy count, in a PCR of the TPM: another machine that
 * gets a quote of the PCR can tell whether it is what it should be. It is measured once
 * when it is loaded and again whenever it is something else, so nothing that was ever
 * trusted in this boot can be taken back out of the PCR.
 *
 * The record of it is a file of /run, a line for each measurement: the number of the PCR
 * and the text whose hash went into it. Its lines, hashed in their order, give the PCR.
 */
#ifndef EXECGATE_MEASURED_H
#define EXECGATE_MEASURED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/config/deadline.h"
#include "lib/crypto/key.h"

#define EXECGATE_MEASURED_FILE EXECGATE_RUN_DIR "/measured"
#define EXECGATE_MEASURED_TEXT 160

/**
 * execgate_measured_text() - "execgate policy VERSION keys DIGEST"
 * @keys: @count of them; sorted by this
 *
 * DIGEST is the SHA-256, in hex, of a line "FINGERPRINT PURPOSES ROLE" for each key that is
 * not revoked, in the order of their fingerprints: "9f... files,catalogs key". A role is
 * key, ca or leaf.
 */
int execgate_measured_text(uint64_t version, struct execgate_key *keys,
			   size_t count, char out[EXECGATE_MEASURED_TEXT],
			   struct execgate_error *err);

/**
 * execgate_measured_extend() - measure @text, unless it is what was measured last
 * @path: the record
 * @tpm: the setting of the configuration, as policy_known.h has it
 * @done: it was measured now
 */
int execgate_measured_extend(const char *path, const char *tpm,
			     unsigned int pcr, const char *text, bool *done,
			     struct execgate_error *err);

#endif /* EXECGATE_MEASURED_H */
