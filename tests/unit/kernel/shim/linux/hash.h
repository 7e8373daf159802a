/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_HASH_H
#define SHIM_LINUX_HASH_H

#include <linux/types.h>

static inline u32 hash_ptr(const void *pointer, unsigned int bits)
{
	return (unsigned long)pointer * 0x61c8864680b583ebull >> (64 - bits);
}

#endif /* SHIM_LINUX_HASH_H */
