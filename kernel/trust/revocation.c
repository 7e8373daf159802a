// SPDX-License-Identifier: GPL-2.0
#include "trust/revocation.h"

#include <linux/err.h>
#include <linux/rcupdate.h>
#include <linux/string.h>

#include "trust/sorted_list.h"

static int compare_items(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct eg_revocation));
}

static EG_SORTED_LIST(revoked, struct eg_revocation, EXECGATE_REVOCATIONS_MAX,
		      compare_items, NULL);

bool eg_revocation_has(enum execgate_revocation_kind kind,
		       const u8 value[EXECGATE_FINGERPRINT_SIZE])
{
	struct eg_revocation wanted = { .kind = kind };
	bool found;

	memcpy(wanted.value, value, sizeof(wanted.value));
	rcu_read_lock();
	found = eg_sorted_find(&revoked, &wanted, compare_items);
	rcu_read_unlock();
	return found;
}

int eg_revocation_add(const struct eg_revocation *items, unsigned int count)
{
	struct eg_sorted *new;

	if (count > EXECGATE_REVOKE_BATCH)
		return -E2BIG;
	if (!count)
		return 0;
	new = eg_sorted_prepare(&revoked, items, count);
	if (IS_ERR(new))
		return PTR_ERR(new);
	eg_sorted_commit(&revoked, new);
	return 0;
}

int eg_revocation_remove(const struct eg_revocation *item)
{
	return eg_sorted_remove(&revoked, item, compare_items);
}

bool eg_revocation_get(unsigned int index, struct eg_revocation *out)
{
	return eg_sorted_get(&revoked, index, out);
}

unsigned int eg_revocation_count(void)
{
	return eg_sorted_count(&revoked);
}

void eg_revocation_exit(void)
{
	eg_sorted_free(&revoked);
}
