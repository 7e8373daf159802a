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
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/verification.h>

#include "core/counter.h"
#include "core/digest.h"
#include "core/policy.h"
#include "trust/revocation.h"

static struct key *keyring;
static struct key *ca_keyring;
static DEFINE_MUTEX(add_lock);
static DEFINE_RWLOCK(table_lock);
static struct eg_key table[EXECGATE_KEYS_MAX];
static unsigned int table_count;

static struct key *keyring_of(const struct eg_key *key)
{
	return key->role == EG_ROLE_CA ? ca_keyring : keyring;
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

	/* No message is looked up among CAs. */
	for (i = 0; i < table_count; i++)
		if (keyring_of(&table[i]) == keyring_of(new) &&
		    names_clash(table[i].key, new->key))
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
	key = eg_certificate_create_key(keyring_of(new), certificate);
	if (IS_ERR(key)) {
		if (PTR_ERR(key) != -EEXIST)
			return PTR_ERR(key);
		*why = clash;
		return -ENOTUNIQ;
	}
	new->key = key;

	err = eg_certificate_judge_key(new, why) ?: enter(new, why);
	if (err) {
		key_unlink(keyring_of(new), key);
		key_put(key);
		return err;
	}
	key_get(key); /* the caller's, beside the table's */
	return 0;
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
 * Root enrolls keys. Locked, nobody widens what is trusted; and while a
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

static int refuse_leaf(enum execgate_reason reason, const char *text,
		       struct eg_refusal *why)
{
	why->reason = reason;
	why->text = text;
	return eg_refusal_errno(reason);
}

static int judge_leaf_purposes(const struct eg_key *ca, u32 purposes,
			       struct eg_refusal *why)
{
	if (!(purposes & ~ca->purposes))
		return 0;
	return refuse_leaf(EXECGATE_REASON_WRONG_PURPOSE,
			   "its CA is not enrolled for all of this", why);
}

/*
 * add_lock is held, so the table stays. The CA bounds what the leaf may sign and how
 * long. That is why a leaf is taken while the gate is locked, too: it widens nothing
 * that was not said when the CA was enrolled.
 */
static int find_issuer(struct eg_bytes certificate,
		       const struct eg_enrolment *as, struct eg_key *out,
		       struct eg_refusal *why)
{
	const struct eg_key *ca;
	int err, result;

	result = refuse_leaf(EXECGATE_REASON_UNKNOWN_SIGNER,
			     "no CA that is enrolled signed this certificate",
			     why);
	for (ca = table; ca < table + table_count; ca++) {
		if (ca->role != EG_ROLE_CA)
			continue;
		err = eg_certificate_issued_by(certificate, ca->key);
		if (err == -ENOMEM || err == -EINTR) {
			why->reason = EXECGATE_REASON_ALLOWED;
			why->text = "it could not be asked whose it is";
			return err;
		}
		if (err)
			continue;
		if (eg_keyring_revoked(ca))
			result = refuse_leaf(EXECGATE_REASON_REVOKED,
					     "its CA was revoked", why);
		else
			result = judge_leaf_purposes(ca, as->purposes, why);
		if (!result)
			break;
	}
	if (result)
		return result;
	out->purposes = as->purposes ?: ca->purposes;
	memcpy(out->issuer, ca->fingerprint, sizeof(out->issuer));
	if (ca->not_after)
		out->not_after = min(out->not_after, ca->not_after);
	why->reason = EXECGATE_REASON_ALLOWED;
	return 0;
}

/* table_lock is held. Another @purposes for @key: may they be? */
static int judge_replacement(const struct eg_key *key, u32 purposes,
			     struct eg_refusal *why)
{
	const struct eg_key *ca;

	if (key->role != EG_ROLE_LEAF)
		return judge_widening(key->purposes, purposes, why);
	ca = find_key(key->issuer);
	return ca ? judge_leaf_purposes(ca, purposes, why) : -ENOKEY;
}

/*
 * add_lock is held. A key is what it was enrolled for: adding it once more for
 * something else does not widen that in passing, nor pretend that it was narrowed,
 * unless the caller says so. Return: 0 if it is not enrolled, or when it was, and
 * @out->key is set.
 */
static int replace_purposes(const struct eg_enrolment *as, struct eg_key *out,
			    struct eg_refusal *why)
{
	struct eg_key *key;
	int err = 0;

