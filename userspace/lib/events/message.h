/* SPDX-License-Identifier: GPL-2.0 */
/*
 * MESSAGE_IDs of everything that execgated writes to the journal. Each is the
 * same 28 hex digits, then the kind (00 the daemon itself, 01 a denial) and a
 * number of that kind, two digits each; a denial's number is its reason, so
 * that "journalctl -x" explains every reason. The texts are in
 * userspace/systemd/execgate.catalog. Stable: append, never renumber.
 */
#ifndef EXECGATE_MESSAGE_H
#define EXECGATE_MESSAGE_H

#define EXECGATE_MESSAGE_BASE "9f97cad952584a27ae2f767c2690"
#define EXECGATE_MESSAGE_ID_SIZE 33 /* with the terminator */

/* X(CONSTANT, number, name): name is the field EXECGATE_EVENT. */
#define EXECGATE_MESSAGES(X)                              \
	X(STARTED, 0x01, "started")                       \
	X(STOPPED, 0x02, "stopped")                       \
	X(LOST, 0x03, "events-lost")                      \
	X(MODE_CHANGED, 0x04, "mode-changed")             \
	X(NOT_GATING, 0x05, "not-gating")                 \
	X(GATING, 0x06, "gating")                         \
	X(MODULE_FAILED, 0x07, "module-failed")           \
	X(MODULE_GONE, 0x08, "module-gone")               \
	X(KEY_LOADED, 0x09, "key-loaded")                 \
	X(KEY_REJECTED, 0x0a, "key-rejected")             \
	X(ENFORCE_REFUSED, 0x0b, "enforce-refused")       \
	X(MODE_FAILED, 0x0c, "mode-failed")               \
	X(CONFIG_REJECTED, 0x0d, "config-rejected")       \
	X(RESCUED, 0x0e, "rescued")                       \
	X(FORGED, 0x0f, "forged-message")                 \
	X(CATALOG_LOADED, 0x11, "catalog-loaded")         \
	X(CATALOG_REJECTED, 0x12, "catalog-rejected")     \
	X(SEQUENCES_FAILED, 0x13, "sequences-failed")     \
	X(REVOKED_RUNNING, 0x14, "revoked-running")       \
	X(REVOCATIONS_FAILED, 0x15, "revocations-failed") \
	X(LOCKED, 0x16, "locked")                         \
	X(CONSTRAIN_FAILED, 0x1a, "constrain-failed")     \
	X(POLICY_LOADED, 0x17, "policy-loaded")           \
	X(POLICY_REJECTED, 0x18, "policy-rejected")       \
	X(POLICY_WINS, 0x19, "policy-wins")               \
	X(POLICY_RECORD, 0x1b, "policy-record")           \
	X(CONNECTION, 0x10, "connection")                 \
	X(BOOT_FALLBACK, 0x20, "boot-fallback")           \
	X(BOOTS_FAILED, 0x21, "boots-not-counted")        \
	X(DEADLINE_HELD, 0x22, "deadline-held")           \
	X(DEADLINE_PASSED, 0x23, "deadline-passed")       \
	X(NOT_ENFORCING, 0x30, "not-enforcing")           \
	X(HELD, 0x31, "enforce-held")                     \
	X(NO_KEYS, 0x32, "enforce-without-keys")          \
	X(NOT_KEPT, 0x33, "configuration-not-kept")       \
	X(RESUME_FAILED, 0x34, "resume-failed")           \
	X(OWN_FAILED, 0x35, "own-denials-not-kept")       \
	X(EARLY, 0x36, "armed-early")                     \
	X(EARLY_FAILED, 0x37, "not-armed-early")          \
	X(UNJUDGED, 0x38, "unjudged-programs")            \
	X(MEASURED, 0x39, "measured")                     \
	X(MEASURE_FAILED, 0x3a, "not-measured")           \
	X(KEY_ENDS, 0x40, "key-ends")

enum execgate_message {
#define X(id, number, name) EXECGATE_MESSAGE_##id = (number),
	EXECGATE_MESSAGES(X)
#undef X
};

/* The name of the field EXECGATE_EVENT; a denial's is "denial". */
#define EXECGATE_MESSAGE_DENIAL_NAME "denial"
const char *execgate_message_name(enum execgate_message message);

/* Both write EXECGATE_MESSAGE_ID_SIZE bytes and return @out. */
char *execgate_message_id(enum execgate_message message, char *out);
char *execgate_message_denial_id(unsigned int reason, char *out);

#endif /* EXECGATE_MESSAGE_H */
