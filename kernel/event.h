/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deny events: numbered, held in a bounded ring for readers that come later,
 * and handed to a sink from a worker, in order, never from inside a hook.
 */
#ifndef EG_EVENT_H
#define EG_EVENT_H

#include <linux/execgate.h>
#include <linux/refcount.h>
#include <linux/sched.h>

#include "request.h"
#include "verdict.h"

struct eg_event {
	refcount_t users;
	u64 sequence;
	u64 time;   /* CLOCK_REALTIME, nanoseconds */
	u64 device; /* (major << 20) | minor */
	u64 inode;
	u32 pid; /* of the thread group; both in the initial namespace */
	u32 tid;
	u32 uid;
	enum execgate_hook hook;
	enum execgate_mode mode;
	struct eg_verdict verdict;
	char comm[TASK_COMM_LEN];
	bool path_cut;
	u16 path_size;
	u16 exe_size;
	char data[]; /* path, then exe */
};

/* @sink: called in process context when there is something new. */
void eg_event_init(void (*sink)(void));
/* Once no hook can report: first the sink goes, then, after its readers, the ring. */
void eg_event_stop(void);
void eg_event_exit(void);

/* Any context. Gives the event its number; without memory only the number is used up. */
void eg_event_report(const struct eg_request *req,
		     const struct eg_verdict *verdict, enum execgate_mode mode);

/* An event of its own, outside the ring. Return: NULL without memory. */
struct eg_event *eg_event_new(const struct eg_request *req,
			      const struct eg_verdict *verdict,
			      enum execgate_mode mode);
void eg_event_put(struct eg_event *event);

/* The first event held with this number or a later one, referenced, or NULL. */
struct eg_event *eg_event_get(u64 sequence);

struct eg_event_counts {
	u64 emitted; /* put into the ring */
	u64 dropped; /* no memory */
	u64 oldest;  /* first number that may still be held */
	u64 next;    /* number of the next event */
};

void eg_event_counts(struct eg_event_counts *counts);

#endif /* EG_EVENT_H */
