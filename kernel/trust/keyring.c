// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: add_lock serialises adding and removing and may be held while
 * modprobe runs; table_lock guards the table and is held for a few compares.
 * Verifying takes table_lock only: a modprobe that add is waiting for must be
 * able to pass the gate.
 */
#include "trust/keyring.h"

#include <crypto/public_key.h>
#include <keys/asymmetric-subtype.h>
#include <keys/asymmetric-type.h>
#include <linux/cred.h>
#include <linux/crypto.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/verification.h>

#include "core/counter.h"
#include "core/digest.h"
#include "core/policy.h"
#include "format/der.h"
#include "format/x509.h"
#include "trust/revocation.h"

static struct key *keyring;
static DEFINE_MUTEX(add_lock);
static DEFINE_RWLOCK(table_lock);
static struct eg_key table[EXECGATE_KEYS_MAX];
static unsigned int table_count;

/*
 * View and read for root. Write and search only for who possesses the keyring:
 * this module does, by its reference; a process would need it linked below its
 * own keyrings, and link permission nobody has.
 */
#define KEYRING_PERM                                                    \
	(KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_POS_WRITE | \
	 KEY_USR_VIEW | KEY_USR_READ)
#define KEY_PERM (KEY_POS_VIEW | KEY_POS_READ | KEY_POS_SEARCH | KEY_USR_VIEW)

struct key *eg_keyring_alloc(const char *name)
{
	struct key *ring;
	int err;

	ring = keyring_alloc(name, GLOBAL_ROOT_UID, GLOBAL_ROOT_GID,
			     current_cred(), KEYRING_PERM,
			     KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_SET_KEEP, NULL,
			     NULL);
	if (IS_ERR(ring))
		return ring;
	/* Second lock on the door: every link from outside is rejected. */
	err = keyring_restrict(make_key_ref(ring, true), NULL, NULL);
	if (err) {
		key_put(ring);
		return ERR_PTR(err);
	}
	return ring;
}