	write_lock(&table_lock);
	key = find_key(out->fingerprint);
	if (key) {
		why->text = "this very key is enrolled already";
		err = -EEXIST;
	}
	if (key && key->role != as->role) {
		why->text =
			"this very key is enrolled otherwise, as a key, a CA or a leaf: remove it first";
		err = -ENOTUNIQ;
	} else if (key && as->purposes && key->purposes != as->purposes) {
		why->text =
			"this very key is enrolled to sign something else: say with --for what it is for";
		err = as->replace ? judge_replacement(key, as->purposes, why) :
				    -ENOTUNIQ;
	}
	if (key && !err) {
		key->purposes = as->purposes;
		*out = *key;
		key_get(out->key);
	}
	write_unlock(&table_lock);
	/* After it counts no more for what was taken away: see eg_policy_epoch(). */
	if (out->key)
		eg_policy_advance_epoch();
	return err;
}

/* add_lock is held. */
static int admit(struct eg_bytes certificate, const struct eg_enrolment *as,
		 struct eg_key *out, struct eg_refusal *why)
{
	int err = replace_purposes(as, out, why);

	if (err || out->key)
		return err;
	if (as->role == EG_ROLE_LEAF)
		err = find_issuer(certificate, as, out, why);
	else
		err = judge_widening(0, as->purposes, why);
	return err ?: add(certificate, out, &why->text);
}

int eg_keyring_add(struct eg_bytes certificate, time64_t not_after,
		   const struct eg_enrolment *as, struct eg_key *out,
		   struct eg_refusal *why)
{
	int err;

	memset(out, 0, sizeof(*out));
	out->role = as->role;
	out->purposes = as->purposes;
	err = eg_certificate_judge(certificate, not_after, as, out, &why->text);
	if (err)
		return err;
	err = eg_digest_bytes(certificate.data, certificate.size,
			      out->fingerprint);
	if (err) {
		why->text = "no digest of the certificate could be made";
		return err;
	}
	memcpy(out->issuer, out->fingerprint, sizeof(out->issuer));
	mutex_lock(&add_lock);
	err = admit(certificate, as, out, why);
	mutex_unlock(&add_lock);
	return err;
}

int eg_keyring_remove(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE])
{
	struct eg_key gone = {}, *entry;

	mutex_lock(&add_lock);
	write_lock(&table_lock);
	entry = find_key(fingerprint);
	if (entry) {
		gone = *entry;
		*entry = table[--table_count];
	}
	write_unlock(&table_lock);
	if (gone.key) {
		key_unlink(keyring_of(&gone), gone.key);
		key_put(gone.key);
		/* After the key is gone: see eg_policy_epoch(). */
		eg_policy_advance_epoch();
	}
	mutex_unlock(&add_lock);
	return gone.key ? 0 : -ENOENT;
}

bool eg_keyring_leaf(const u8 ca[EXECGATE_FINGERPRINT_SIZE], u32 purposes,
		     u8 leaf[EXECGATE_FINGERPRINT_SIZE])
{
	bool found = false;
	unsigned int i;

	read_lock(&table_lock);
	for (i = 0; i < table_count && !found; i++) {
		found = table[i].role == EG_ROLE_LEAF &&
			table[i].purposes & ~purposes &&
			!memcmp(table[i].issuer, ca, sizeof(table[i].issuer));
		if (found)
			memcpy(leaf, table[i].fingerprint,
			       sizeof(table[i].fingerprint));
	}
	read_unlock(&table_lock);
	return found;
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
	return eg_revocation_has(EXECGATE_REVOCATION_KEY, key->fingerprint) ||
	       eg_revocation_has(EXECGATE_REVOCATION_KEY, key->issuer);
}

unsigned int eg_keyring_count(void)
{
	unsigned int i, count = 0;

	read_lock(&table_lock);
	for (i = 0; i < table_count; i++)
		count += table[i].role != EG_ROLE_CA &&
			 table[i].purposes & (EXECGATE_PURPOSE_FILES |
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
		known = table[i].role != EG_ROLE_CA &&
			names_key(cms, table[i].key);
		if (!known)
			continue;
		memcpy(signer->issuer, table[i].issuer, sizeof(signer->issuer));
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
	found = key && key->role != EG_ROLE_CA && key->purposes & purpose;
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
	    (eg_revocation_has(EXECGATE_REVOCATION_KEY, signer->fingerprint) ||
	     eg_revocation_has(EXECGATE_REVOCATION_KEY, signer->issuer)))
		reason = EXECGATE_REASON_REVOKED;
	return reason;
}

int eg_keyring_init(void)
{
	keyring = eg_certificate_alloc_ring(".execgate");
	if (IS_ERR(keyring))
		return PTR_ERR(keyring);
	ca_keyring = eg_certificate_alloc_ring(".execgate_ca");
	if (IS_ERR(ca_keyring))
		key_put(keyring);
	return PTR_ERR_OR_ZERO(ca_keyring);
}

void eg_keyring_exit(void)
{
	unsigned int i;

	for (i = 0; i < table_count; i++) {
		key_unlink(keyring_of(&table[i]), table[i].key);
		key_put(table[i].key);
	}
	key_put(ca_keyring);
	key_put(keyring);
}
