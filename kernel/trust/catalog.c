// SPDX-License-Identifier: GPL-2.0
/*
 * Locking: change_lock serialises what changes; readers hold the RCU read lock
 * and see one generation, catalogs and index together. A generation is freed,
 * with the catalogs that only it has, when no reader can see it any more.
 */
#include "trust/catalog.h"

#include <linux/file.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "core/digest.h"
#include "core/policy.h"
#include "format/cms.h"
#include "trust/catalog_index.h"
#include "trust/floor.h"
#include "trust/keyring.h"
#include "trust/refusal.h"
#include "trust/revocation.h"
#include "trust/verify.h"

struct catalog {
	struct eg_catalog_info info;
	bool is_void; /* to be taken out: nothing in it counts */
	struct eg_manifest identities; /* over a copy; its entries are not kept */
	void *copy;
	size_t copy_size;
};

/* The highest sequence ever seen under a name, also of removed catalogs. */
struct seen {
	u64 sequence;
	u64 revoked; /* up to and with this one, if is_revoked */
	bool is_revoked;
	u8 name_size;
	char name[EXECGATE_CATALOG_NAME_MAX];
};

struct generation {
	struct rcu_head rcu;
	struct eg_catalog_index *index;
	struct catalog *catalog[EXECGATE_CATALOGS_MAX];
};

static DEFINE_MUTEX(change_lock);
static struct generation __rcu *current_generation;
static struct seen *seen; /* EXECGATE_CATALOGS_MAX of them, by change_lock */
static unsigned int seen_count;

static void free_catalog(struct catalog *catalog)
{
	if (!catalog)
		return;
	kvfree(catalog->copy);
	kfree(catalog);
}

static void free_generation(struct generation *generation)
{
	if (!generation)
		return;
	eg_catalog_index_free(generation->index);
	kvfree(generation);
}

static struct generation *mine(void)
{
	return rcu_dereference_protected(current_generation,
					 lockdep_is_held(&change_lock));
}

static bool is_named(const struct eg_catalog_info *info, const void *name,
		     size_t size)
{
	return info->name_size == size && !memcmp(info->name, name, size);
}

static struct seen *seen_before(const void *name, size_t size)
{
	unsigned int i;

	for (i = 0; i < seen_count; i++)
		if (seen[i].name_size == size &&
		    !memcmp(seen[i].name, name, size))
			return &seen[i];
	return NULL;
}

/* The number of the catalog of this name, or of a free place; -ENOSPC. */
static int number_of(const struct generation *g, const void *name, size_t size,
		     bool or_free)
{
	int i, free = -ENOSPC;

	for (i = 0; i < EXECGATE_CATALOGS_MAX; i++) {
		if (g->catalog[i] && is_named(&g->catalog[i]->info, name, size))
			return i;
		if (!g->catalog[i] && free < 0)
			free = i;
	}
	return or_free ? free : -ENOENT;
}

/* Returns a place to note a sequence in, new ones with 0; NULL if all are taken. */
static struct seen *seen_of(const void *name, size_t size)
{
	struct seen *mark = seen_before(name, size);

	if (mark || seen_count == EXECGATE_CATALOGS_MAX)
		return mark;
	mark = &seen[seen_count];
	mark->sequence = 0;
	mark->is_revoked = false;
	mark->name_size = size;
	memcpy(mark->name, name, size);
	return mark;
}

/*
 * Put @catalog in place @number, or with NULL take out what is there. Built
 * aside and swapped: a lookup sees the old state or the new one.
 */
static int replace(int number, struct catalog *catalog,
		   const struct eg_manifest *manifest)
{
	struct generation *old = mine(), *new;
	struct catalog *gone = old->catalog[number];

	new = kvmalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	memcpy(new->catalog, old->catalog, sizeof(new->catalog));
	new->catalog[number] = catalog;
	new->index =
		eg_catalog_index_build(old->index, number, manifest, number);
	if (IS_ERR(new->index)) {
		int err = PTR_ERR(new->index);

		kvfree(new);
		return err;
	}
	rcu_assign_pointer(current_generation, new);
	/* The old one's files may be denied now. */
	eg_policy_advance_epoch();
	synchronize_rcu();
	free_generation(old);
	free_catalog(gone);
	return 0;
}

