/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_SECUREBITS_H
#define SHIM_LINUX_SECUREBITS_H

#include <linux/bits.h>

#endif /* SHIM_LINUX_SECUREBITS_H */