struct key *eg_keyring_create_key(struct key *ring, const void *certificate,
				  size_t size)
{
	key_ref_t ref;

	ref = key_create(make_key_ref(ring, true), "asymmetric", NULL,
			 certificate, size, KEY_PERM,
			 KEY_ALLOC_NOT_IN_QUOTA | KEY_ALLOC_BYPASS_RESTRICTION);
	return IS_ERR(ref) ? ERR_CAST(ref) : key_ref_to_ptr(ref);
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

static bool same_id(const struct asymmetric_key_id *id, struct eg_bytes first,
		    struct eg_bytes second)
{
	return id && first.size + second.size == id->len &&
	       !memcmp(id->data, first.data, first.size) &&
	       !memcmp(id->data + first.size, second.data, second.size);
}

/* How the kernel builds ids: crypto/asymmetric_keys/x509_public_key.c. */
static bool names_key(const struct eg_cms *cms, const struct key *key)
{
	const struct asymmetric_key_ids *ids = asymmetric_key_ids(key);

	if (cms->key_id.size)
		return same_id(ids->id[1], cms->key_id,
			       (struct eg_bytes){ cms->key_id.data, 0 });
	return same_id(ids->id[0], cms->serial, cms->issuer);
}

static bool same_public_key(const struct key *a, const struct key *b)
{
	const struct public_key *x = a->payload.data[asym_crypto];
	const struct public_key *y = b->payload.data[asym_crypto];

	return x->keylen == y->keylen && !memcmp(x->key, y->key, x->keylen);
}

/*
 * The kernel looks for a message's signer among all ids of a key: issuer with
 * serial number, subject key id, subject. A certificate's maker chooses all of
 * them. So a key that bears any id of another one's could sign in its place, with
 * the purposes that find_signer() read from the other one. Only the subject may be
 * the same, which no message names. One key under two certificates, as after a
 * renewal, takes nobody's place.
 */
static bool names_clash(const struct key *a, const struct key *b)
{
	const struct asymmetric_key_ids *x = asymmetric_key_ids(a);
	const struct asymmetric_key_ids *y = asymmetric_key_ids(b);
	size_t i, j;

	if (asymmetric_key_id_same(x->id[0], y->id[0]))
		return true;
	if (same_public_key(a, b))
		return false;
	for (i = 0; i < ARRAY_SIZE(x->id); i++)
		for (j = 0; j < ARRAY_SIZE(y->id); j++)
			if ((i < 2 || j < 2) &&
			    asymmetric_key_id_same(x->id[i], y->id[j]))
				return true;
	return false;
}

/* A second key under a first one's name would make "who signed" ambiguous. */
static const char clash[] =
	"another key with this issuer and serial number, or this key id, is enrolled";

static int find_clash(const struct eg_key *new)
{
	unsigned int i;

	for (i = 0; i < table_count; i++)
		if (names_clash(table[i].key, new->key))
			return -ENOTUNIQ;
	return table_count < EXECGATE_KEYS_MAX ? 0 : -ENOSPC;
}

static int enter(const struct eg_key *new, const char **why)
{
	int err;

	write_lock(&table_lock);
	err = find_clash(new);
	if (!err)
		table[table_count++] = *new;
	write_unlock(&table_lock);
	if (err)
		*why = err == -ENOTUNIQ ? clash :
					  "as many keys as fit are enrolled";
	return err;
}

static int add(struct eg_bytes certificate, struct eg_key *new,
	       const char **why)
{
	struct key *key;
	int err;

	*why = "the kernel cannot use this certificate";
	key = eg_keyring_create_key(keyring, certificate.data,
				    certificate.size);
	if (IS_ERR(key)) {
		if (PTR_ERR(key) != -EEXIST)
			return PTR_ERR(key);
		*why = clash;
		return -ENOTUNIQ;
	}
	new->key = key;

	*why = judge_key(key, new);
	err = *why ? -EKEYREJECTED : 0;
	/* Load its algorithm now: a hook must never have to run modprobe. */
	if (!err && !crypto_has_alg(new->algorithm, 0, 0)) {
		*why = "the kernel lacks the algorithm of this key";
		err = -ENOPKG;
	}
	if (!err)
		err = enter(new, why);
	if (err) {
		key_unlink(keyring, key);
		key_put(key);
		return err;
	}
	key_get(key); /* the caller's, beside the table's */
	return 0;
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
	bool asks_clock = wanted_end == EG_KEYRING_OWN_END;

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

/*
 * The kernel's parser reads neither dates nor uses, and whoever asks may be any
 * program of root's: what "key enroll" would not trust, this does not either.
 * That a key counts past its end (0) is the operator's word, not the default.
 */
static int judge_certificate(struct eg_bytes der, time64_t wanted_end,
			     struct eg_key *out, const char **why)
{
	struct eg_x509 cert;

	*why = "the certificate is not strict DER of version 3";
	if (eg_x509_parse(der, &cert) != EG_FORMAT_OK)
		return -EBADMSG;
	*why = "it has a critical extension that is not known here";
	if (cert.unknown_critical)
		return -EKEYREJECTED;
	*why = "its extended key usage lacks codeSigning";
	if (!cert.signs_code && !(out->purposes == EXECGATE_PURPOSE_MODULES &&
				  (cert.signs_modules || !cert.says_use)))
		return -EKEYREJECTED;
	*why = "its key usage lacks digitalSignature";
	if (!cert.may_sign)
		return -EKEYREJECTED;
	return judge_dates(&cert, wanted_end, out, why);
}

/* table_lock is held. */
static struct eg_key *find_key(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE])
{
	unsigned int i;

	for (i = 0; i < table_count; i++)
		if (!memcmp(table[i].fingerprint, fingerprint,
			    EXECGATE_FINGERPRINT_SIZE))
			return &table[i];
	return NULL;
}

/*
 * Whoever is root enrolls keys. Locked, nobody widens what is trusted; and while a
 * signed policy says enforce nobody makes himself a key for the next policy, or it
 * would bind nobody.
 */
static int judge_widening(u32 before, u32 after, struct eg_refusal *why)
{
	u32 more = after & ~before;

	if (more && eg_policy_locked()) {
		why->reason = EXECGATE_REASON_LOCKED;
		why->text = eg_policy_locked_text;
		return -EPERM;
	}
	if (more & EXECGATE_PURPOSE_POLICY && eg_policy_bound()) {
		why->reason = EXECGATE_REASON_POLICY_SIGNED;
		why->text =
			"a signed policy says enforce: no key is enrolled for policies before the next boot";
		return -EPERM;
	}
	return 0;
}

/*
 * add_lock is held. A key is what it was enrolled for: adding it once more for
 * something else does not widen that in passing, nor pretend that it was narrowed,
 * unless the caller says so. Return: 0 if it is not enrolled, or when it was, and
 * @out->key is set.
 */
static int replace_purposes(struct eg_key *out, bool replace,
			    struct eg_refusal *why)
{
	struct eg_key *key;
	u32 before = 0;
	int err = 0;

	write_lock(&table_lock);
	key = find_key(out->fingerprint);
	if (key) {
		before = key->purposes;
		why->text = "this very key is enrolled already";
		err = -EEXIST;
	}
	if (key && before != out->purposes) {
		why->text =
			"this very key is enrolled to sign something else: say with --for what it is for";
		err = replace ? judge_widening(before, out->purposes, why) :
				-ENOTUNIQ;
	}
	if (key && !err) {
		key->purposes = out->purposes;
		*out = *key;
		key_get(out->key);
	}
	write_unlock(&table_lock);
	/* After it counts no more for what was taken away: see eg_policy_epoch(). */
	if (out->key)
		eg_policy_advance_epoch();
	return err;
}

int eg_keyring_add(struct eg_bytes certificate, time64_t not_after,
		   const struct eg_enrolment *as, struct eg_key *out,
		   struct eg_refusal *why)
{
	int err;

	memset(out, 0, sizeof(*out));
	out->purposes = as->purposes;
	err = judge_certificate(certificate, not_after, out, &why->text);
	if (err)
		return err;
	err = eg_digest_bytes(certificate.data, certificate.size,
			      out->fingerprint);
	if (err) {
		why->text = "no digest of the certificate could be made";
		return err;
	}
	mutex_lock(&add_lock);
	err = replace_purposes(out, as->replace, why);
	if (!err && !out->key)
		err = judge_widening(0, as->purposes, why) ?:
			      add(certificate, out, &why->text);
	mutex_unlock(&add_lock);
	return err;
}

int eg_keyring_remove(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE])
{
	struct key *key = NULL;
	struct eg_key *entry;

	mutex_lock(&add_lock);
	write_lock(&table_lock);
	entry = find_key(fingerprint);
	if (entry) {
		key = entry->key;
		*entry = table[--table_count];
	}
	write_unlock(&table_lock);
	if (key) {
		key_unlink(keyring, key);
		key_put(key);
		/* After the key is gone: see eg_policy_epoch(). */
		eg_policy_advance_epoch();
	}
	mutex_unlock(&add_lock);
	return key ? 0 : -ENOENT;
}

