/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deny events: numbered, held in a bounded ring for readers that come later,
 * and handed to a sink from a worker, in order, never from inside a hook. The
 * ring is fair between users: no one's flood pushes out another's event.
 */
#ifndef EG_EVENT_H
#define EG_EVENT_H

#include <linux/execgate.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/sched.h>

#include "core/request.h"
#include "core/verdict.h"

struct eg_event {
	refcount_t users;
	struct rb_node held;	 /* in the ring, by number */
	struct list_head queued; /* in the ring, by user */
	u16 queue;
	bool given; /* to a reader, at least once */
	u64 sequence;
	u64 time;   /* CLOCK_REALTIME, nanoseconds */
	u64 device; /* (major << 20) | minor */
	u64 inode;
	u32 pid; /* of the thread group; both in the initial namespace */
	u32 tid;
	u32 uid;
	enum execgate_hook hook;
	enum execgate_mode mode;
	bool constrained;
	struct eg_verdict verdict;
	char comm[TASK_COMM_LEN];
	u8 tty_size;
	char tty[EXECGATE_TTY_MAX];
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
	/* Each report is counted in exactly one of these three. */
	u64 emitted;	/* held, or given to a reader before it was let go */
	u64 suppressed; /* let go for a newer one before anybody read it */
	u64 dropped;	/* no memory */
	u64 held;	/* now */
	u64 oldest;	/* first number held; @next if none is */
	u64 next;	/* number of the next event */
};

void eg_event_counts(struct eg_event_counts *counts);

/*
 * The name below /dev of the controlling terminal of the current process, not
 * terminated (terminal.c); returns its length, 0 if there is none to be told at. Any
 * context but NMI.
 */
u16 eg_terminal_name(char name[EXECGATE_TTY_MAX]);

#endif /* EG_EVENT_H */
