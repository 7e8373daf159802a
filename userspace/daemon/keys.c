// SPDX-License-Identifier: GPL-2.0
#include "daemon/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/journal.h"
#include "daemon/key_ends.h"
#include "daemon/policies.h"
#include "lib/base/escape.h"
#include "lib/base/digits.h"
#include "lib/base/names.h"
#include "lib/crypto/keystore.h"

/* Without a key nothing runs: what a moment's want of memory refused is tried again. */
#define PASSES 3

/**
 * struct loading - one pass over the folder
 * @leaves: of leaves, or of all others: the kernel must know their CAs first
 * @last: what fails in it is said
 * @failed: a key was not enrolled that may be the next time
 */
struct loading {
	struct daemon *daemon;
	bool leaves;
	bool last;
	bool failed;
};

static void say_rejected(const struct execgate_keystore_entry *entry,
			 const struct execgate_error *problem)
{
	struct execgate_record *record;

	record = journal_begin(EXECGATE_MESSAGE_KEY_REJECTED, LOG_ERR);
	execgate_record_bytes(record, "EXECGATE_FILE", entry->path,
			      strlen(entry->path));
	/* The problem names the file. */
	journal_finish(record, "a key was not enrolled: %s", problem->message);
}

static void say_loaded(const struct execgate_keystore_entry *entry,
		       uint32_t purposes)
{
	const struct execgate_key *key = &entry->certificate->key;
	char hex[EXECGATE_HEX_SIZE(EXECGATE_FINGERPRINT_SIZE)];
	char subject[EXECGATE_ESCAPE_SIZE(sizeof(key->description))];
	char signs[EXECGATE_PURPOSES_TEXT];
	struct execgate_record *record;

	execgate_hex_write(hex, key->fingerprint, sizeof(key->fingerprint));
	execgate_escape_text(subject, key->description,
			     strlen(key->description));
	record = journal_begin(EXECGATE_MESSAGE_KEY_LOADED, LOG_INFO);
	execgate_record_bytes(record, "EXECGATE_FILE", entry->path,
			      strlen(entry->path));
	execgate_record_format(record, "EXECGATE_SIGNER", "%s", hex);
	execgate_purposes_text(purposes, ", ", signs);
	journal_finish(record, "%s %.16s is trusted to sign %s: %s",
		       entry->as.role == EXECGATE_ROLE_CA ? "CA" : "key", hex,
		       signs[0] ? signs : "what its CA is for", subject);
}

static void refuse_key(struct loading *loading,
		       const struct execgate_keystore_entry *entry,
		       const struct execgate_error *problem)
{
	loading->failed = true;
	if (loading->last)
		say_rejected(entry, problem);
}

/*
 * Before keys were for policies by a word of their own, each key for code was. One
 * that signed the policy that was in force here, by the daemon's own record, must
 * not put that out of force when the machine is upgraded. A writer of that record
 * could write the word as well. A module from before does not tell the
 * difference, and has the key already.
 */
static bool is_for_old_policy(const struct daemon *daemon,
			      const struct execgate_keystore_entry *entry)
{
	if (!entry->is_old || entry->as.purposes & EXECGATE_PURPOSE_POLICY ||
	    !policies_old_signer(daemon, entry->certificate->x509))
		return false;
	journal_say(EXECGATE_MESSAGE_KEY_LOADED, LOG_NOTICE,
		    "the key of %s signed the policy that was in force, from "
		    "when keys for code were for policies too: it stays so, "
		    "but say it by \"execgate key enroll --for code,policy "
		    "CERT\"",
		    entry->path);
	return true;
}

/* One key that the kernel does not take must not keep out the others. */
static int load_key(const struct execgate_keystore_entry *entry, void *arg)
{
	struct loading *loading = arg;
	const struct execgate_certificate *cert = entry->certificate;
	struct execgate_enrolment as = entry->as;
	struct execgate_error err;
	uint64_t expiry;
	int ret;

	if (loading->leaves != (as.role == EXECGATE_ROLE_LEAF))
		return 0;
	/* Not even memory that runs out in OpenSSL can be told from a bad file. */
	if (entry->problem) {
		refuse_key(loading, entry, entry->problem);
		return 0;
	}
	expiry = execgate_certificate_expiry(cert, entry->allow_expired);
	if (is_for_old_policy(loading->daemon, entry))
		as.purposes |= EXECGATE_PURPOSE_POLICY;
	ret = execgate_netlink_key_add(loading->daemon->control, cert->der,
				       cert->size, expiry, &as, NULL, &err);
	/* The module of before: there a key for code is for policies. */
	if (ret == -ERANGE && as.purposes != entry->as.purposes) {
		as.purposes = entry->as.purposes;
		ret = execgate_netlink_key_add(loading->daemon->control,
					       cert->der, cert->size, expiry,
					       &as, NULL, &err);
	}
	if (ret && ret != -EEXIST) {
		refuse_key(loading, entry, &err);
		return 0;
	}
	/* Already there: this daemon was restarted, the kernel was not. */
	if (!ret)
		say_loaded(entry, as.purposes);
	return 0;
}

/* Return: try again. */
static bool load_folder(struct daemon *daemon, bool leaves, bool last)
{
	struct loading loading = { .daemon = daemon,
				   .leaves = leaves,
				   .last = last };
	struct execgate_error err;

	if (execgate_keystore_list(daemon->keys_dir, load_key, &loading,
				   &err)) {
		loading.failed = true;
		if (last)
			journal_say(EXECGATE_MESSAGE_KEY_REJECTED, LOG_ERR,
				    "the keys were not read: %s", err.message);
	}
	return loading.failed;
}

void keys_load(struct daemon *daemon)
{
	for (unsigned int pass = 1; pass <= PASSES; pass++)
		if (!load_folder(daemon, false, pass == PASSES))
			break;
	for (unsigned int pass = 1; pass <= PASSES; pass++)
		if (!load_folder(daemon, true, pass == PASSES))
			break;
	key_ends_look(daemon);
}
