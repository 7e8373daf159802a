/* SPDX-License-Identifier: GPL-2.0 */
/*
 * For the bounded model checker (CBMC): what a nondet function returns, and what
 * nothing was written to, has any value, and each memory access, shift and sum on
 * the way is checked for all of them. BOUND: how many bytes an input may have.
 */
#ifndef EG_PROVE_H
#define EG_PROVE_H

#include "format/format.h"

size_t nondet_size(void);
u64 nondet_u64(void);
u32 nondet_u32(void);
u8 nondet_u8(void);
int nondet_int(void);
bool nondet_bool(void);

/* Proven: holds in every run. Assumed: only runs in which it does are looked at. */
#define HOLDS(condition) __CPROVER_assert(condition, #condition)
#define ASSUME(condition) __CPROVER_assume(condition)

/*
 * Any bytes, of any number up to the bound. They either begin where their object
 * begins or end where it ends, so that a step to either side is seen as one.
 */
#define ANY_BYTES(name)                                          \
	u8 name##_object[BOUND];                                 \
	struct eg_bytes name = { name##_object, nondet_size() }; \
	ASSUME(name.size <= BOUND);                              \
	if (nondet_bool())                                       \
	name.data += BOUND - name.size

/*
 * The same of an object that has exactly this size, for what reads little of it:
 * then the bound can be that of the product.
 */
#define ANY_OBJECT(name)            \
	struct eg_bytes name;       \
	name.size = nondet_size();  \
	ASSUME(name.size <= BOUND); \
	name.data = __CPROVER_allocate(name.size, 0)

/* What prove_der.c proves, and contract_der.h takes for given. */
#define EG_DER_HEADER_MIN 2
#define EG_DER_HEADER_MAX 6

static inline bool is_readable(struct eg_bytes bytes)
{
	return !bytes.size || __CPROVER_r_ok(bytes.data, bytes.size);
}

static inline bool is_within(struct eg_bytes part, struct eg_bytes whole)
{
	return !part.size || (__CPROVER_same_object(part.data, whole.data) &&
			      part.data >= whole.data &&
			      part.data + part.size <= whole.data + whole.size);
}

#endif /* EG_PROVE_H */
