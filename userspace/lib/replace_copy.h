/* SPDX-License-Identifier: GPL-2.0 */
/* The two halves of a faithful copy: the bytes, and what surrounds them. */
#ifndef EXECGATE_REPLACE_COPY_H
#define EXECGATE_REPLACE_COPY_H

#include "replace.h"

/*
 * Make @to hold the first @size bytes of @from: shared extents where the file
 * system can, else only what is no hole. 0, -errno, or -EINTR when @cancel.
 */
int execgate_replace_copy_bytes(int from, int to, uint64_t size,
				const volatile sig_atomic_t *cancel);

/* Mode, owner, extended attributes and, if @flags say so, times. */
int execgate_replace_copy_attributes(struct execgate_replace *r,
				     unsigned int flags,
				     struct execgate_error *err);

#endif /* EXECGATE_REPLACE_COPY_H */