/* Its own name must fit, and be text for a file name and a terminal. */
static int take_info(struct catalog *catalog, const struct eg_manifest *m,
		     const struct eg_signer *signer)
{
	struct eg_catalog_info *info = &catalog->info;

	if (!m->name.size || m->name.size > sizeof(info->name) ||
	    memchr(m->name.data, 0, m->name.size))
		return -EBADMSG;
	info->name_size = m->name.size;
	memcpy(info->name, m->name.data, m->name.size);
	info->sequence = m->sequence;
	info->created = m->created_at;
	info->entries = m->entry_count;
	memcpy(info->signer, signer->fingerprint, sizeof(info->signer));
	memcpy(info->issuer, signer->issuer, sizeof(info->issuer));
	return 0;
}

/* Identities and strings outlive the file's bytes; digests go to the index. */
static int copy_identities(struct catalog *catalog, const struct eg_manifest *m)
{
	size_t records = (size_t)m->identity_count * EG_MANIFEST_IDENTITY_SIZE;

	catalog->copy_size = records + m->strings.size;
	catalog->copy = kvmalloc(catalog->copy_size, GFP_KERNEL_ACCOUNT);
	if (!catalog->copy)
		return -ENOMEM;
	memcpy(catalog->copy, m->identities, records);
	memcpy(catalog->copy + records, m->strings.data, m->strings.size);
	catalog->identities = *m;
	catalog->identities.identities = catalog->copy;
	catalog->identities.strings.data = catalog->copy + records;
	catalog->identities.entries = NULL;
	catalog->identities.entry_count = 0;
	catalog->identities.name = (struct eg_bytes){};
	return 0;
}

static int install(struct catalog *catalog, const struct eg_manifest *manifest)
{
	struct eg_catalog_info *info = &catalog->info;
	struct eg_sorted *floors;
	struct seen *mark;
	int number, err;

	/* Its key may have been removed, or told otherwise, since it was verified. */
	if (!eg_keyring_has(info->signer, EXECGATE_PURPOSE_CATALOGS))
		return -ENOKEY;
	mark = seen_of(info->name, info->name_size);
	if (!mark)
		return -ENOSPC;
	if (mark->is_revoked && info->sequence <= mark->revoked)
		return -ECANCELED;
	if (info->sequence < mark->sequence)
		return -ESTALE;
	number = number_of(mine(), info->name, info->name_size, true);
	if (number < 0)
		return number;
	floors = eg_floor_prepare_manifest(manifest);
	if (IS_ERR(floors))
		return PTR_ERR(floors);
	err = replace(number, catalog, manifest);
	if (err) {
		eg_floor_give_up(floors);
		return err;
	}
	eg_floor_commit(floors);
	if (mark == &seen[seen_count])
		seen_count++;
	mark->sequence = info->sequence;
	return 0;
}

static int verify(struct eg_bytes message, struct eg_manifest *manifest,
		  struct eg_signer *signer)
{
	struct eg_bytes detached;
	struct eg_cms cms;
	int err;
	u8 *der;

	if (eg_cms_parse(message, &cms) != EG_FORMAT_OK)
		return -EBADMSG;
	der = kmalloc(EG_CMS_DETACHED_MAX, GFP_KERNEL);
	if (!der)
		return -ENOMEM;
	/* The kernel's decoder would take of the whole 65,535 bytes at most. */
	detached = (struct eg_bytes){ der, eg_cms_detach(message, der) };
	err = !detached.size ?
		      -EBADMSG :
		      eg_refusal_errno(
			      eg_keyring_verify(detached, &cms, cms.content,
						EXECGATE_PURPOSE_CATALOGS,
						signer));
	kfree(der);
	if (err)
		return err;
	if (eg_manifest_parse(cms.content, manifest) != EG_FORMAT_OK)
		return -EBADMSG;
	/* Once, when it is loaded: the end of its key later changes nothing. */
	return eg_keyring_in_time(signer->not_after, manifest->created_at) ?
		       0 :
		       -EKEYEXPIRED;
}

