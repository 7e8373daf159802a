// SPDX-License-Identifier: GPL-2.0
#include "trust/certificate.h"

#include <crypto/public_key.h>
#include <keys/asymmetric-subtype.h>
#include <keys/asymmetric-type.h>
#include <linux/cred.h>
#include <linux/crypto.h>
#include <linux/err.h>
#include <linux/timekeeping.h>

#include "format/der.h"
#include "format/x509.h"

/*
 * View and read for root. Write and search only for who possesses the keyring:
 * this module does, by its reference; a process would need it linked below its
 * own keyrings, and link permission nobody has.
 */
#define KEYRING_PERM                                                    \
	(KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_POS_WRITE | \
	 KEY_USR_VIEW | KEY_USR_READ)
#define KEY_PERM (KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_USR_VIEW)

/* @restriction: what may be linked, in the words of keyctl(2); NULL: nothing */
static struct key *alloc_ring(const char *name, const char *restriction,
			      unsigned long flags)
{
	struct key *ring;
	int err;

	ring = keyring_alloc(name, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
			     current_cred(), KEYRING_PERM,
			     KEY_ALLOC_NOT_IN_QUOTA | flags, NULL, NULL);
	if (IS_ERR(ring))
		return ring;
	err = keyring_restrict(make_key_ref(ring, true),
			       restriction ? "asymmetric" : NULL, restriction);
	if (err) {
		key_put(ring);
		return ERR_PTR(err);
	}
	return ring;
}

/* Second lock on the door: every link from outside is rejected. */
struct key *eg_certificate_alloc_ring(const char *name)
{
	return alloc_ring(name, NULL, KEY_ALLOC_SET_KEEP);
}

static struct key *create_key(struct key *ring, struct eg_bytes der,
			      unsigned long flags)
{
	key_ref_t ref;

	ref = key_create(make_key_ref(ring, true), "asymmetric", NULL, der.data,
			 der.size, KEY_PERM, KEY_ALLOC_NOT_IN_QUOTA | flags);
	return IS_ERR(ref) ? ERR_CAST(ref) : key_ref_to_ptr(ref);
}

struct key *eg_certificate_create_key(struct key *ring, struct eg_bytes der)
{
	return create_key(ring, der, KEY_ALLOC_BYPASS_RESTRICTION);
}

/*
 * No function that verifies a certificate's signature takes what a module has, but
 * the kernel does it for a keyring that is restricted to what one key signed. The
 * keyring is this call's alone, and goes with it; the restriction holds a reference
 * to the CA's key.
 */
int eg_certificate_issued_by(struct eg_bytes der, struct key *ca)
{
	char restriction[sizeof("key_or_keyring:") + 11];
	struct key *ring, *key;
	int err;

	snprintf(restriction, sizeof(restriction), "key_or_keyring:%d",
		 ca->serial);
	ring = alloc_ring(".execgate_leaf", restriction, 0);
	if (IS_ERR(ring))
		return PTR_ERR(ring);
	key = create_key(ring, der, 0);
	err = PTR_ERR_OR_ZERO(key);
	if (!err) {
		key_unlink(ring, key);
		key_put(key);
	}
	key_put(ring);
	return err;
}

/*
 * The kernel takes RSA-512 and anything else it has an algorithm for. Below
 * this bar a signature is worth less than the digest it covers.
 */
static const char *judge_key(const struct key *key, struct eg_key *out)
{
	const struct asymmetric_key_subtype *subtype =
		asymmetric_key_subtype(key);
	const struct public_key *pub = key->payload.data[asym_crypto];

	if (!subtype || strcmp(subtype->name, "public_key") || !pub ||
	    pub->key_is_private)
		return "it is not an X.509 certificate of a public key";
	if (!asymmetric_key_ids(key) || !asymmetric_key_ids(key)->id[0])
		return "the certificate names no issuer and serial number";

	if (!strcmp(pub->pkey_algo, "rsa")) {
		out->algorithm = "rsa";
		out->bits = eg_der_rsa_bits(
			(struct eg_bytes){ pub->key, pub->keylen });
		return out->bits >= 2048 ? NULL :
					   "RSA keys need at least 2048 bits";
	}
	if (!strcmp(pub->pkey_algo, "ecdsa-nist-p256")) {
		out->algorithm = "ecdsa-nist-p256";
		out->bits = 256;
		return NULL;
	}
	if (!strcmp(pub->pkey_algo, "ecdsa-nist-p384")) {
		out->algorithm = "ecdsa-nist-p384";
		out->bits = 384;
		return NULL;
	}
	return "only RSA, ECDSA P-256 and ECDSA P-384 keys are accepted";
}

