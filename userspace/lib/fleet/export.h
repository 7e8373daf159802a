/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A denial in the words of others: the Elastic Common Schema, and the Open Cybersecurity
 * Schema Framework. execgate_field_map below is the one table of what becomes what.
 */
#ifndef EXECGATE_EXPORT_H
#define EXECGATE_EXPORT_H

#include <jansson.h>

#include "lib/netlink/event.h"

/* X(CONSTANT, name, version of the schema) */
#define EXECGATE_SCHEMAS(X)    \
	X(ECS, "ecs", "8.5.0") \
	X(OCSF, "ocsf", "1.5.0")

enum execgate_schema {
#define X(id, name, version) EXECGATE_SCHEMA_##id,
	EXECGATE_SCHEMAS(X)
#undef X
		EXECGATE_SCHEMA_COUNT
};

/*
 * X(field, how, path in ECS, how, path in OCSF) of each of EXECGATE_EVENT_FIELDS that an
 * event has, and of EXECGATE_FOUND_FIELDS. How: VALUE is a number, a boolean or a text, as the field is; TEXT a
 * text in any case; TIME, HASH and FILE are built by export.c. In OCSF the first evidence
 * of the list is meant by "evidences".
 */
#define EXECGATE_FIELD_MAP(X)                                                  \
	X(SEQUENCE, VALUE, "event.sequence", VALUE, "metadata.sequence")       \
	X(TIME, TIME, "@timestamp", TIME, "time")                              \
	X(REASON, TEXT, "event.code", TEXT, "finding_info.analytic.name")      \
	X(HOOK, TEXT, "event.action", TEXT, "unmapped.hook")                   \
	X(MODE, TEXT, "execgate.mode", TEXT, "unmapped.mode")                  \
	X(CARRIER, TEXT, "execgate.carrier", TEXT, "unmapped.carrier")         \
	X(PID, VALUE, "process.pid", VALUE, "evidences.process.pid")           \
	X(TID, VALUE, "process.thread.id", VALUE, "evidences.process.tid")     \
	X(UID, TEXT, "user.id", TEXT, "evidences.process.user.uid")            \
	X(COMM, TEXT, "process.thread.name", TEXT, "evidences.process.name")   \
	X(DEV, TEXT, "file.device", TEXT, "unmapped.dev")                      \
	X(INO, TEXT, "file.inode", TEXT, "evidences.file.uid")                 \
	X(PATH, FILE, "file.path", FILE, "evidences.file.path")                \
	X(PATH_CUT, VALUE, "execgate.path_cut", VALUE, "unmapped.path_cut")    \
	X(EXE, FILE, "process.executable", FILE,                               \
	  "evidences.process.file.path")                                       \
	X(SIGNER, TEXT, "execgate.signer", TEXT, "unmapped.signer")            \
	X(IDENTITY, TEXT, "file.code_signature.signing_id", TEXT,              \
	  "unmapped.identity")                                                 \
	X(IDENTITY_VERSION, VALUE, "execgate.identity_version", VALUE,         \
	  "unmapped.identity_version")                                         \
	X(DIGEST, TEXT, "file.hash.sha256", HASH, "evidences.file.hashes")     \
	X(TTY, TEXT, "execgate.tty", TEXT, "unmapped.tty")                     \
	X(CONSTRAINED, VALUE, "execgate.constrained", VALUE,                   \
	  "unmapped.constrained")                                              \
	X(PPID, VALUE, "process.parent.pid", VALUE,                            \
	  "evidences.process.parent_process.pid")                              \
	X(LOGIN_UID, VALUE, "execgate.login_uid", VALUE, "unmapped.login_uid") \
	X(USER_NS, VALUE, "execgate.user_ns", VALUE, "unmapped.user_ns")       \
	X(CGROUP, VALUE, "execgate.cgroup", VALUE, "unmapped.cgroup")          \
	X(CGROUP_PATH, TEXT, "execgate.cgroup_path", TEXT,                     \
	  "unmapped.cgroup_path")                                              \
	X(ARGV0, TEXT, "execgate.argv0", TEXT, "unmapped.argv0")               \
	X(REAL_DEV, TEXT, "execgate.real_dev", TEXT, "unmapped.real_dev")      \
	X(REAL_PATH, TEXT, "execgate.real_path", TEXT, "unmapped.real_path")   \
	X(UNIT, TEXT, "execgate.unit", TEXT, "unmapped.unit")                  \
	X(USER_UNIT, TEXT, "execgate.user_unit", TEXT, "unmapped.user_unit")   \
	X(CONTAINER, TEXT, "container.id", TEXT, "unmapped.container.uid")     \
	X(CONTAINER_RUNTIME, TEXT, "container.runtime", TEXT,                  \
	  "unmapped.container.runtime")                                        \
	X(CONTAINER_NAME, TEXT, "container.name", TEXT,                        \
	  "unmapped.container.name")                                           \
	X(IMAGE, TEXT, "container.image.name", TEXT,                           \
	  "unmapped.container.image.name")                                     \
	X(IMAGE_ID, TEXT, "execgate.image_id", TEXT,                           \
	  "unmapped.container.image.uid")                                      \
	X(HOST_PATH, TEXT, "execgate.host_path", TEXT, "unmapped.host_path")

/**
 * struct execgate_export_about - what is not in the event
 * @count: how many denials it stands for
 * @repeated: an earlier entry told of it
 * @host: name of the machine that denied
 */
struct execgate_export_about {
	uint64_t count;
	bool repeated;
	const char *host;
};

/* The number of a name, or -EINVAL. */
int execgate_schema_find(const char *name);

/*
 * One object. Texts that are not UTF-8 are escaped (escape.h); all others are as the
 * kernel told them. NULL without memory.
 */
json_t *execgate_export(enum execgate_schema schema,
			const struct execgate_event *event,
			const struct execgate_export_about *about);

/* Text as a string of JSON; bytes that are not UTF-8 are escaped as \xff. NULL: no memory. */
json_t *execgate_export_text(const char *text);
/* Tells one denial from all others of the machine, also after a new load: TIME-NUMBER. */
json_t *execgate_export_id(const struct execgate_event *event);

#endif /* EXECGATE_EXPORT_H */