static int add(struct eg_bytes message, struct eg_catalog_info *info)
{
	struct eg_signer signer = {};
	struct eg_manifest manifest;
	struct catalog *catalog;
	int err;

	err = verify(message, &manifest, &signer);
	/* Also of a key that may not sign it: whose it is will be asked. */
	memcpy(info->signer, signer.fingerprint, sizeof(info->signer));
	if (err)
		return err;
	catalog = kzalloc(sizeof(*catalog), GFP_KERNEL);
	if (!catalog)
		return -ENOMEM;
	err = take_info(catalog, &manifest, &signer) ?:
		      copy_identities(catalog, &manifest);
	if (!err) {
		*info = catalog->info;
		mutex_lock(&change_lock);
		err = install(catalog, &manifest);
		mutex_unlock(&change_lock);
	}
	if (err)
		free_catalog(catalog);
	return err;
}

int eg_catalog_add(struct file *file, struct eg_catalog_info *info)
{
	loff_t size = i_size_read(file_inode(file));
	struct file *reader;
	void *bytes;
	int err;

	memset(info, 0, sizeof(*info));
	err = !S_ISREG(file_inode(file)->i_mode) || size <= 0 ? -EBADMSG :
	      size > EXECGATE_CATALOG_SIZE_MAX		      ? -EFBIG :
								0;
	bytes = err ? NULL : kvmalloc(size, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!err && !bytes)
		err = -ENOMEM;
	if (!err) {
		reader = eg_digest_open(file);
		err = PTR_ERR_OR_ZERO(reader);
		if (!err) {
			err = eg_digest_read(reader, 0, bytes, size);
			fput(reader);
		}
	}
	/* From here on it is a copy: the file may change as it likes. */
	if (!err)
		err = add((struct eg_bytes){ bytes, size }, info);
	kvfree(bytes);
	return err;
}

int eg_catalog_remove(const void *name, size_t size)
{
	int number, err;

	mutex_lock(&change_lock);
	number = number_of(mine(), name, size, false);
	err = number < 0 ? number : replace(number, NULL, NULL);
	mutex_unlock(&change_lock);
	return err;
}

/*
 * Taking trust away must not fail. Without memory for a smaller index the
 * catalog stays listed but is void, so that nothing in it counts.
 */
static void take_out(int number)
{
	WRITE_ONCE(mine()->catalog[number]->is_void, true);
	eg_policy_advance_epoch();
	replace(number, NULL, NULL);
}

int eg_catalog_revoke(const void *name, size_t size, u64 sequence)
{
	struct seen *mark;
	int number;

	mutex_lock(&change_lock);
	mark = seen_of(name, size);
	if (!mark) {
		mutex_unlock(&change_lock);
		return -ENOSPC;
	}
	if (mark == &seen[seen_count])
		seen_count++;
	mark->revoked = mark->is_revoked ? max(mark->revoked, sequence) :
					   sequence;
	mark->is_revoked = true;
	number = number_of(mine(), name, size, false);
	if (number >= 0 &&
	    mine()->catalog[number]->info.sequence <= mark->revoked)
		take_out(number);
	mutex_unlock(&change_lock);
	return 0;
}

/* A catalog that was loaded before is not loaded again: it comes from a file. */
int eg_catalog_unrevoke(const void *name, size_t size)
{
	struct seen *mark;
	int err = -ENOENT;

	mutex_lock(&change_lock);
	mark = seen_before(name, size);
	if (mark && mark->is_revoked) {
		mark->is_revoked = false;
		err = 0;
	}
	mutex_unlock(&change_lock);
	return err;
}

