/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel for kernel/ in user space, as far as its units need one to be
 * tested. What the tests turn is in this header; the rest is the kernel's own
 * interface, in linux/. It is one thread, and what the kernel would catch with
 * lockdep or a splat ends the test: a lock taken twice, sleeping where nobody
 * may, an RCU pointer followed outside of a section.
 */
#ifndef SHIM_SHIM_H
#define SHIM_SHIM_H

#include <linux/compiler.h>
#include <linux/types.h>

#define SHIM_CPUS 3

extern time64_t shim_now; /* seconds */
extern unsigned long jiffies;
extern int shim_cpu;
extern int shim_rcu;	/* readers' sections entered */
extern int shim_atomic; /* spin locks held */
extern bool shim_irqs_off;

/* Ends the test where the code under test may not sleep. */
void shim_may_sleep(void);

/* The @nth allocation from now on fails, 1 is the next; 0: none does. */
void shim_fail_allocation(unsigned int nth);
/* Those that were asked for since the call above. */
unsigned int shim_allocations(void);
/* Those that nobody has freed, and their bytes. */
unsigned int shim_allocated(void);
size_t shim_allocated_bytes(void);
/* Of the last one. */
gfp_t shim_last_flags(void);

/* What others do while current waits. */
extern void (*shim_while_waiting)(unsigned long ticks);

/* The terminal of the current process, or NULL. */
struct tty_struct {
	const char *name;
	int references;
};
extern struct tty_struct *shim_tty;

/* Run what was scheduled. Return: how much it was. */
unsigned int shim_run_work(void);

void shim_per_cpu_add(void *variable, size_t size);
void *shim_per_cpu(const void *pointer, int cpu);

#endif /* SHIM_SHIM_H */
