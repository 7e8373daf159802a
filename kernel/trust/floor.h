/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Floors: below which version what is signed under a name is code no longer. A
 * version is a number, and a later one is higher. Root raises them, a catalog that
 * has rules of versions when it is loaded, or a signed policy. They stay, whatever
 * becomes of those: taking trust away may not bring back what it had withdrawn.
 */
#ifndef EG_FLOOR_H
#define EG_FLOOR_H

#include <linux/execgate.h>
#include <linux/types.h>

#include "format/manifest.h"
#include "format/policy.h"

struct eg_floor {
	u64 below[EG_RULE_STRENGTH_COUNT]; /* by strength; 0: none */
	u8 name_size;
	char name[EG_MANIFEST_NAME_MAX]; /* not terminated, then zeros */
};

enum eg_floor_worth {
	EG_FLOOR_GOOD,
	EG_FLOOR_REPORTED, /* it counts, but is to be told of */
	EG_FLOOR_BELOW,
};

/* Any context; logarithmic. */
enum eg_floor_worth eg_floor_judge(struct eg_bytes name, u64 version);

/* As a list of those has it; @name has at most EG_MANIFEST_NAME_MAX bytes. */
void eg_floor_fill(struct eg_floor *floor, struct eg_bytes name, u64 below,
		   enum eg_rule_strength strength);

struct eg_sorted; /* trust/sorted_list.h */

/**
 * eg_floor_prepare() - make a list in which the floors of @items are raised
 *
 * A floor that is higher already stays. Everybody else who changes floors waits
 * until it is committed, which cannot fail, or given up. Process context.
 * Return: ERR_PTR(-ENOSPC) over EXECGATE_FLOORS_MAX names, ERR_PTR(-ENOMEM).
 */
struct eg_sorted *eg_floor_prepare(const struct eg_floor *items,
				   unsigned int count);
/* The same of what the rules of a manifest's identities say; ERR_PTR(-EBADMSG). */
struct eg_sorted *eg_floor_prepare_manifest(const struct eg_manifest *manifest);
/* The same of the floors of a policy, which was parsed. */
struct eg_sorted *eg_floor_prepare_policy(struct eg_bytes floors);
/* Verdicts that rest on what is below are void when it returns. */
void eg_floor_commit(struct eg_sorted *change);
void eg_floor_give_up(struct eg_sorted *change);

/* Both of these at once. Return: 0 or as eg_floor_prepare(). */
int eg_floor_raise(const struct eg_floor *items, unsigned int count);

/**
 * eg_floor_remove() - take a name off the list
 * @keep: or lower its floor to this version, but no further; 0: none is kept
 *
 * Return: 0; -ENOENT; -EPERM: it is as low as @keep; -ENOMEM.
 */
int eg_floor_remove(struct eg_bytes name, u64 keep);

/* The @index'th of the list. Return: false at the end. */
bool eg_floor_get(unsigned int index, struct eg_floor *out);
unsigned int eg_floor_count(void);

void eg_floor_exit(void);

#endif /* EG_FLOOR_H */