bool eg_catalog_revoked_get(unsigned int index, struct eg_catalog_info *info)
{
	bool found = false;
	unsigned int i;

	mutex_lock(&change_lock);
	for (i = 0; i < seen_count && !found; i++) {
		if (!seen[i].is_revoked || index--)
			continue;
		memset(info, 0, sizeof(*info));
		info->sequence = seen[i].revoked;
		info->name_size = seen[i].name_size;
		memcpy(info->name, seen[i].name, seen[i].name_size);
		found = true;
	}
	mutex_unlock(&change_lock);
	return found;
}

void eg_catalog_remove_signer(const u8 fingerprint[EXECGATE_FINGERPRINT_SIZE])
{
	int i;

	mutex_lock(&change_lock);
	for (i = 0; i < EXECGATE_CATALOGS_MAX; i++) {
		struct catalog *catalog = mine()->catalog[i];

		if (catalog && !memcmp(catalog->info.signer, fingerprint,
				       EXECGATE_FINGERPRINT_SIZE))
			take_out(i);
	}
	mutex_unlock(&change_lock);
}

bool eg_catalog_get(unsigned int index, struct eg_catalog_info *info)
{
	const struct generation *g;
	bool found = false;
	int i;

	rcu_read_lock();
	g = rcu_dereference(current_generation);
	for (i = 0; i < EXECGATE_CATALOGS_MAX && !found; i++) {
		if (!g->catalog[i] || index--)
			continue;
		*info = g->catalog[i]->info;
		found = true;
	}
	rcu_read_unlock();
	return found;
}

bool eg_catalog_may_have(enum eg_digest_kind kind, u64 size, u16 classes)
{
	bool may;

	rcu_read_lock();
	may = eg_catalog_index_may_have(
		rcu_dereference(current_generation)->index, kind, size,
		classes);
	rcu_read_unlock();
	return may;
}

static void take_signer(const struct catalog *catalog,
			struct eg_verdict *verdict)
{
	verdict->has_signer = true;
	memcpy(verdict->signer, catalog->info.signer, sizeof(verdict->signer));
}

static void take_identity(const struct catalog *catalog,
			  const struct eg_manifest_identity *id,
			  struct eg_verdict *verdict)
{
	take_signer(catalog, verdict);
	eg_verdict_name(verdict, id->name, id->version);
}

/*
 * The catalogs' answer about one file. A statement that is below its floor
 * is none, and another one may stand: a file that two versions of a package have
 * in common is good in the newer one.
 */
struct said {
	const struct catalog *revoked;
	const struct catalog *not_kernel; /* its key is not for what that loads */
	bool is_below;
	bool is_good; /* by one that is not to be told of */
};

static void take_record(const struct catalog *catalog,
			const struct eg_catalog_record *record, u16 wanted,
			struct said *said, struct eg_paths_said *paths,
			struct eg_verdict *verdict)
{
	struct eg_manifest_identity id;
	enum eg_floor_worth worth;

	eg_manifest_identity_at(&catalog->identities, record->identity, &id);
	worth = eg_floor_judge(id.name, id.version);
	if (worth == EG_FLOOR_BELOW) {
		said->is_below = true;
		/* To be told of, unless something else is said yet. */
		if (!verdict->classes)
			take_identity(catalog, &id, verdict);
		return;
	}
	if (!paths && eg_rules_have(id.rules, EG_RULE_PATH))
		return;
	eg_paths_say(paths, id.rules);
	if (!verdict->classes ||
	    (!(verdict->classes & wanted) && record->classes & wanted))
		take_identity(catalog, &id, verdict);
	said->is_good |= worth == EG_FLOOR_GOOD;
	verdict->hardened |= eg_rules_have(id.rules, EG_RULE_HARDENED);
	verdict->classes |= record->classes;
	/* One that calls it data says nothing of what it may be as code. */
	if (record->classes & ~EXECGATE_CLASS_DATA)
		eg_verify_note(catalog->info.signer, &id, verdict);
}

