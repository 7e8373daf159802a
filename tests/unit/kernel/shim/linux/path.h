/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHIM_LINUX_PATH_H
#define SHIM_LINUX_PATH_H

#include <linux/fs.h>

void path_get(const struct path *path);
void path_put(const struct path *path);

#endif /* SHIM_LINUX_PATH_H */
