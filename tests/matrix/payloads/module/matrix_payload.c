// SPDX-License-Identifier: GPL-2.0
/* The same in the kernel, where that it is there is proof enough. */
#include <linux/module.h>

static int __init matrix_payload_init(void)
{
	return 0;
}

static void __exit matrix_payload_exit(void)
{
}

module_init(matrix_payload_init);
module_exit(matrix_payload_exit);
MODULE_DESCRIPTION("does nothing, where an attacker's would");
MODULE_LICENSE("GPL");
