/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /etc/execgate/sync.conf: which server is asked, and how much of what it says counts. A
 * file of its own, so that a slip in it keeps nobody's gate from being configured.
 */
#ifndef EXECGATE_SYNC_CONFIG_H
#define EXECGATE_SYNC_CONFIG_H

#include <limits.h>
#include <stdbool.h>

#include "format/policy.h"
#include "lib/fleet/http.h"

#define EXECGATE_SYNC_CONFIG_FILE "/etc/execgate/sync.conf"
#define EXECGATE_SYNC_ID_MAX 64
#define EXECGATE_SYNC_NAMES_MAX 1023
#define EXECGATE_SYNC_HEADERS_MAX 4095
#define EXECGATE_SYNC_TIMEOUT 30
#define EXECGATE_SYNC_TIMEOUT_MAX 600

/*
 * X(name, kind, member, size of the member): each setting of section [sync]. URL ends
 * without a slash, and ID is what may stand in one; YES and SECONDS have no size.
 */
#define EXECGATE_SYNC_SETTINGS(X)                                  \
	X("url", URL, url, EXECGATE_HTTP_URL_MAX + 1)              \
	X("files", URL, files, EXECGATE_HTTP_URL_MAX + 1)          \
	X("machine_id", ID, machine_id, EXECGATE_SYNC_ID_MAX + 1)  \
	X("ca", PATH, ca, PATH_MAX)                                \
	X("certificate", PATH, certificate, PATH_MAX)              \
	X("key", PATH, key, PATH_MAX)                              \
	X("headers", PATH, headers_file, PATH_MAX)                 \
	X("catalogs", TEXT, catalogs, EXECGATE_SYNC_NAMES_MAX + 1) \
	X("policy", TEXT, policy, EG_POLICY_OBJECT_NAME_MAX + 1)   \
	X("keys", YES, keys, 0)                                    \
	X("lockdown", YES, lockdown, 0)                            \
	X("timeout", SECONDS, timeout, 0)

/**
 * struct execgate_sync_config - "" where the file says nothing
 * @url: of the server: stages are below it
 * @files: where signed files may be fetched from: below it. Without it the server's origin
 * @machine_id: without it one that is made of the machine's, for this program alone
 * @ca, @certificate, @key: of http.h
 * @headers_file: lines for the server that nobody else may read; @headers: the lines
 * @catalogs: names that the server may bring, with spaces between
 * @policy: the name of policies that it may bring
 * @keys: it may bring keys that an enrolled CA signed
 * @lockdown: its LOCKDOWN means enforce
 * @timeout: of a request, in seconds
 */
struct execgate_sync_config {
	char url[EXECGATE_HTTP_URL_MAX + 1];
	char files[EXECGATE_HTTP_URL_MAX + 1];
	char machine_id[EXECGATE_SYNC_ID_MAX + 1];
	char ca[PATH_MAX];
	char certificate[PATH_MAX];
	char key[PATH_MAX];
	char headers_file[PATH_MAX];
	char headers[EXECGATE_SYNC_HEADERS_MAX + 1];
	char catalogs[EXECGATE_SYNC_NAMES_MAX + 1];
	char policy[EG_POLICY_OBJECT_NAME_MAX + 1];
	bool keys;
	bool lockdown;
	unsigned int timeout;
};

/*
 * All of it, the headers and the machine's id as well. -ENOENT: there is no such file, or
 * it names no server.
 */
int execgate_sync_config_load(const char *path,
			      struct execgate_sync_config *out,
			      struct execgate_error *err);

/* Is @name one of the names in @list, which have spaces between them? */
bool execgate_sync_config_lists(const char *list, const char *name);
/* May a file be fetched from there? */
bool execgate_sync_config_reaches(const struct execgate_sync_config *config,
				  const char *url);

#endif /* EXECGATE_SYNC_CONFIG_H */
