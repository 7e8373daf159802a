/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A user's own denials, which that user may read without privilege:
 * /run/execgate/denials/UID/log, and log.old before it. The journal gives users the
 * entries that they wrote themselves, and these are the daemon's.
 *
 * The folder belongs to root, and an access list lets in that one user and nobody else,
 * so others learn neither what was denied nor when. It takes the daemon no capability,
 * as the owner of a file may change its list. Each user who is logged in has a folder
 * of a bounded size, and a flood pushes out the user's own denials alone. Others get
 * none: one user may have thousands of uids (/etc/subuid), and those never log in.
 */
#ifndef EXECGATE_OWN_H
#define EXECGATE_OWN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/netlink/event.h"

#define EXECGATE_OWN_DIR "/run/execgate/denials"
#define EXECGATE_OWN_SIZE_MAX (64u << 10) /* of each of the two files */
#define EXECGATE_OWN_USERS_MAX 64

/*
 * Add the denial to the files of its user in @dir. @logins: the folder that has an
 * entry for each uid that is logged in (logind's /run/systemd/users). -ENOENT: its user
 * is not. -EDQUOT: EXECGATE_OWN_USERS_MAX others are.
 */
int execgate_own_keep(const char *dir, const char *logins,
		      const struct execgate_event *event, uint64_t count,
		      bool repeated, struct execgate_error *err);

typedef void (*execgate_own_visit)(const struct execgate_event *event,
				   uint64_t count, bool repeated, void *arg);
/**
 * struct execgate_own_place - what a reader has seen; zero at first
 * @inode: of the log that was read last, as it is renamed when it is full
 * @offset: the end of its last whole denial
 */
struct execgate_own_place {
	uint64_t inode;
	uint64_t offset;
};

/*
 * Those of @uid after @place, oldest first, which @place is then moved behind. None, or
 * no folder, does not fail.
 */
int execgate_own_read(const char *dir, uint32_t uid,
		      struct execgate_own_place *place,
		      execgate_own_visit visit, void *arg,
		      struct execgate_error *err);

#endif /* EXECGATE_OWN_H */
