/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_MOUNT_H
#define SHIM_LINUX_MOUNT_H

#include <linux/fs.h>

#define MNT_NOSUID 0x01

#endif /* SHIM_LINUX_MOUNT_H */