/*
 * The clock decides only for a caller that names no end: a tool that knows
 * nothing of dates. A key with an end is taken at any time, because each boot
 * enrolls the keys anew and the clock of a boot may be wrong; the end is
 * compared with the time in each signature (eg_keyring_in_time()). An end before
 * 1970 reads as 0 and must not become "never".
 */
static int judge_dates(const struct eg_x509 *cert, time64_t wanted_end,
		       struct eg_key *out, const char **why)
{
	time64_t now = ktime_get_real_seconds();
	bool asks_clock = wanted_end == EG_CERTIFICATE_OWN_END;

	*why = "the certificate is not valid yet";
	if (asks_clock && (time64_t)cert->not_before > now)
		return -EKEYREJECTED;
	if (!wanted_end)
		return 0;
	out->not_after = cert->not_after;
	if (!asks_clock)
		out->not_after = min(wanted_end, out->not_after);
	*why = "the key has expired";
	if (out->not_after <= 0 || (asks_clock && out->not_after <= now))
		return -EKEYEXPIRED;
	return 0;
}

/* The claims that a certificate must make to be enrolled as a CA. */
static int judge_ca(const struct eg_x509 *cert, const char **why)
{
	*why = "it is not the certificate of a CA: its basic constraints lack CA:TRUE";
	if (!cert->is_ca)
		return -EKEYREJECTED;
	*why = "its key usage lacks keyCertSign";
	if (!cert->certifies)
		return -EKEYREJECTED;
	*why = "its extended key usage lacks codeSigning";
	return cert->says_use && !cert->signs_code ? -EKEYREJECTED : 0;
}

static int judge_signer(const struct eg_x509 *cert, u32 purposes,
			const char **why)
{
	*why = "its extended key usage lacks codeSigning";
	if (!cert->signs_code && !(purposes == EXECGATE_PURPOSE_MODULES &&
				   (cert->signs_modules || !cert->says_use)))
		return -EKEYREJECTED;
	*why = "its key usage lacks digitalSignature";
	return cert->may_sign ? 0 : -EKEYREJECTED;
}

/*
 * A leaf is trusted by its CA's signature alone, so that must be a good one; and it
 * ends when its certificate does, whatever the operator says.
 */
static int judge_leaf(const struct eg_x509 *cert, time64_t wanted_end,
		      const char **why)
{
	*why = "a leaf may not be a CA itself";
	if (cert->is_ca || cert->certifies)
		return -EKEYREJECTED;
	*why = "its signature is made with an algorithm that is not allowed";
	if (!cert->is_strong)
		return -EKEYREJECTED;
	*why = "a leaf ends with its certificate";
	return wanted_end ? 0 : -EKEYREJECTED;
}

/*
 * The kernel's parser reads neither dates nor uses, and whoever asks may be any
 * program of root's: what "key enroll" would not trust, this does not either.
 * That a key counts past its end (0) is the operator's word, not the default.
 */
int eg_certificate_judge(struct eg_bytes der, time64_t wanted_end,
			 const struct eg_enrolment *as, struct eg_key *out,
			 const char **why)
{
	struct eg_x509 cert;
	int err = 0;

	*why = "the certificate is not strict DER of version 3";
	if (eg_x509_parse(der, &cert) != EG_FORMAT_OK)
		return -EBADMSG;
	*why = "it has a critical extension that is not known here";
	if (cert.unknown_critical)
		return -EKEYREJECTED;
	switch (as->role) {
	case EG_ROLE_CA:
		err = judge_ca(&cert, why);
		break;
	case EG_ROLE_LEAF:
		err = judge_leaf(&cert, wanted_end, why) ?:
			      judge_signer(&cert, as->purposes, why);
		break;
	case EG_ROLE_KEY:
		err = judge_signer(&cert, as->purposes, why);
		break;
	}
	return err ?: judge_dates(&cert, wanted_end, out, why);
}

int eg_certificate_judge_key(struct eg_key *key, const char **why)
{
	*why = judge_key(key->key, key);
	if (*why)
		return -EKEYREJECTED;
	/* Load its algorithm now: a hook must never have to run modprobe. */
	*why = "the kernel lacks the algorithm of this key";
	return crypto_has_alg(key->algorithm, 0, 0) ? 0 : -ENOPKG;
}
