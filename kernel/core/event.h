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

/* The texts of an event, of which each is as long as it is. */
enum eg_event_text {
	EG_EVENT_PATH, /* as current sees it */
	EG_EVENT_EXE,
	EG_EVENT_REAL, /* below the root of the file system that has the file */
	EG_EVENT_CGROUP,
	EG_EVENT_ARGV0,
	EG_EVENT_TEXTS
};

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
	u64 real_device; /* of the layer below an overlay; else @device */
	u64 cgroup;	 /* of the default hierarchy */
	u32 pid; /* of the thread group; all three in the initial namespace */
	u32 tid;
	u32 parent; /* thread group; 0: none */
	u32 uid;
	u32 login;   /* uid that logged in; EG_EVENT_NO_LOGIN: nobody did */
	u32 user_ns; /* inode number */
	enum execgate_hook hook;
	enum execgate_mode mode;
	bool constrained;
	struct eg_verdict verdict;
	char comm[TASK_COMM_LEN];
	u8 tty_size;
	char tty[EXECGATE_TTY_MAX];
	bool path_cut;
	u16 size[EG_EVENT_TEXTS];
	char data[]; /* one text behind the other, not terminated */
};

#define EG_EVENT_NO_LOGIN ((u32) - 1)

static inline const char *eg_event_text(const struct eg_event *event,
					enum eg_event_text text)
{
	const char *at = event->data;
	unsigned int i;

	for (i = 0; i < text; i++)
		at += event->size[i];
	return at;
}

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

/* Fills in the numbers and short names of current (asker.c). Any context but NMI. */
void eg_asker_describe(struct eg_event *event);

/* The path is the one of the cgroup at this depth, if its own is deeper. */
#define EG_ASKER_DEPTH 16

/**
 * eg_asker_cgroup() - where current is in the default hierarchy (version 2)
 * @path: from its root, whatever a namespace shows; of a long one the beginning; "" if
 *	  there is none to tell
 *
 * Return: the number of the cgroup, which is the inode number of its folder.
 */
u64 eg_asker_cgroup(char path[EXECGATE_CGROUP_MAX + 1]);

/**
 * eg_asker_argv0() - as what a program was started
 * @bprm: the program that is to be; sleeps. NULL: the one that runs, and then any
 *	  context: a page that is swapped out is not waited for
 * @argv0: not terminated, and of any bytes but 0
 *
 * Return: its length; 0 if there is none to tell.
 */
u16 eg_asker_argv0(const struct linux_binprm *bprm,
		   char argv0[EXECGATE_ARGV0_MAX]);

/*
 * The first @size bytes of the arguments and the environment of a program that is to be.
 * Sleeps. Return: 0 or -EFAULT.
 */
int eg_asker_copy_words(const struct linux_binprm *bprm, void *to, size_t size);

#endif /* EG_EVENT_H */
