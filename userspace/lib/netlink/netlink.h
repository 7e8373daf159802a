/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Client of the generic netlink family in <linux/execgate.h>. One struct
 * execgate_netlink is used by one thread at a time.
 *
 * All functions return 0 or a negative errno and then fill @err; where the
 * module is not loaded, err->code is EXECGATE_EXIT_NOT_LOADED, and where the
 * caller may not, EXECGATE_EXIT_NO_PRIVILEGE. The kernel's words about a refused
 * request (its "extended ack") are part of the message.
 */
#ifndef EXECGATE_NETLINK_H
#define EXECGATE_NETLINK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/base/profile.h"
#include "lib/catalog/revoked.h"
#include "lib/crypto/key.h"
#include "lib/netlink/connection.h"
#include "lib/netlink/event.h"
#include "lib/netlink/loaded_catalog.h"

/*
 * Return non-zero to stop; it becomes the result of the call. Neither may use
 * the struct execgate_netlink that it is called from.
 */
typedef int (*execgate_event_fn)(const struct execgate_event *event, void *arg);
typedef int (*execgate_key_fn)(const struct execgate_key *key, void *arg);
typedef int (*execgate_catalog_fn)(
	const struct execgate_loaded_catalog *catalog, void *arg);

typedef int (*execgate_revocation_fn)(
	const struct execgate_revocation *revocation, void *arg);

typedef int (*execgate_constraint_fn)(
	const struct execgate_constraint_item *item, void *arg);

int execgate_netlink_status(struct execgate_netlink *nl,
			    struct execgate_status *out,
			    struct execgate_error *err);

/* "off" detaches the hooks and comes back when they are gone: seconds. */
int execgate_netlink_mode_set(struct execgate_netlink *nl,
			      enum execgate_mode mode,
			      struct execgate_error *err);

/* Mode, profile and gates at once: the kernel is never seen between them. */
int execgate_netlink_policy_set(struct execgate_netlink *nl,
				const struct execgate_policy_change *change,
				struct execgate_error *err);

/*
 * Put the signed policy open at @fd in force. Any failure leaves what was.
 * -EPERM: its version is too low or taken, or it would loosen a locked gate.
 */
int execgate_netlink_policy_load(struct execgate_netlink *nl, int fd,
				 struct execgate_error *err);

/* Until the next boot nothing is loosened; only in mode enforce. */
int execgate_netlink_lock(struct execgate_netlink *nl,
			  struct execgate_error *err);

/* The decision if the file open at @fd were used as at @hook. */
int execgate_netlink_check(struct execgate_netlink *nl, int fd,
			   enum execgate_hook hook, struct execgate_event *out,
			   struct execgate_error *err);

int execgate_netlink_key_add(struct execgate_netlink *nl,
			     const uint8_t *cert_der, size_t size,
			     uint64_t not_after,
			     const struct execgate_enrolment *as,
			     struct execgate_key *out,
			     struct execgate_error *err);
int execgate_netlink_key_remove(
	struct execgate_netlink *nl,
	const uint8_t fingerprint[EXECGATE_FINGERPRINT_SIZE],
	struct execgate_error *err);
int execgate_netlink_key_list(struct execgate_netlink *nl, execgate_key_fn fn,
			      void *arg, struct execgate_error *err);
/* All of them at once. @keys: owned by the caller, also after a failure; NULL if none. */
int execgate_netlink_keys(struct execgate_netlink *nl,
			  struct execgate_key **keys, size_t *count,
			  struct execgate_error *err);

/*
 * Load the signed catalog open at @fd, in place of one of the same name. Any
 * failure leaves that one as it was. -ESTALE: a newer one was loaded before.
 */
int execgate_netlink_catalog_add(struct execgate_netlink *nl, int fd,
				 struct execgate_loaded_catalog *out,
				 struct execgate_error *err);
int execgate_netlink_catalog_remove(struct execgate_netlink *nl,
				    const char *name,
				    struct execgate_error *err);
int execgate_netlink_catalog_list(struct execgate_netlink *nl,
				  execgate_catalog_fn fn, void *arg,
				  struct execgate_error *err);

/*
 * Any number of them; they go to the kernel in batches, so of many that do not
 * all fit (-ENOSPC) some may be revoked. Twice is fine.
 */
int execgate_netlink_revoke_add(struct execgate_netlink *nl,
				const struct execgate_revocation *items,
				size_t count, struct execgate_error *err);
int execgate_netlink_revoke_remove(struct execgate_netlink *nl,
				   const struct execgate_revocation *item,
				   struct execgate_error *err);
int execgate_netlink_revoke_list(struct execgate_netlink *nl,
				 execgate_revocation_fn fn, void *arg,
				 struct execgate_error *err);

/* Users and units, one at a time. Twice is fine. -ENOENT: no such cgroup. */
int execgate_netlink_constrain(struct execgate_netlink *nl,
			       const struct execgate_constraint_item *item,
			       struct execgate_error *err);
/* -ENOENT: it is not constrained. -EPERM: not while locked, or bound by a policy. */
int execgate_netlink_unconstrain(struct execgate_netlink *nl,
				 const struct execgate_constraint_item *item,
				 struct execgate_error *err);
int execgate_netlink_constrain_list(struct execgate_netlink *nl,
				    execgate_constraint_fn fn, void *arg,
				    struct execgate_error *err);

/* The events still held from sequence number @first on, in order. */
int execgate_netlink_event_list(struct execgate_netlink *nl, uint64_t first,
				execgate_event_fn fn, void *arg,
				struct execgate_error *err);

/*
 * Hand the events of one waiting message to @fn. -EAGAIN: nothing waits.
 * -ENOBUFS: the kernel dropped messages because we were slow; read what was
 * missed with execgate_netlink_event_list(). err is filled for the others.
 */
int execgate_netlink_event_receive(struct execgate_netlink *nl,
				   execgate_event_fn fn, void *arg,
				   struct execgate_error *err);

#endif /* EXECGATE_NETLINK_H */
