/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_HIGHMEM_H
#define SHIM_LINUX_HIGHMEM_H

#include <linux/mm.h>

#define memcpy_from_page(to, page, offset, size) \
	memcpy(to, (page)->bytes + (offset), size)

#endif /* SHIM_LINUX_HIGHMEM_H */
