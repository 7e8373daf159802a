/* SPDX-License-Identifier: GPL-2.0 */
/* The signed policy of the machine: into the kernel, and over the configuration. */
#ifndef EXECGATED_POLICIES_H
#define EXECGATED_POLICIES_H

#include <stdbool.h>

#include <openssl/x509.h>

struct daemon;
struct execgate_config;

/**
 * policies_load() - put the policy file in force
 * @boot: of execgate_boots_parameter()
 * @limit: boots in enforce that may fail
 *
 * Not one that is older than what was in force in an earlier boot, and not in
 * a boot that rescues the machine from it. Refreshes daemon->status. True: it
 * is in force now and was not before.
 */
bool policies_load(struct daemon *daemon, int boot, unsigned int limit);

/* Did this key sign the policy file, and was that in force here in an earlier boot? */
bool policies_old_signer(const struct daemon *daemon, X509 *x509);

/* Make daemon->pending what @config adds to the signed policy, if there is one. */
void policies_tighten(struct daemon *daemon,
		      const struct execgate_config *config);
/* False: the signed policy says at least the mode that @config says. */
bool policies_leave_mode(struct daemon *daemon,
			 const struct execgate_config *config);

#endif /* EXECGATED_POLICIES_H */
