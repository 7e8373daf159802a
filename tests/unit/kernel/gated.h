/* SPDX-License-Identifier: GPL-2.0 */
/* A gate over its real cache, carriers and policy; in place of writers.c. */
#ifndef KERNEL_GATED_H
#define KERNEL_GATED_H

#include <linux/fs.h>
#include <linux/slab.h>

#include "fake.h"
#include "format/format.h"
#include "core/policy.h"
#include "core/request.h"

#define R(reason) EXECGATE_REASON_##reason
#define PROGRAM EXECGATE_CLASS_PROGRAM
#define LIBRARY EXECGATE_CLASS_LIBRARY
#define OFF EXECGATE_MODE_OFF
#define AUDIT EXECGATE_MODE_AUDIT
#define ENFORCE EXECGATE_MODE_ENFORCE

/* writers.c: what the bridge gives, what it was asked, and who comes just then. */
extern int bridge_result;
extern unsigned int bridges;
extern bool bridge_excludes;
extern gfp_t bridge_gfp;
extern void (*before_bridge)(void); /* or before the announcement */
extern bool announce_works;
extern unsigned int announcements;

/* One file, of these bytes, and what is asked about it: may it be executed? */
extern struct inode inode;
extern struct file file;
extern struct eg_bytes bytes;
extern struct eg_request req;

/* An unsigned file for signer 0; in enforce. */
void gate_begin(char signer, u16 classes);
void gate_end(void);
void set_policy(enum execgate_mode mode, u32 without, u32 with);
/* Exactly one denial of this reason was told since the last time, or none. */
void expect_told(enum execgate_reason reason, enum execgate_mode mode,
		 const char *why);
/* Of the cache. */
u64 hits(void);
u64 misses(void);

/* As many times as are left: opens the file for writing and closes it again. */
extern unsigned int writers_left;
void a_writer_comes(void);

#endif /* KERNEL_GATED_H */
