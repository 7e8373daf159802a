/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The keys this machine trusts to sign code: the ".execgate" keyring, and a
 * table beside it that says which key is which. CAs stand in the table and in
 * ".execgate_ca": no message is ever verified against that one.
 *
 * Keys come in over netlink only. No process, whatever its privileges, has
 * write, link, search or setattr permission on the keyring, so keyctl(1) can
 * show it and do nothing else.
 */
#ifndef EG_KEYRING_H
#define EG_KEYRING_H

#include <linux/execgate.h>

#include "format/cms.h"
#include "trust/certificate.h"
#include "trust/refusal.h"

struct eg_signer {
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];
	u8 issuer[EXECGATE_FINGERPRINT_SIZE]; /* its CA's, or its own */
	time64_t not_after;
	u32 purposes;
};

int eg_keyring_init(void);
void eg_keyring_exit(void);

/**
 * eg_keyring_add() - trust a key
 * @certificate: X.509 DER, for code signing
 * @not_after: what it signs later does not count; seconds. Not after the
 *	certificate's own end, but 0 = it never ends. With EG_CERTIFICATE_OWN_END the
 *	certificate must also be in its time now, by the clock
 * @as: what for
 * @out: on success the key as enrolled, with a reference on @out->key
 * @why: its sentence is set on failure, its reason with -EPERM
 *
 * Return: 0; -EPERM when the gate is locked, or bound by a signed policy and the key
 * is for those; -EEXIST when it is trusted already; -ENOTUNIQ when another key bears
 * one of its names, or it is trusted for something else; -EKEYREJECTED for a key that
 * is too weak or not a public key; -ENOSPC at EXECGATE_KEYS_MAX; what the kernel's
 * X.509 parser says. A leaf: -ENOKEY when no CA signed it, -EACCES when that is not
 * for all of this, -EKEYREVOKED when it was revoked.
 * May load crypto modules, so it may exec modprobe: hold nothing.
 */
int eg_keyring_add(struct eg_bytes certificate, time64_t not_after,
		   const struct eg_enrolment *as, struct eg_key *out,
		   struct eg_refusal *why);

/*
 * Return: 0 or -ENOENT. Verdicts that came from the key are void at once. The caller
 * removes the leaves of a CA then, which eg_keyring_leaf() finds, as they may have
 * catalogs.
 */
int eg_keyring_remove(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE]);
/* A leaf of that CA that is for more than @purposes. Return: false without one. */
bool eg_keyring_leaf(const u8 ca[EXECGATE_FINGERPRINT_SIZE], u32 purposes,
		     u8 leaf[EXECGATE_FINGERPRINT_SIZE]);

/* Copy the @index'th key out, with a reference on its key. Return: false at the end. */
bool eg_keyring_get(unsigned int index, struct eg_key *out);
/* How many of them still let a program run. */
unsigned int eg_keyring_count(void);
/*
 * Itself, or its CA. A revoked key stays enrolled, so that what it signed can be
 * called revoked.
 */
bool eg_keyring_revoked(const struct eg_key *key);

/**
 * eg_keyring_verify() - does a trusted key sign this message?
 * @message: a CMS message that eg_cms_parse() accepted
 * @cms: what eg_cms_parse() made of it
 * @detached: what it is over when it carries no content itself, else nothing
 * @purpose: what the key must have been enrolled for
 * @signer: filled when the signing key is enrolled
 *
 * Return: ALLOWED, UNKNOWN_SIGNER, BAD_SIGNATURE, EXPIRED, REVOKED,
 * WRONG_PURPOSE, WEAK_ALGORITHM, MALFORMED, NO_MEMORY, INTERRUPTED.
 */
enum execgate_reason eg_keyring_verify(struct eg_bytes message,
				       const struct eg_cms *cms,
				       struct eg_bytes detached,
				       enum execgate_purpose purpose,
				       struct eg_signer *signer);

/*
 * The same against any keyring, which must not be NULL: that means Debian's
 * keys. @content: what the signature must be over, inside the message or not.
 */
enum execgate_reason eg_keyring_verify_with(struct key *keyring,
					    struct eg_bytes message,
					    struct eg_bytes content,
					    bool detached);

/*
 * Is this key enrolled, and for this? With PURPOSE_PLATFORM: is it one whose
 * libraries every program may load? Any context that may take a spinlock.
 */
bool eg_keyring_has(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE],
		    enum execgate_purpose purpose);

/**
 * eg_keyring_in_time() - may a key that ends then have signed at this time?
 * @not_after: the last second in which the key signs, 0 = it never ends
 * @created: what the signed content says of its own time
 *
 * No clock: a signature that was good stays so, and one from after the end is
 * never good. A time before the key began is not a fault: the signature itself
 * proves that the key was there, so the signer's clock was behind.
 */
static inline bool eg_keyring_in_time(time64_t not_after, u64 created)
{
	return !not_after || created <= (u64)not_after;
}

#endif /* EG_KEYRING_H */
