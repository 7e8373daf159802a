// SPDX-License-Identifier: GPL-2.0
#include "lib/events/dedup.h"

#include <string.h>

static bool same_denial(const struct execgate_event *a,
			const struct execgate_event *b)
{
	return a->reason == b->reason && a->hook == b->hook &&
	       a->mode == b->mode && a->dev == b->dev && a->ino == b->ino &&
	       a->uid == b->uid &&
	       !strncmp(a->path, b->path, sizeof(a->path)) &&
	       !strncmp(a->cgroup_path, b->cgroup_path,
			sizeof(a->cgroup_path)) &&
	       !strncmp(a->exe, b->exe, sizeof(a->exe));
}

static void slot_show(struct execgate_dedup_slot *slot, execgate_dedup_fn show,
		      void *arg)
{
	if (slot->repeats)
		show(&slot->event, slot->repeats, true, arg);
	slot->repeats = 0;
}

/* The slot of @event, else a free one, else the one that ends first. */
static struct execgate_dedup_slot *slot_for(struct execgate_dedup *dedup,
					    const struct execgate_event *event)
{
	struct execgate_dedup_slot *best = &dedup->slots[0];

	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		struct execgate_dedup_slot *slot = &dedup->slots[i];

		if (slot->used && same_denial(&slot->event, event))
			return slot;
		if (best->used &&
		    (!slot->used || slot->window_end < best->window_end))
			best = slot;
	}
	return best;
}

void execgate_dedup_add(struct execgate_dedup *dedup,
			const struct execgate_event *event, uint64_t now,
			execgate_dedup_fn show, void *arg)
{
	struct execgate_dedup_slot *slot = slot_for(dedup, event);

	if (slot->used && same_denial(&slot->event, event)) {
		/*
		 * A daemon that finds the event in its slot after a crash takes it as
		 * counted. So count first: rather twice than not at all.
		 */
		slot->repeats++;
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
		slot->event = *event;
		return;
	}
	if (slot->used)
		slot_show(slot, show, arg);
	slot->used = 0;
	show(event, 1, false, arg);
	slot->event = *event;
	slot->repeats = 0;
	slot->window_end = now + EXECGATE_DEDUP_WINDOW_NSEC;
	slot->used = 1;
}

void execgate_dedup_expire(struct execgate_dedup *dedup, uint64_t now,
			   execgate_dedup_fn show, void *arg)
{
	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		struct execgate_dedup_slot *slot = &dedup->slots[i];

		if (!slot->used || slot->window_end > now)
			continue;
		if (!slot->repeats) {
			slot->used = 0;
			continue;
		}
		slot_show(slot, show, arg);
		slot->window_end = now + EXECGATE_DEDUP_WINDOW_NSEC;
	}
}

void execgate_dedup_flush(struct execgate_dedup *dedup, execgate_dedup_fn show,
			  void *arg)
{
	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		struct execgate_dedup_slot *slot = &dedup->slots[i];

		if (slot->used)
			slot_show(slot, show, arg);
		slot->used = 0;
	}
}

uint64_t execgate_dedup_next(const struct execgate_dedup *dedup)
{
	uint64_t next = UINT64_MAX;

	for (unsigned int i = 0; i < EXECGATE_DEDUP_SLOTS; i++) {
		const struct execgate_dedup_slot *slot = &dedup->slots[i];

		if (slot->used && slot->window_end < next)
			next = slot->window_end;
	}
	return next;
}