bool eg_keyring_get(unsigned int index, struct eg_key *out)
{
	bool found;

	read_lock(&table_lock);
	found = index < table_count;
	if (found) {
		*out = table[index];
		key_get(out->key);
	}
	read_unlock(&table_lock);
	return found;
}

bool eg_keyring_revoked(const struct eg_key *key)
{
	return eg_revocation_has(EXECGATE_REVOCATION_KEY, key->fingerprint);
}

unsigned int eg_keyring_count(void)
{
	unsigned int i, count = 0;

	read_lock(&table_lock);
	for (i = 0; i < table_count; i++)
		count += table[i].purposes & (EXECGATE_PURPOSE_FILES |
					      EXECGATE_PURPOSE_CATALOGS) &&
			 !eg_keyring_revoked(&table[i]);
	read_unlock(&table_lock);
	return count;
}

/*
 * The kernel's parser must have found the very content that ours found, or the
 * signature would be checked over other bytes than those that are acted on.
 */
static int same_content(void *ctx, const void *data, size_t len, size_t asn1hdr)
{
	const struct eg_bytes *content = ctx;

	return data == content->data && len == content->size ? 0 : -EBADMSG;
}

static enum execgate_reason reason_of(int err)
{
	switch (err) {
	case 0:
		return EXECGATE_REASON_ALLOWED;
	case -ENOKEY:
		return EXECGATE_REASON_UNKNOWN_SIGNER;
	case -EKEYEXPIRED:
		return EXECGATE_REASON_EXPIRED;
	case -EKEYREVOKED:
		return EXECGATE_REASON_REVOKED;
	case -EKEYREJECTED:
		return EXECGATE_REASON_BAD_SIGNATURE;
	case -ENOPKG:
		return EXECGATE_REASON_WEAK_ALGORITHM;
	case -ENOMEM:
		return EXECGATE_REASON_NO_MEMORY;
	case -EINTR:
	case -ERESTARTSYS:
		return EXECGATE_REASON_INTERRUPTED;
	}
	/* Whatever else it says, it did not say yes. */
	return EXECGATE_REASON_MALFORMED;
}

