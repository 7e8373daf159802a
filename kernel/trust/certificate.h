/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The demands on a certificate before its key is trusted: as a key that signs, as a CA
 * that signs such keys' certificates, or as a leaf that one signed.
 */
#ifndef EG_CERTIFICATE_H
#define EG_CERTIFICATE_H

#include <linux/execgate.h>
#include <linux/key.h>
#include <linux/time64.h>

#include "format/format.h"

enum eg_role {
	EG_ROLE_KEY,  /* trusted because somebody says so */
	EG_ROLE_CA,   /* signs certificates, and nothing else */
	EG_ROLE_LEAF, /* trusted because a CA that is enrolled signed it */
};

struct eg_key {
	struct key *key; /* reference held */
	u8 fingerprint[EXECGATE_FINGERPRINT_SIZE];
	u8 issuer[EXECGATE_FINGERPRINT_SIZE]; /* of a leaf's CA; else its own */
	time64_t not_after; /* when it signs last, seconds since 1970; 0 = never ends */
	const char *algorithm;
	u32 bits;
	u32 purposes; /* bits of enum execgate_purpose */
	enum eg_role role;
};

/**
 * struct eg_enrolment - what a key is to be trusted for
 * @role: and how
 * @purposes: what its signatures may vouch for, bits of enum execgate_purpose; of a
 *	leaf 0: all that its CA is for
 * @replace: if it is enrolled, this is from now on what it is for
 */
struct eg_enrolment {
	enum eg_role role;
	u32 purposes;
	bool replace;
};

/* The end that a certificate itself gives. */
#define EG_CERTIFICATE_OWN_END ((time64_t) - 1)

/**
 * eg_certificate_judge() - may it be enrolled, by what it says of itself?
 * @wanted_end: as eg_keyring_add() has it
 * @out: its end is set
 * @why: set to a sentence on failure
 */
int eg_certificate_judge(struct eg_bytes der, time64_t wanted_end,
			 const struct eg_enrolment *as, struct eg_key *out,
			 const char **why);
/* The same of the key in it, when the kernel has parsed it: kind and size are set. */
int eg_certificate_judge_key(struct eg_key *key, const char **why);

/*
 * Did this very key sign the certificate? By the kernel's own code; may load crypto
 * modules. 0; -ENOMEM and the like when that cannot be said; else it did not.
 */
int eg_certificate_issued_by(struct eg_bytes der, struct key *ca);

/* An empty keyring that no process can write to. */
struct key *eg_certificate_alloc_ring(const char *name);
/* Add a certificate. Return: the key, referenced, or ERR_PTR(). */
struct key *eg_certificate_create_key(struct key *ring, struct eg_bytes der);

#endif /* EG_CERTIFICATE_H */
