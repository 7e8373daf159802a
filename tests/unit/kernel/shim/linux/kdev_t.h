/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_KDEV_T_H
#define SHIM_LINUX_KDEV_T_H

#define MINORBITS 20
#define MAJOR(dev) ((unsigned int)((dev) >> MINORBITS))
#define MINOR(dev) ((unsigned int)((dev) & ((1U << MINORBITS) - 1)))
#define MKDEV(major, minor) (((major) << MINORBITS) | (minor))

#endif /* SHIM_LINUX_KDEV_T_H */
