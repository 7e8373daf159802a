/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_BITS_H
#define SHIM_LINUX_BITS_H

#define BIT(n) (1UL << (n))
#define BITS_PER_LONG 64u

#endif /* SHIM_LINUX_BITS_H */