enum execgate_reason eg_catalog_find(enum eg_digest_kind kind,
				     const u8 digest[EG_SHA256_SIZE], u64 size,
				     u16 wanted, bool kernel_loads,
				     struct eg_paths_said *paths,
				     struct eg_verdict *verdict)
{
	const struct eg_catalog_record *record;
	const struct generation *g;
	struct said said = {};

	verdict->classes = 0;
	eg_paths_reset(paths);
	rcu_read_lock();
	g = rcu_dereference(current_generation);
	record = eg_catalog_index_find(g->index, kind, digest);
	for (; record; record = eg_catalog_index_next(g->index, kind, record)) {
		const struct catalog *catalog = g->catalog[record->catalog];

		if (record->size != eg_catalog_size_code(size) ||
		    READ_ONCE(catalog->is_void))
			continue;
		if (eg_revocation_has(EXECGATE_REVOCATION_KEY,
				      catalog->info.signer) ||
		    eg_revocation_has(EXECGATE_REVOCATION_KEY,
				      catalog->info.issuer))
			said.revoked = catalog;
		else if (kernel_loads && record->classes & wanted &&
			 !eg_keyring_has(catalog->info.signer,
					 EXECGATE_PURPOSE_KERNEL))
			said.not_kernel = catalog;
		else
			take_record(catalog, record, wanted, &said, paths,
				    verdict);
	}
	if (!verdict->classes && !said.is_below &&
	    (said.revoked || said.not_kernel))
		take_signer(said.revoked ?: said.not_kernel, verdict);
	rcu_read_unlock();
	if (verdict->classes && !said.is_good)
		verdict->reported = EXECGATE_REASON_ROLLBACK;
	if (verdict->classes)
		return EXECGATE_REASON_ALLOWED;
	if (said.is_below)
		return EXECGATE_REASON_ROLLBACK;
	if (said.revoked)
		return EXECGATE_REASON_REVOKED;
	return said.not_kernel ? EXECGATE_REASON_WRONG_PURPOSE :
				 EXECGATE_REASON_UNSIGNED;
}

void eg_catalog_totals(struct eg_catalog_totals *totals)
{
	const struct generation *g;
	int i;

	memset(totals, 0, sizeof(*totals));
	rcu_read_lock();
	g = rcu_dereference(current_generation);
	totals->digests =
		(u64)g->index->table[0].count + g->index->table[1].count;
	totals->bytes = eg_catalog_index_bytes(g->index) + sizeof(*g);
	for (i = 0; i < EXECGATE_CATALOGS_MAX; i++) {
		if (!g->catalog[i])
			continue;
		totals->catalogs++;
		totals->bytes +=
			sizeof(*g->catalog[i]) + g->catalog[i]->copy_size;
	}
	rcu_read_unlock();
}

int eg_catalog_init(void)
{
	struct generation *first;

	seen = kvcalloc(EXECGATE_CATALOGS_MAX, sizeof(*seen), GFP_KERNEL);
	first = kvzalloc(sizeof(*first), GFP_KERNEL);
	if (!seen || !first)
		goto fail;
	first->index = eg_catalog_index_build(NULL, EG_CATALOG_NONE, NULL, 0);
	if (IS_ERR(first->index))
		goto fail;
	RCU_INIT_POINTER(current_generation, first);
	return 0;
fail:
	kvfree(first);
	kvfree(seen);
	return -ENOMEM;
}

void eg_catalog_exit(void)
{
	struct generation *g = rcu_dereference_protected(current_generation, 1);
	int i;

	for (i = 0; i < EXECGATE_CATALOGS_MAX; i++)
		free_catalog(g->catalog[i]);
	free_generation(g);
	kvfree(seen);
}