enum execgate_reason eg_keyring_verify_with(struct key *ring,
					    struct eg_bytes message,
					    struct eg_bytes content,
					    bool detached)
{
	if (WARN_ON_ONCE(!ring))
		return EXECGATE_REASON_UNKNOWN_SIGNER;
	eg_counter_inc(verifies);
	return reason_of(verify_pkcs7_signature(
		detached ? content.data : NULL, detached ? content.size : 0,
		message.data, message.size, ring,
		VERIFYING_UNSPECIFIED_SIGNATURE, same_content, &content));
}

static bool find_signer(const struct eg_cms *cms, struct eg_signer *signer)
{
	bool known = false;
	unsigned int i;

	read_lock(&table_lock);
	for (i = 0; i < table_count && !known; i++) {
		known = names_key(cms, table[i].key);
		if (!known)
			continue;
		memcpy(signer->fingerprint, table[i].fingerprint,
		       sizeof(signer->fingerprint));
		signer->not_after = table[i].not_after;
		signer->purposes = table[i].purposes;
	}
	read_unlock(&table_lock);
	return known;
}

bool eg_keyring_has(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE],
		    enum execgate_purpose purpose)
{
	const struct eg_key *key;
	bool found;

	read_lock(&table_lock);
	key = find_key(fingerprint);
	found = key && key->purposes & purpose;
	read_unlock(&table_lock);
	return found;
}

enum execgate_reason eg_keyring_verify(struct eg_bytes message,
				       const struct eg_cms *cms,
				       struct eg_bytes detached,
				       enum execgate_purpose purpose,
				       struct eg_signer *signer)
{
	enum execgate_reason reason;

	/* In the keyring but not yet, or no longer, in the table: not trusted. */
	if (!find_signer(cms, signer))
		return EXECGATE_REASON_UNKNOWN_SIGNER;
	/* No signature by it could be for this, so none is checked. */
	if (!(signer->purposes & purpose))
		return EXECGATE_REASON_WRONG_PURPOSE;
	/* A removal meanwhile makes the lookup below fail with -ENOKEY. */
	reason = eg_keyring_verify_with(keyring, message,
					detached.size ? detached : cms->content,
					detached.size);
	if (reason == EXECGATE_REASON_UNKNOWN_SIGNER)
		memset(signer, 0, sizeof(*signer));
	/* Last: whoever only names a revoked key has not been revoked. */
	if (reason == EXECGATE_REASON_ALLOWED &&
	    eg_revocation_has(EXECGATE_REVOCATION_KEY, signer->fingerprint))
		reason = EXECGATE_REASON_REVOKED;
	return reason;
}

int eg_keyring_init(void)
{
	keyring = eg_keyring_alloc(".execgate");
	return PTR_ERR_OR_ZERO(keyring);
}

void eg_keyring_exit(void)
{
	unsigned int i;

	for (i = 0; i < table_count; i++) {
		key_unlink(keyring, table[i].key);
		key_put(table[i].key);
	}
	key_put(keyring);
}
