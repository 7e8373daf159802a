/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The gate: request -> verdict -> event -> mode. Hooks fill a request and hand
 * on what the gate returns: 0 or -errno, the mode already applied.
 */
#ifndef EG_GATE_H
#define EG_GATE_H

#include <linux/execgate.h>
#include <linux/fs.h>

#include "core/request.h"
#include "core/verdict.h"

/**
 * eg_gate_admit() - may the content of this file run?
 *
 * Sleeps: reads and hashes the file unless its verdict is cached.
 * Return: 0 or -EPERM.
 */
int eg_gate_admit(const struct eg_request *req);

/**
 * eg_gate_admit_to_map() - the same, and if it may, nobody can open it for writing
 * from then on until current leaves the kernel
 *
 * By then the mapping that this is asked for can be seen, and it seals the file.
 */
int eg_gate_admit_to_map(const struct eg_request *req);

/**
 * eg_gate_maps_at_once() - would it say yes from memory, and bind the caller to nothing?
 * @inode: of the file itself; any kind
 *
 * In enforce, for a verified file that is in use, while there are no rules of
 * processes. Writers are kept out as above. Any context but interrupts.
 *
 * Return: false if that takes more than a look.
 */
bool eg_gate_maps_at_once(const struct inode *inode, u16 classes);

/* To map, from the cache alone, in any context: not verified before is no. */
int eg_gate_admit_cached(const struct eg_request *req);

/**
 * eg_gate_refuse() - a rule says no, whatever the content
 * @err: what to return in enforce
 */
int eg_gate_refuse(const struct eg_request *req, enum execgate_reason reason,
		   int err);

/**
 * eg_gate_break_rule() - admitted, but against a rule of current's process
 * @origin: of the file, or NULL
 * @reports: the rule only reports: told of, and let through
 */
int eg_gate_break_rule(const struct eg_request *req,
		       const struct eg_origin *origin,
		       enum execgate_reason reason, bool reports);

/**
 * eg_gate_refuse_locked() - the lock says no, whatever gates are on
 *
 * One count and one event. Return: -EPERM, as a locked gate is one that enforces.
 */
int eg_gate_refuse_locked(const struct eg_request *req,
			  enum execgate_reason reason);

/**
 * eg_gate_refuse_policy() - a change of the gate's own policy is refused
 * @file: that the policy came in, or NULL
 * @verdict: why, and whose policy it is
 *
 * One count and one event, as of any denial; the caller returns the error. It
 * is refused in every mode, so the event never says that it was not.
 */
void eg_gate_refuse_policy(struct file *file, const struct eg_verdict *verdict);

/* The same of what a locked gate, or one that a signed policy binds, refuses. */
void eg_gate_refuse_bound(enum execgate_hook hook,
			  const struct eg_verdict *verdict);

/*
 * Was the program that current runs signed for this? From the cache alone, in
 * any context, so a program of which nothing is known is a no.
 */
bool eg_gate_program_may(enum execgate_class use);

/* The program that a process with this memory runs, referenced, or NULL. */
struct file *eg_gate_program(struct mm_struct *mm);

/**
 * eg_gate_write() - somebody opens or truncates the file
 * Return: 0 or -ETXTBSY. The verdict of a file that is not in use is dropped,
 * with gate seal off that of any file.
 */
int eg_gate_write(const struct eg_request *req, const struct inode *inode);

/**
 * eg_gate_explain() - what would eg_gate_admit() decide, and why?
 *
 * A verdict that is proved wrong by asking is dropped.
 *
 * Judges anew, changes nothing, reports nothing, applies no mode. The verdict is
 * the caller's to eg_verdict_end().
 */
void eg_gate_explain(const struct eg_request *req, struct eg_verdict *verdict);

#endif /* EG_GATE_H */
