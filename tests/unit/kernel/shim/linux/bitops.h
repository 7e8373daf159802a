/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITOPS_H
#define SHIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

static inline bool test_bit(unsigned long n, const unsigned long *bits)
{
	return bits[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned long n, unsigned long *bits)
{
	bits[n / BITS_PER_LONG] |= BIT(n % BITS_PER_LONG);
}

static inline void set_bit(unsigned long n, unsigned long *bits)
{
	__set_bit(n, bits);
}

static inline bool test_and_set_bit(unsigned long n, unsigned long *bits)
{
	bool was = test_bit(n, bits);

	__set_bit(n, bits);
	return was;
}

#endif /* SHIM_LINUX_BITOPS_H */
