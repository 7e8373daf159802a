/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <linux/bitops.h>

#define BITS_TO_LONGS(n) (((n) + BITS_PER_LONG - 1ul) / BITS_PER_LONG)
#define for_each_set_bit(bit, bits, size)        \
	for ((bit) = 0; (bit) < (size); (bit)++) \
		if (test_bit(bit, bits))

#endif /* SHIM_LINUX_BITMAP_H */
