/* SPDX-License-Identifier: GPL-2.0 */
/* What the fuzzers share: an invariant that does not hold ends the run. */
#ifndef EG_FUZZ_H
#define EG_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "format/format.h"

#define HOLDS(condition)                                              \
	do {                                                          \
		if (!(condition)) {                                   \
			fprintf(stderr, "%s:%d: does not hold: %s\n", \
				__FILE__, __LINE__, #condition);      \
			abort();                                      \
		}                                                     \
	} while (0)

static inline bool is_within(struct eg_bytes part, struct eg_bytes whole)
{
	return !part.size ||
	       (part.data >= whole.data && part.size <= whole.size &&
		(size_t)(part.data - whole.data) <= whole.size - part.size);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#endif /* EG_FUZZ_H */
