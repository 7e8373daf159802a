/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_UACCESS_H
#define SHIM_LINUX_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

/* Of the memory that the test gave current; the rest is not there. Any context. */
long copy_from_user_nofault(void *to, const void __user *from, size_t size);

static inline long copy_from_kernel_nofault(void *to, const void *from,
					    size_t size)
{
	if (!from)
		return -EFAULT;
	memcpy(to, from, size);
	return 0;
}

#endif /* SHIM_LINUX_UACCESS_H */
